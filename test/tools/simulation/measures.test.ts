import { describe, expect, test } from 'vitest'
import {
  areaUnderCurve,
  brier,
  calibrationError,
  calibrationFloor,
  covered,
  type Forecast,
  median,
  shareOf
} from '../../../tools/simulation/measures.ts'
import { normal, randomFrom } from '../../../tools/simulation/random.ts'

describe('the area under the curve', () => {
  test('is 1 for a score that separates perfectly, and 0 for one that is the wrong way round', () => {
    expect(areaUnderCurve([3, 4, 5], [0, 1, 2])).toBe(1)
    expect(areaUnderCurve([0, 1, 2], [3, 4, 5])).toBe(0)
  })

  test('is a half for a useless score, and for one that is always the same', () => {
    const random = randomFrom(1)
    const draws = () => Array.from({ length: 4000 }, random)
    expect(Math.abs(areaUnderCurve(draws(), draws()) - 0.5)).toBeLessThan(0.02)
    expect(areaUnderCurve([1, 1], [1, 1, 1])).toBe(0.5)
  })

  test('counts pairs, ties by half', () => {
    expect(areaUnderCurve([1, 3], [1, 2])).toBe((0.5 + 0 + 1 + 1) / 4)
  })

  test('of two normals one apart is Φ(1/√2)', () => {
    const random = randomFrom(2)
    const high = Array.from({ length: 5000 }, () => 1 + normal(random))
    const low = Array.from({ length: 5000 }, () => normal(random))
    expect(Math.abs(areaUnderCurve(high, low) - 0.7602)).toBeLessThan(0.02)
  })
})

describe('the calibration error', () => {
  const honest = (count: number, excess = 0): Forecast[] => {
    const random = randomFrom(3, count)
    return Array.from({ length: count }, () => {
      const probability = 0.3 + 0.6 * random()
      return { probability, right: random() < probability - excess }
    })
  }

  test('of an honest forecaster is near its floor, which shrinks with the root of their number', () => {
    const floor = (count: number) => calibrationFloor(randomFrom(4), honest(count))
    expect(calibrationError(honest(4000))).toBeLessThan(2 * floor(4000))
    expect(floor(1000) / floor(16_000)).toBeGreaterThan(3)
    expect(floor(1000) / floor(16_000)).toBeLessThan(5)
    expect(floor(16_000)).toBeLessThan(0.012)
  })

  test('of a forecaster who states 10 points too much is 0.1', () => {
    expect(Math.abs(calibrationError(honest(16_000, 0.1)) - 0.1)).toBeLessThan(0.015)
  })

  test('does not let groups cancel out', () => {
    const forecasts = [
      ...Array.from({ length: 50 }, () => ({ probability: 0.4, right: false })),
      ...Array.from({ length: 50 }, () => ({ probability: 0.6, right: true }))
    ]
    expect(calibrationError(forecasts)).toBeCloseTo(0.4, 12)
    expect(calibrationError(forecasts, 1)).toBeCloseTo(0, 12)
  })

  test('puts everybody into one group each, whatever their number', () => {
    const forecasts = Array.from({ length: 37 }, () => ({ probability: 0.25, right: false }))
    expect(calibrationError(forecasts)).toBeCloseTo(0.25, 12)
  })
})

test('the Brier score is 0 for certainty that is right, 2 where it is wrong, 0.75 for one in four', () => {
  expect(brier([{ first: [1, 0, 0, 0], truth: 0 }])).toBe(0)
  expect(brier([{ first: [1, 0, 0, 0], truth: 1 }])).toBe(2)
  expect(brier([{ first: [0.25, 0.25, 0.25, 0.25], truth: 3 }])).toBe(0.75)
})

test('a range covers what lies in it, its limits included', () => {
  const ranges = [0.1, 0.2, 0.3, 0.4].map((low) => ({ low, high: low + 0.1 }))
  expect(covered([0.15, 0.2, 0.29, 0.6], ranges)).toBe(2)
})

test('shares and medians', () => {
  expect(shareOf([1, 2, 3, 4], (value) => value > 1)).toBe(0.75)
  expect(shareOf([], () => true)).toBeNaN()
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})
