import { describe, expect, test } from 'vitest'
import { drawn, gumbel, normal, randomFrom, shuffled } from '../../../tools/simulation/random.ts'

const manyOf = (draw: () => number, count = 20_000) => Array.from({ length: count }, draw)
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const variance = (values: number[]) => {
  const center = mean(values)
  return mean(values.map((value) => (value - center) ** 2))
}

describe('a stream of random numbers', () => {
  test('is the same for the same key, for ever', () => {
    const random = randomFrom(20261123, 4)
    expect(manyOf(random, 3)).toEqual(manyOf(randomFrom(20261123, 4), 3))
    expect(manyOf(randomFrom(1), 3)).toEqual([0.7228579134680331, 0.36675538308918476, 0.9486489002592862])
  })

  test('differs between keys, however alike or large', () => {
    const keys = [[0], [1], [0, 0], [0, 1], [1, 0], [2 ** 32], [2 ** 32 + 1], [-1], [Number.MAX_SAFE_INTEGER]]
    expect(new Set(keys.map((key) => randomFrom(...key)())).size).toBe(keys.length)
  })

  test('is spread evenly, and neighbouring keys are not related', () => {
    const first = manyOf(randomFrom(7, 1))
    const second = manyOf(randomFrom(7, 2))
    expect(mean(first)).toBeCloseTo(0.5, 1)
    expect(variance(first)).toBeCloseTo(1 / 12, 2)
    expect(Math.abs(mean(first.map((x, i) => (x - 0.5) * (second[i]! - 0.5))))).toBeLessThan(0.003)
  })
})

test('normal numbers have mean 0 and variance 1, Gumbel ones 0.577 and π²/6', () => {
  const random = randomFrom(3)
  const normals = manyOf(() => normal(random))
  expect(Math.abs(mean(normals))).toBeLessThan(0.03)
  expect(Math.abs(variance(normals) - 1)).toBeLessThan(0.05)
  const gumbels = manyOf(() => gumbel(random))
  expect(Math.abs(mean(gumbels) - 0.5772)).toBeLessThan(0.04)
  expect(Math.abs(variance(gumbels) - Math.PI ** 2 / 6)).toBeLessThan(0.1)
})

test('weights are drawn in proportion, and nothing without weight', () => {
  const random = randomFrom(5)
  const draws = manyOf(() => drawn(random, [1, 0, 3]))
  expect(draws).not.toContain(1)
  expect(Math.abs(mean(draws.map((index) => Number(index === 2))) - 0.75)).toBeLessThan(0.02)
})

test('a shuffled list holds every number once', () => {
  const random = randomFrom(9)
  const orders = Array.from({ length: 500 }, () => shuffled(random, 12))
  for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual([...Array(12).keys()])
  expect(new Set(orders.map((order) => order[0])).size).toBe(12)
})
