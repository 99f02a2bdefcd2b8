import { expect, test } from 'vitest'
import { arctan, exp, log } from '../../../src/scoring/numerics/elementary.ts'

const steps = Array.from({ length: 4001 }, (_, i) => i - 2000)

function worstRelativeError(value: (x: number) => number, expected: (x: number) => number, scale: number) {
  const errors = steps.map((i) => Math.abs(value(i * scale) - expected(i * scale)) / expected(i * scale))
  return Math.max(...errors.filter((error) => !Number.isNaN(error)).map(Math.abs))
}

test('agree with the platform to a few units in the last place', () => {
  expect(worstRelativeError(exp, Math.exp, 0.3501)).toBeLessThan(1e-15)
  expect(worstRelativeError(exp, Math.exp, 0.0007)).toBeLessThan(1e-15)
  expect(
    worstRelativeError(
      (x) => log(exp(x)),
      (x) => x,
      0.3501
    )
  ).toBeLessThan(1e-13)
  expect(worstRelativeError(arctan, Math.atan, 0.0007)).toBeLessThan(2e-15)
  expect(worstRelativeError(arctan, Math.atan, 9.7)).toBeLessThan(2e-15)
})

test('exp goes to 0 and to infinity without a gap', () => {
  expect(exp(0)).toBe(1)
  expect(exp(-743.9)).toBeGreaterThan(0)
  expect(exp(-744.1)).toBe(0)
  expect(exp(-1e300)).toBe(0)
  expect(exp(709)).toBeCloseTo(Math.exp(709) / 1, -295)
  expect(exp(710)).toBe(Number.POSITIVE_INFINITY)
  expect(steps.every((i) => Number.isFinite(exp(-700 + i / 40)))).toBe(true)
})

test('log is defined for positive finite numbers only', () => {
  expect(log(1)).toBe(0)
  expect(log(5e-324)).toBeCloseTo(Math.log(5e-324), 12)
  expect(log(1.7e308)).toBeCloseTo(Math.log(1.7e308), 12)
  for (const x of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => log(x)).toThrow(RangeError)
})
