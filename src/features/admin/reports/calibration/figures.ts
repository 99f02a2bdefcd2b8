import { type Archetype, archetypes, type Questionnaire } from '../../../../content/schema.ts'
import type { Calibration } from '../../../../database/stores/calibrations.ts'
import { type Cell, suppressedLine } from '../../../../statistics/suppression.ts'

/** How one statement was found to be. */
export type StatementFigures = {
  statement: string
  /** The id of its set, and its place in it. */
  set: string
  situation: string
  archetype: Archetype
  text: string
  /** Attractiveness in logits: as this version is scored, and as estimated. */
  inUse: number
  logits: number
  /** How often somebody evenly mixed would mark it Most, by the estimate. */
  most: number
}

/** Every statement, set by set. */
export function statementFigures(
  { attractiveness }: Calibration,
  questionnaire: Questionnaire
): StatementFigures[] {
  return questionnaire.blocks.flatMap(({ id: set, situation, statements }) => {
    const worth = statements.map(({ id }) => Math.exp(attractiveness[id]!))
    const all = worth.reduce((sum, value) => sum + value, 0)
    return statements.map(({ id, archetype, text }, index) => ({
      statement: id,
      set,
      situation,
      archetype,
      text,
      inUse: questionnaire.attractiveness?.[id] ?? 0,
      logits: attractiveness[id]!,
      most: worth[index]! / all
    }))
  })
}

/** What the estimate would change in the results of those it was made from; nothing is told of few people. */
export function effectFigures({ effect, people }: Calibration, minimum: number) {
  const told = (count: number): Cell => suppressedLine([count, people - count], minimum)[0]!
  return {
    otherLeading: told(effect.otherLeading),
    otherFirst: told(effect.otherFirst),
    meanChange: effect.meanChange,
    mix: archetypes.map((archetype, a) => ({
      archetype,
      before: effect.before[a as 0],
      after: effect.after[a as 0]
    }))
  }
}
