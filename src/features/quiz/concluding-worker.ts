import { workerData } from 'piscina'
import { loadContent } from '../../content/load.ts'
import { archetypes } from '../../content/schema.ts'
import type { Attempt } from '../../database/attempts.ts'
import { scorer } from '../../scoring/scores.ts'
import type { Token } from '../../web/tokens.ts'
import { concluding } from './concluding.ts'

/** What a thread of `concludingInThreads` does. */
const inThisThread = concluding(loadContent(workerData as string), scorer(archetypes))

export function conclude({ token, attempt }: { token: Token; attempt: Attempt }) {
  return inThisThread(token, attempt)
}
