import { expect, test } from 'vitest'
import { proportion } from '../../src/scoring/numerics/proportion.ts'
import type { Quad } from '../../src/scoring/numerics/quad.ts'
import { BENT, trulyFirst } from '../../src/statistics/truly-first.ts'

const first: Quad = [0.31, 0.19, 0.26, 0.24]
/** Twelve sets that agree, and utilities that are known exactly. */
const alike = Array.from({ length: 12 }, (): Quad => [0.1, -0.1, 0.02, -0.02])
const together = { first, square: 2, variance: 0, net: alike }
const shares = (parts: Partial<typeof together>) =>
  trulyFirst({ ...together, ...parts }, 1000).map(({ share }) => share)

test('where sets agree and nothing is drawn in, it is the mean of P(first)', () => {
  for (const [a, { share, low, high }] of trulyFirst(together, 1000).entries()) {
    const wilson = proportion(1000 * first[a]!, 1000)
    expect(share).toBeCloseTo(first[a]!, 12)
    expect(low).toBeCloseTo(wilson.low - BENT, 12)
    expect(high).toBeCloseTo(wilson.high + BENT, 12)
  }
})

test('one set unlike the others does not count, and takes with it what it did to the mean', () => {
  const bent = alike.with(5, [0.58, -0.26, -0.14, -0.18])
  const [one, ...others] = shares({ net: bent }).map((share, a) => share - first[a]!)
  expect(one).toBeCloseTo(-0.48 / 12, 12)
  expect(others.every((change) => change > 0)).toBe(true)
  expect(shares({ net: bent }).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
})

test('half of the distance from a quarter comes back where half of it was lost, and ranges grow as much', () => {
  expect(shares({ variance: 2 })).toEqual([0.37, 0.13, 0.27, 0.23].map((share) => expect.closeTo(share, 12)))
  const widthOf = (variance: number) => {
    const { low, high } = trulyFirst({ ...together, first: [0.25, 0.25, 0.25, 0.25], variance }, 1000)[0]!
    return high - low - 2 * BENT
  }
  expect(widthOf(2)).toBeCloseTo(2 * widthOf(0), 12)
})

test('people of whom nothing is known come out equal', () => {
  const even: Quad = [0.25, 0.25, 0.25, 0.25]
  expect(shares({ first: even, square: 0, variance: 1 })).toEqual(even)
})

test('no share is below nothing or above all', () => {
  const all = trulyFirst({ ...together, first: [0.9, 0.05, 0.05, 0], variance: 2 }, 1000)
  for (const { share, low, high } of all) {
    expect(low).toBeGreaterThanOrEqual(0)
    expect(low).toBeLessThanOrEqual(share)
    expect(share).toBeLessThanOrEqual(high)
    expect(high).toBeLessThanOrEqual(1)
  }
  expect(all.map(({ share }) => share)).toEqual([1, 0, 0, 0])
})
