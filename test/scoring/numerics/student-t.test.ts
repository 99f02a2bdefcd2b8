import { expect, test } from 'vitest'
import { studentCdf, studentQuantile } from '../../../src/scoring/numerics/student-t.ts'

test.each([
  // degrees of freedom, P(T ≤ t), t: the tables of Abramowitz & Stegun 26.10
  [1, 0.75, 1],
  [1, 0.9, 3.078],
  [2, 0.9, 1.886],
  [8, 0.95, 1.86],
  [9, 0.99, 2.821],
  [14, 0.9, 1.345],
  [15, 0.9, 1.341],
  [15, 0.9995, 4.073]
])('with %i degrees of freedom, P(T ≤ t) is %f at t = %f', (df, p, t) => {
  expect(studentQuantile(p, df)).toBeCloseTo(t, 3)
  expect(studentCdf(t, df)).toBeCloseTo(p, 3)
})

test('the 90 % point with 15 degrees of freedom is 1.340606', () => {
  expect(studentQuantile(0.9, 15)).toBeCloseTo(1.340606, 6)
})

test('the distribution is symmetric and reaches 0 and 1', () => {
  expect(studentCdf(0, 15)).toBe(0.5)
  expect(studentCdf(-1.7, 15)).toBeCloseTo(1 - studentCdf(1.7, 15), 14)
  expect(studentCdf(500, 15)).toBeCloseTo(1, 14)
})

test('degrees of freedom are whole numbers from 1', () => {
  expect(() => studentCdf(1, 0)).toThrow(RangeError)
  expect(() => studentCdf(1, 2.5)).toThrow(RangeError)
})
