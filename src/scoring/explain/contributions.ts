import { gaussLegendre } from '../numerics/gauss-legendre.ts'
import { emptyColumn, orthantNodes } from '../numerics/orthant-nodes.ts'
import type { Quad } from '../numerics/quad.ts'
import { type Answer, answerColumns, answersOf } from '../profile/answer-columns.ts'
import { byProbability } from '../profile/leading.ts'
import { likelihoodAt } from '../profile/likelihood.ts'
import { posteriorAt, SCALE_MIXTURE } from '../profile/posterior.ts'
import { type Profile, sharesAt } from '../profile/profile.ts'
import type { Response } from '../profile/response.ts'

/** Why one archetype is ahead of another. */
export type Contributions = {
  /** The one ahead and the other, by their indices. */
  first: number
  second: number
  /** Share of the first minus share of the second; negative by no more than the last bits. */
  difference: number
  /** What each block adds to the difference, in shares; negative = it speaks for the second; null = not answered. */
  blocks: (number | null)[]
  /** The same for each duel. */
  duels: number[]
}

/** Points on the way from no answers to all answers: with more, the nodes would still miss as much. */
const STEPS = 7
/** Shares that differ by less are equal but for the last bits of their computation. */
const LEVEL = 1e-9
/** Coarser than the engine's nodes, which is exact enough for what is shown to a tenth of a point. */
const PER_AXIS = 16
const REACH = 12

/**
 * Returns a function that divides the lead of an archetype among the answers, so that the parts add up to it.
 *
 * All answers are brought in together, at the same pace: at time t from 0 to 1, the posterior is prior ×
 * likelihood^t. Then
 *
 *     d/dt E_t[share_first − share_second] = Σ over answers of Cov_t(log P(answer), share_first − share_second)
 *
 * and an answer's contribution is the integral of its term: the value of Aumann & Shapley (1974) for the game
 * whose players are the answers. Equal answers contribute equally, and without answers there is no difference.
 * What the integration misses of the whole, below 0.001, is divided evenly.
 *
 * The two archetypes are the two likeliest first; the one with the higher share counts as ahead.
 *
 * @param attractiveness the same that the profile was computed with
 */
export function contributionsFinder(attractiveness?: readonly Quad[]) {
  const nodes = orthantNodes(PER_AXIS, REACH)
  const posterior = posteriorAt(nodes, SCALE_MIXTURE)
  const addLogLikelihood = likelihoodAt(nodes, attractiveness)
  const columnsOf = answerColumns(addLogLikelihood, nodes.count, !attractiveness)
  const { share } = sharesAt(nodes)
  const rule = gaussLegendre(STEPS)
  const slope = emptyColumn(nodes.count)

  return (response: Response, profile: Pick<Profile, 'first' | 'share'>): Contributions => {
    const [one, other] = byProbability(profile.first)
    const [first, second] = profile.share[one] >= profile.share[other] - LEVEL ? [one, other] : [other, one]
    const columnOf = columnsOf()
    const answers = answersOf(response)
    const total = new Map(answers.map((answer) => [columnOf(answer), 0]))

    for (const [step, t] of rule.nodes.entries()) {
      const { size, node, probability } = posterior((logs) =>
        addLogLikelihood(logs, [{ ...response, weight: t }])
      )
      let mean = 0
      for (let i = 0; i < size; i++) {
        slope[i] = share[first][node[i]!]! - share[second][node[i]!]!
        mean += probability[i]! * slope[i]!
      }
      for (let i = 0; i < size; i++) slope[i] = probability[i]! * (slope[i]! - mean)
      for (const [column, sum] of total) {
        let covariance = 0
        for (let i = 0; i < size; i++) covariance += slope[i]! * column[node[i]!]!
        total.set(column, sum + rule.weights[step]! * covariance)
      }
    }

    const difference = profile.share[first] - profile.share[second]
    const sum = answers.reduce((sum, answer) => sum + total.get(columnOf(answer))!, 0)
    const missing = (difference - sum) / answers.length
    const partOf = (answer: Answer) => total.get(columnOf(answer))! + missing
    return {
      first,
      second,
      difference,
      blocks: response.choices.map((choice, block) => choice && partOf({ block, choice })),
      duels: (response.duels ?? []).map(({ winner, loser }, duel) => partOf({ duel, winner, loser }))
    }
  }
}
