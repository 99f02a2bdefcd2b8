import { workerData } from 'piscina'
import { loadContent } from '../content/load.ts'
import { archetypes } from '../content/schema.ts'
import type { Attempt } from '../database/stores/attempts.ts'
import { scorer } from '../scoring/scores.ts'
import { concluding } from './scoring-pool.ts'
import type { Token } from './tokens.ts'

/** What a thread of `concludingInThreads` does. */
const inThisThread = concluding(loadContent(workerData as string), scorer(archetypes))

export function conclude({ token, attempt }: { token: Token; attempt: Attempt }) {
  return inThisThread(token, attempt)
}
