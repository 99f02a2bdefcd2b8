import { expect, test } from 'vitest'
import { proportion } from '../../../src/scoring/numerics/proportion.ts'

test('a share comes with its Wilson interval', () => {
  // 25 of 100 at 95 %: Wilson's own formula gives 0.1754 to 0.3430
  const { share, low, high } = proportion(25, 100)
  expect(share).toBe(0.25)
  expect(low).toBeCloseTo(0.1754, 3)
  expect(high).toBeCloseTo(0.343, 3)
})

test('none and all are not certain', () => {
  expect(proportion(0, 10)).toMatchObject({ share: 0, low: 0 })
  expect(proportion(0, 10).high).toBeCloseTo(0.2775, 3)
  expect(proportion(10, 10).low).toBeCloseTo(0.7225, 3)
  expect(proportion(10, 10).high).toBe(1)
})

test('of nobody, anything is possible', () => {
  expect(proportion(0, 0)).toEqual({ share: 0, low: 0, high: 1 })
})
