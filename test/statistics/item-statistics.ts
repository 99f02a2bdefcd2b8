import { proportion } from '../../src/scoring/numerics/proportion.ts'
import { ARCHETYPE_INDICES, type Four, four } from '../../src/scoring/numerics/quad.ts'
import type { Profile } from '../../src/scoring/profile/profile.ts'
import type { Choice, Response } from '../../src/scoring/profile/response.ts'
import { flagsOf, type ItemStatistics } from '../../src/statistics/item-statistics.ts'

// What src/tallies finds from sums, computed from the answers themselves.

/**
 * Statistics of every statement: result[block][archetype].
 * Pass valid responses to one questionnaire version only.
 *
 * @param blocks number of blocks in the questionnaire
 */
export function itemStatistics(responses: readonly Response[], blocks: number): Four<ItemStatistics>[] {
  const nets = responses.map(({ choices }) => four((a) => sum(choices.map((choice) => score(choice, a)))))
  return Array.from({ length: blocks }, (_, block) => {
    const marks = responses.flatMap(({ choices }, taker): Mark[] => {
      const choice = choices[block] ?? null
      return choice === null ? [] : [{ choice, rest: four((a) => nets[taker]![a] - score(choice, a)) }]
    })
    return four((archetype) => statementStatistics(marks, archetype))
  })
}

/** How one taker answered a block, and their net count of each archetype in the other blocks. */
type Mark = { choice: Choice; rest: Four<number> }

function statementStatistics(marks: readonly Mark[], archetype: number): ItemStatistics {
  const scores = marks.map(({ choice }) => score(choice, archetype))
  const correlations = ARCHETYPE_INDICES.map((a) => ({
    archetype: a,
    r: correlation(
      scores,
      marks.map(({ rest }) => rest[a])
    )
  }))
  const statistics = {
    answered: marks.length,
    most: proportion(scores.filter((value) => value === 1).length, marks.length),
    least: proportion(
      scores.filter((value) => value === -1).length,
      marks.filter(({ choice }) => choice.least !== null).length
    ),
    itemRest: correlations[archetype]!.r,
    bestOther: highest(correlations.filter((other) => other.archetype !== archetype))
  }
  return { ...statistics, flags: flagsOf(statistics) }
}

/**
 * Empirical reliability of the utilities: Var(û) / (Var(û) + mean posterior variance), over all archetypes.
 * Wants some 100 profiles; null for fewer than two.
 */
export function empiricalReliability(profiles: readonly Profile[]): number | null {
  if (profiles.length < 2) return null
  const explained = sum(ARCHETYPE_INDICES.map((a) => variance(profiles.map(({ utility }) => utility[a]))))
  const uncertain = sum(ARCHETYPE_INDICES.map((a) => mean(profiles.map((profile) => profile.variance[a]))))
  return explained / (explained + uncertain)
}

/** +1 for MOST, −1 for LEAST, 0 otherwise. */
function score(choice: Choice | null, archetype: number): number {
  return choice?.most === archetype ? 1 : choice?.least === archetype ? -1 : 0
}

function highest(correlations: { archetype: number; r: number | null }[]): ItemStatistics['bestOther'] {
  return correlations.reduce<ItemStatistics['bestOther']>(
    (best, { archetype, r }) => (r !== null && (best === null || r > best.r) ? { archetype, r } : best),
    null
  )
}

/** Pearson's r, or null where one side does not vary. */
function correlation(x: readonly number[], y: readonly number[]): number | null {
  const [meanX, meanY] = [mean(x), mean(y)]
  const covariance = sum(x.map((value, i) => (value - meanX) * (y[i]! - meanY)))
  const scale = Math.sqrt(
    sum(x.map((value) => (value - meanX) ** 2)) * sum(y.map((value) => (value - meanY) ** 2))
  )
  return scale > 0 ? covariance / scale : null
}

function variance(values: readonly number[]): number {
  const center = mean(values)
  return sum(values.map((value) => (value - center) ** 2)) / (values.length - 1)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
