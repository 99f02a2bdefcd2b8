import { type PathFigures, pathFigures, type Side } from '../path.ts'
import { randomFrom } from '../random.ts'
import { type ClickerFigures, clickerFigures, type RowFigures, rowFigures } from './figures.ts'
import { CROWDS, type CrowdFigures, crowdFigures } from './mix.ts'
import { CONDITIONS, type Settings, STREAMS, type Step, stepsOf } from './plan.ts'
import type { StepResult } from './step.ts'

/** Everything that the report says. */
export type Simulation = {
  settings: Settings
  rows: RowFigures[]
  clickers: ClickerFigures
  crowds: CrowdFigures[]
  /** The path items as they are, and the same people with management on the right of every item. */
  path: { asWritten: PathFigures; allOneWay: PathFigures }
}

/** Does the steps, in whatever order, and returns what they found in the order of the steps. */
export type Run = (steps: readonly Step[]) => Promise<StepResult[]>

/**
 * Runs every step and sums up.
 * @param sides on which side of each path item management stands
 */
export async function simulate(settings: Settings, sides: readonly Side[], run: Run): Promise<Simulation> {
  const { seed, takers } = settings
  const steps = stepsOf(settings)
  const results = await run(steps)
  const resultsOf = (row: Step['row']) => results.filter((_, i) => steps[i]!.row === row)
  const clickers = resultsOf('clickers').flatMap((result) => result.clickers)
  const crowds = resultsOf('crowds').flatMap((result) => result.crowds)
  const pathOf = (sides: readonly Side[]) => pathFigures(randomFrom(seed, STREAMS.path), sides, takers)
  return {
    settings,
    rows: CONDITIONS.map((condition, row) => {
      const attempts = resultsOf(row).flatMap((result) => result.attempts)
      return rowFigures(randomFrom(seed, STREAMS.floor, row), condition, attempts, clickers)
    }),
    clickers: clickerFigures(clickers),
    crowds: CROWDS.map((crowd, kind) =>
      crowdFigures(
        crowd,
        crowds.filter((_, part) => part % CROWDS.length === kind)
      )
    ),
    path: { asWritten: pathOf(sides), allOneWay: pathOf(sides.map(() => 'right')) }
  }
}
