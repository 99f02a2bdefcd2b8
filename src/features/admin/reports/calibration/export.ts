import type { Questionnaire } from '../../../../content/schema.ts'
import type { Calibration } from '../../../../database/stores/calibrations.ts'
import { about } from '../../../../statistics/counts.ts'
import type { Cell } from '../../../../statistics/suppression.ts'
import { printed } from '../cells.ts'
import type { Field } from '../csv.ts'
import { effectFigures, statementFigures } from './figures.ts'

type Found = { last: Calibration | null; questionnaire: Questionnaire; minimum: number }

/** The page's figures for programs: shares from 0 to 1, and attractiveness in logits. */
export function calibrationExport({ last, questionnaire, minimum }: Found) {
  const { version } = questionnaire
  if (!last) return { questionnaire: version, estimatedOn: null, statements: [] }
  const effect = effectFigures(last, minimum)
  const share = (cell: Cell) =>
    cell.kind === 'shown' ? four(cell.count / last.people) : printed(cell, minimum)
  return {
    questionnaire: version,
    estimatedOn: last.estimatedOn,
    people: about(last.people),
    available: about(last.available),
    gain: four(last.gain),
    isWorthANewVersion: last.ship,
    effect: {
      otherLeading: share(effect.otherLeading),
      otherFirst: share(effect.otherFirst),
      meanChange: four(effect.meanChange),
      mix: effect.mix.map(({ archetype, before, after }) => ({
        archetype,
        before: four(before),
        after: four(after)
      }))
    },
    statements: statementFigures(last, questionnaire).map(({ situation: _, most, ...statement }) => ({
      ...statement,
      most: four(most)
    }))
  }
}

/** The statements as rows, the first of them with the names of the columns. */
export function calibrationTable(statements: ReturnType<typeof calibrationExport>['statements']): Field[][] {
  return [
    ['statement', 'set', 'archetype', 'text', 'inUse', 'logits', 'most'],
    ...statements.map(({ statement, set, archetype, text, inUse, logits, most }) => [
      statement,
      set,
      archetype,
      text,
      inUse,
      logits,
      most
    ])
  ]
}

function four(value: number): number {
  return Math.round(10_000 * value) / 10_000
}
