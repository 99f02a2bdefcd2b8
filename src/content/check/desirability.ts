import { type Judged, judged, type Ratings, ratingOf } from '../ratings.ts'
import { archetypes, type Questionnaire } from '../schema.ts'
import type { Finding } from './finding.ts'

/** Fewer judges than this say too little. */
export const enoughJudges = 5

/** The largest attractiveness d, in logits, that a statement should have within its block. */
const target = 0.4

/**
 * Standard deviation of the noise in the scoring model: the logit model is one in which each statement's utility
 * has a standard Gumbel error, with variance π²/6.
 */
const gumbelDeviation = Math.PI / Math.sqrt(6)

/** Ratings are whole numbers, so they are at least as uncertain as rounding makes them. */
const leastDeviation = 1 / Math.sqrt(12)

/** Chance explains a difference up to this many standard errors in 19 of 20 statements. */
const beyondChance = 1.645

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

export type Desirability = ReturnType<typeof desirabilityOf>

/** Who has rated every statement as it now reads, how many have only begun, and what their ratings show. */
export function desirabilityOf(questionnaire: Questionnaire, ratings: Ratings) {
  const statements = questionnaire.blocks.flatMap((block) => block.statements)
  const everyone = Object.keys(ratings)
  const judges = everyone.filter((judge) =>
    statements.every((statement) => ratingOf(ratings, judge, statement))
  )
  const begun = everyone.length - judges.length
  if (judges.length < enoughJudges) return { judges: judges.length, begun, warnings: [] }
  return {
    judges: judges.length,
    begun,
    warnings: judged.flatMap((question) => unequal(questionnaire, ratings, judges, question))
  }
}

/**
 * Statements, and archetypes, that judges rate so differently that it would show in the choices of takers.
 *
 * Ratings become logits through what both scales have in common, the noise of one judgement of one statement. A
 * rating is judge + statement + error, with error deviation σ; what the model calls the utility of a statement for a
 * taker has a Gumbel error with deviation π/√6. One σ of ratings is therefore worth π/√6 = 1.28 logits, and
 *
 *     d = (π/√6) (mean rating − mean rating of its block) / σ,   SE(d) = (π/√6) √(3/4 / judges)
 *
 * since only differences within a block reach the scores. σ² is the mean square that is left when the judges' and
 * the statements' means are taken out (a judge who finds everything good says nothing about one statement). An
 * archetype's mean over B blocks has the target 0.4/√B, which is what independent d of size 0.4 would leave.
 */
function unequal(
  { version, blocks }: Questionnaire,
  ratings: Ratings,
  judges: string[],
  question: Judged
): Finding[] {
  const file = `questionnaires/${version}/blocks.yaml`
  const rated = blocks.map(({ statements }) =>
    statements.map((statement) => judges.map((judge) => ratings[judge]![statement.id]![question]))
  )
  const logitsPerPoint = gumbelDeviation / Math.max(leastDeviation, errorDeviation(rated.flat()))
  const error = gumbelDeviation * Math.sqrt(0.75 / judges.length)
  const attractiveness = rated.map((block) =>
    block.map((values) => (mean(values) - mean(block.flat())) * logitsPerPoint)
  )
  const said =
    question === 'good' ? ['sounds better', 'sounds worse'] : ['is more familiar', 'is less familiar']
  const compared = (d: number, error: number) =>
    `d = ${d.toFixed(1)} ± ${error.toFixed(1)} logits, by ${judges.length} judges`

  return [
    ...blocks.flatMap(({ statements }, b) =>
      statements.flatMap(({ id }, s) => {
        const d = attractiveness[b]![s]!
        const reason = `“${id}” ${said[d > 0 ? 0 : 1]} than the others of its block: ${compared(d, error)}`
        return Math.abs(d) - beyondChance * error > target
          ? [{ file, path: [b, 'statements', s], reason }]
          : []
      })
    ),
    ...archetypes.flatMap((archetype) => {
      const perBlock = blocks.map(
        ({ statements }, b) =>
          attractiveness[b]![statements.findIndex((statement) => statement.archetype === archetype)]!
      )
      const d = mean(perBlock)
      const errorOfMean = error / Math.sqrt(blocks.length)
      const reason = `${archetype} ${said[d > 0 ? 0 : 1]} than the others on the whole: ${compared(d, errorOfMean)}`
      const limit = target / Math.sqrt(blocks.length)
      return Math.abs(d) - beyondChance * errorOfMean > limit ? [{ file, path: [], reason }] : []
    })
  ]
}

/** Standard deviation of the ratings without the judges' and the statements' means; one row per statement. */
function errorDeviation(rows: number[][]): number {
  const judges = rows[0]!.map((_, judge) => mean(rows.map((row) => row[judge]!)))
  const all = mean(judges)
  const squares = rows.flatMap((row) =>
    row.map((value, judge) => (value - judges[judge]! - mean(row) + all) ** 2)
  )
  const freedom = (rows.length - 1) * (judges.length - 1)
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / freedom)
}
