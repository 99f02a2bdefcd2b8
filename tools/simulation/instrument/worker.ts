import { profileEngine } from '../../../src/scoring/profile/profile.ts'
import type { Response } from '../../../src/scoring/profile/response.ts'
import type { Step } from './plan.ts'
import { runStep, type StepResult } from './step.ts'

/** A finished step, and how long each of its scores took. */
export type Finished = { result: StepResult; microseconds: Float64Array }

const engine = profileEngine()

process.on('message', (step: Step) => {
  const microseconds: number[] = []
  const result = runStep(step, (response: Response) => {
    const start = performance.now()
    const profile = engine.score(response)
    microseconds.push(1000 * (performance.now() - start))
    return profile
  })
  const finished: Finished = { result, microseconds: Float64Array.from(microseconds) }
  process.send!(finished, undefined, undefined, leaveUnlessSent)
})
process.on('disconnect', () => process.exit())

/** Without the process that wants the results there is nothing to do. */
function leaveUnlessSent(error: Error | null): void {
  if (error) process.exit()
}
