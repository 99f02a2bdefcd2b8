import { exp } from '../numerics/elementary.ts'
import { add, inverse, type Matrix, multiply } from '../numerics/matrix.ts'
import { type Column, emptyColumn, type Nodes } from '../numerics/orthant-nodes.ts'
import { ARCHETYPE_INDICES, type Four, four, type Quad } from '../numerics/quad.ts'
import type { Choice } from '../profile/response.ts'

/**
 * Of one block, the expected number of takers at every node who gave each answer: columns[answerIndex][node].
 */
export type ExpectedAnswers = readonly Column[]

/** Prior spread τ of d: authors try to write equally attractive statements, and mostly succeed. */
const TAU = 0.6

/** A column for every answer, at zero. */
export function noAnswersYet(nodes: Nodes): ExpectedAnswers {
  return Array.from({ length: 16 }, () => emptyColumn(nodes.count))
}

/** Column of an answer; the diagonal holds MOST with LEAST skipped. */
export function answerIndex({ most, least }: Choice): number {
  return 4 * most + (least ?? most)
}

/**
 * One Newton step of the attractiveness d towards the most probable values, given the takers' expected
 * positions: the M-step of Bock & Aitkin (1981).
 *
 * Every block has a gradient g and a curvature M of log-likelihood − |d|²/(2τ²). Steps M⁻¹(g − λ) share the
 * multiplier λ for which every archetype's steps add to zero over the blocks: an archetype's mean d cannot be
 * told from a population that really leans that way, and must not swallow it.
 */
export function attractivenessStep(
  nodes: Nodes,
  attractiveness: readonly Quad[],
  answers: readonly ExpectedAnswers[]
): Quad[] {
  const worth = four((a) => nodes.utility[a].map(exp))
  const blocks = attractiveness.map((d, block) => {
    const { gradient, curvature } = slopeAndCurvature(worth, d, answers[block]!)
    return { d, gradient, covariance: inverse(curvature) }
  })
  const free = blocks.map(({ gradient, covariance }) => multiply(covariance, gradient))
  const drift = four((a) => free.reduce((sum, step) => sum + step[a]!, 0))
  const total = blocks.map(({ covariance }) => covariance).reduce(add)
  const multiplier = multiply(inverse(total), drift)
  return blocks.map(({ d, gradient, covariance }) => {
    const step = multiply(
      covariance,
      gradient.map((slope, a) => slope - multiplier[a]!)
    )
    return four((a) => d[a] + step[a]!)
  })
}

/**
 * Gradient and negative Hessian of the penalised expected log-likelihood of one block.
 *
 * @param worth e^u of every archetype at every node
 */
function slopeAndCurvature(worth: Four<Column>, d: Quad, answers: ExpectedAnswers) {
  const gradient = d.map((value) => -value / TAU ** 2)
  const curvature = d.map((_, a) => d.map((_, b) => (a === b ? 1 / TAU ** 2 : 0)))
  const attraction = four((a) => exp(d[a]))
  const v = [0, 0, 0, 0]
  const weight = [0, 0, 0, 0]

  /** A choice made `times` over, with probabilities in proportion to the weights, adds its multinomial information. */
  function addChoice(times: number, sign: number): void {
    const total = weight[0]! + weight[1]! + weight[2]! + weight[3]!
    for (const a of ARCHETYPE_INDICES) {
      const expected = (times * weight[a]!) / total
      const row = curvature[a]!
      gradient[a]! -= sign * expected
      row[a]! += expected
      for (const b of ARCHETYPE_INDICES) row[b]! -= (expected * weight[b]!) / total
    }
  }

  for (let r = 0; r < worth[0].length; r++) {
    for (const a of ARCHETYPE_INDICES) v[a] = attraction[a] * worth[a][r]!
    let takers = 0
    for (const most of ARCHETYPE_INDICES) {
      let leastMarked = 0
      for (const least of ARCHETYPE_INDICES) {
        const times = answers[4 * most + least]![r]!
        takers += times
        gradient[most]! += times
        if (least === most) continue
        leastMarked += times
        gradient[least]! -= times
      }
      if (leastMarked === 0) continue
      for (const a of ARCHETYPE_INDICES) weight[a] = a === most ? 0 : 1 / v[a]!
      addChoice(leastMarked, -1)
    }
    if (takers === 0) continue
    for (const a of ARCHETYPE_INDICES) weight[a] = v[a]!
    addChoice(takers, 1)
  }
  return { gradient, curvature: curvature as Matrix }
}
