import { expect, test } from 'vitest'
import { normalCdf } from '../../../src/scoring/numerics/normal.ts'

test.each([
  // Abramowitz & Stegun, table 26.1
  [0, 0.5],
  [0.5, 0.69146246],
  [1, 0.84134475],
  [1.959964, 0.975],
  [3, 0.9986501],
  [-1, 0.15865525],
  [-2.5, 0.00620967]
])('the distribution function of the standard normal at %f is %f', (x, p) => {
  expect(normalCdf(x)).toBeCloseTo(p, 7)
})

test('it rises from 0 to 1', () => {
  expect(normalCdf(-40)).toBe(0)
  expect(normalCdf(40)).toBe(1)
  expect(normalCdf(-7.99)).toBeGreaterThanOrEqual(0)
  expect(normalCdf(7.99)).toBeLessThanOrEqual(1)
})
