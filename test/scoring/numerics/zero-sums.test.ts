import { expect, test } from 'vitest'
import { roundedToZeroSums } from '../../../src/scoring/numerics/zero-sums.ts'
import { attractivenessOf, seeded } from '../takers.ts'

test('rounding to hundredths leaves every sum at zero, and no value more than two hundredths off', () => {
  const random = seeded(1)
  let mended = 0
  for (let questionnaire = 0; questionnaire < 500; questionnaire++) {
    const values = attractivenessOf(random, 12, 0.4)
    const rounded = roundedToZeroSums(values)
    const hundredths = rounded.map((d) => d.map((value) => Math.round(100 * value)))
    for (const d of hundredths) expect(d.reduce((sum, value) => sum + value)).toBe(0)
    for (const a of [0, 1, 2, 3]) expect(hundredths.reduce((sum, d) => sum + d[a]!, 0)).toBe(0)
    for (const [block, d] of rounded.entries()) {
      for (const [a, value] of d.entries()) {
        expect(value * 100).toBeCloseTo(hundredths[block]![a]!, 9)
        expect(Math.abs(value - values[block]![a]!)).toBeLessThan(0.02)
        if (hundredths[block]![a] !== Math.round(100 * values[block]![a]!)) mended++
      }
    }
  }
  expect(mended).toBeGreaterThan(500)
})

test('what is rounded already stays as it is', () => {
  const values = [
    [0.25, -0.25, 0, 0],
    [-0.25, 0.25, 0.01, -0.01],
    [0, 0, -0.01, 0.01]
  ] as const
  expect(roundedToZeroSums(values)).toEqual(values)
})
