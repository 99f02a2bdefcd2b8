import { availableParallelism } from 'node:os'
import type { Piscina } from 'piscina'
import { type Content, questionnaireOf } from '../content/load.ts'
import type { Attempt } from '../database/stores/attempts.ts'
import type { NewResult } from '../database/stores/results.ts'
import type { Scorer } from '../scoring/scores.ts'
import { Unavailable } from '../web/http/errors.ts'
import { draftOf, finish } from './finish.ts'
import type { Token } from './tokens.ts'

/** Makes the result of an attempt, or null if something is not answered yet. */
export type Conclude = (token: Token, attempt: Attempt) => Promise<NewResult | null>

/** Makes results one after the other, while nothing else is done. */
export function concluding(content: Content, scorer: Scorer): Conclude {
  return async (token, attempt) =>
    finish(draftOf(token, attempt, questionnaireOf(content, attempt.questionnaireVersion)), scorer)
}

/** How many wait for a thread at most: the last of them about a second. */
const bound = 150

/**
 * Makes results in threads, as the reasons of one take 5 to 10 ms, in which pages could be sent. A thread ends when
 * nobody has finished the quiz for a while.
 */
export function concludingInThreads(contentDirectory: string): {
  conclude: Conclude
  close(): Promise<void>
} {
  let threads: Promise<Piscina> | undefined

  /** Loaded when somebody first finishes: most starts of the service are not about that. */
  async function start(): Promise<Piscina> {
    const { Piscina } = await import('piscina')
    return new Piscina({
      filename: new URL('./scoring-worker.js', import.meta.url).href,
      workerData: contentDirectory,
      minThreads: 0,
      maxThreads: Math.min(2, availableParallelism()),
      idleTimeout: 30_000,
      maxQueue: bound
    })
  }

  return {
    async conclude(token, attempt) {
      threads ??= start()
      const pool = await threads
      if (pool.queueSize >= bound) throw new Unavailable()
      return pool.run({ token, attempt }, { name: 'conclude' })
    },
    async close() {
      await (await threads)?.destroy()
    }
  }
}
