import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Step } from './plan.ts'
import type { Finished } from './worker.ts'

const MOST_WORKERS = 8

/**
 * Does the steps on all processors, and returns what they found in the order of the steps. The workers are
 * processes, because threads of Node 20 cannot run TypeScript.
 * @param onFinished is told after every step how many are done
 */
export async function runInWorkers(
  steps: readonly Step[],
  onFinished: (done: number) => void
): Promise<Finished[]> {
  const finished: Finished[] = []
  const waiting = [...steps.entries()]
  let done = 0

  /** Gives a worker one step after the other until none is left. */
  function keepBusy(worker: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const next = () => {
        const step = waiting.shift()
        if (step === undefined) return resolve()
        worker.once('message', (result: Finished) => {
          finished[step[0]] = result
          done += 1
          onFinished(done)
          next()
        })
        worker.send(step[1])
      }
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('A worker ended before its work was done')))
      next()
    })
  }

  const count = Math.min(availableParallelism(), MOST_WORKERS, steps.length)
  const workers = Array.from({ length: count }, () =>
    fork(new URL('./worker.ts', import.meta.url), { serialization: 'advanced' })
  )
  try {
    await Promise.all(workers.map(keepBusy))
  } finally {
    for (const worker of workers) worker.kill()
  }
  return finished
}
