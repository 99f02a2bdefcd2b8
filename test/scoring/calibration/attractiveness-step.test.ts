import { expect, test } from 'vitest'
import {
  answerIndex,
  attractivenessStep,
  noAnswersYet
} from '../../../src/scoring/calibration/attractiveness-step.ts'
import { orthantNodes } from '../../../src/scoring/numerics/orthant-nodes.ts'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'

const nodes = orthantNodes(2, 6)
const flattering: Quad[] = [
  [0.5, -0.5, 0.2, -0.2],
  [-0.5, 0.5, -0.2, 0.2]
]

test('without answers only the prior speaks, and it says 0', () => {
  const step = attractivenessStep(nodes, flattering, [noAnswersYet(nodes), noAnswersYet(nodes)])
  for (const value of step.flat()) expect(value).toBeCloseTo(0, 12)
})

test('repeated steps settle where the slope of likelihood and prior is 0', () => {
  const answers = [noAnswersYet(nodes), noAnswersYet(nodes)]
  answers[0]![answerIndex({ most: 0, least: 1 })]!.fill(1)
  answers[0]![answerIndex({ most: 2, least: null })]!.fill(0.5)
  answers[1]![answerIndex({ most: 3, least: 2 })]!.fill(0.7)

  /** Expected log-likelihood of both blocks, less |d|²/(2 · 0.6²), written out from the model. */
  const objective = (d: readonly Quad[]) => {
    let sum = -d.flat().reduce((total, value) => total + value * value, 0) / (2 * 0.36)
    for (let r = 0; r < nodes.count; r++) {
      const [v, w] = d.map((quad) => quad.map((value, a) => Math.exp(value + nodes.utility[a]![r]!))) as [
        number[],
        number[]
      ]
      const share = (values: number[], a: number) =>
        values[a]! / values.reduce((total, value) => total + value, 0)
      sum += Math.log(share(v, 0)) + Math.log(share([0, 1 / v[1]!, 1 / v[2]!, 1 / v[3]!], 1))
      sum += 0.5 * Math.log(share(v, 2))
      sum += 0.7 * (Math.log(share(w, 3)) + Math.log(share([1 / w[0]!, 1 / w[1]!, 1 / w[2]!, 0], 2)))
    }
    return sum
  }

  let d = flattering
  for (let round = 0; round < 30; round++) d = attractivenessStep(nodes, d, answers)
  const best = objective(d)
  for (const [a, b] of [
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 0]
  ] as const) {
    for (const nudge of [-0.01, 0.01]) {
      // The smallest move that keeps both sums at 0: up in one block, down in the other.
      const move = (sign: number) => (value: number, i: number) =>
        value + sign * (i === a ? nudge : i === b ? -nudge : 0)
      expect(objective([d[0]!.map(move(1)), d[1]!.map(move(-1))] as unknown as Quad[])).toBeLessThan(best)
    }
  }
})
