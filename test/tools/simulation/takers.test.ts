import { describe, expect, test } from 'vitest'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import { firstByCounts, firstByPicks } from '../../../tools/simulation/instrument/formats.ts'
import { randomFrom } from '../../../tools/simulation/random.ts'
import {
  clicks,
  duelsOf,
  type Marking,
  marksOf,
  questionnaire,
  taker,
  trueFirst,
  trueShares
} from '../../../tools/simulation/takers.ts'

const SETS = 4000
const flat: Quad[] = Array.from({ length: SETS }, () => [0, 0, 0, 0])
const share = <T>(values: readonly T[], holds: (value: T) => boolean) =>
  values.filter(holds).length / values.length

describe('a made-up taker', () => {
  test('has utilities of the given spread that add to zero', () => {
    const random = randomFrom(1)
    const takers = Array.from({ length: 4000 }, () => taker(random, 1.5))
    for (const utility of takers) expect(Math.abs(utility.reduce((sum, u) => sum + u, 0))).toBeLessThan(1e-12)
    const squares = takers.map((utility) => utility.reduce((sum, u) => sum + u * u, 0) / 3)
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length
    expect(Math.sqrt(mean)).toBeCloseTo(1.5, 1)
  })

  test.each<Marking>(['in-turn', 'at-once'])('marks MOST as often as its shares say (%s)', (marking) => {
    const utility: Quad = [0.8, 0.2, -0.3, -0.7]
    const shares = trueShares(utility)
    const marks = marksOf(randomFrom(2), utility, flat, marking)
    for (const a of [0, 1, 2, 3] as const) {
      expect(Math.abs(share(marks, ({ most }) => most === a) - shares[a])).toBeLessThan(0.03)
    }
    expect(marks.every(({ most, least }) => most !== least)).toBe(true)
    expect(trueFirst(utility)).toBe(0)
  })

  test('marks LEAST of the other three with probability in proportion to exp(−v)', () => {
    const utility: Quad = [9, 0, -Math.log(2), -Math.log(3)] // MOST is the first; then 1 : 2 : 3
    const marks = marksOf(randomFrom(3), utility, flat, 'in-turn')
    for (const a of [1, 2, 3]) {
      expect(Math.abs(share(marks, ({ least }) => least === a) - a / 6)).toBeLessThan(0.03)
    }
  })

  test('is drawn to a statement by its attractiveness as much as by the archetype', () => {
    const attractive: Quad[] = flat.map(() => [0, 1, 0, 0])
    const marks = marksOf(randomFrom(4), [0, 0, 0, 0], attractive, 'in-turn')
    expect(Math.abs(share(marks, ({ most }) => most === 1) - Math.E / (Math.E + 3))).toBeLessThan(0.03)
  })

  test('wins duels as the logit of the difference says', () => {
    const pairings = flat.map((_, i) =>
      i % 2 === 0
        ? ([
            { block: i, archetype: 0 },
            { block: i, archetype: 1 }
          ] as const)
        : ([
            { block: i, archetype: 1 },
            { block: i, archetype: 0 }
          ] as const)
    )
    const known: Quad[] = flat.map(() => [0, 0.5, 0, 0])
    const duels = duelsOf(randomFrom(5), [1.5, 0, 0, -1.5], known, pairings)
    const expected = 1 / (1 + Math.exp(-1))
    expect(Math.abs(share(duels, ({ winner }) => winner.archetype === 0) - expected)).toBeLessThan(0.03)
  })
})

test('statements differ by the noise, and not at all without it', () => {
  const values = questionnaire(randomFrom(6), SETS, 0.4).flat()
  const variance = values.reduce((sum, d) => sum + d * d, 0) / values.length
  expect(Math.sqrt(variance)).toBeCloseTo(0.4, 2)
  expect(new Set(questionnaire(randomFrom(6), 3, 0).flat().map(Math.abs))).toEqual(new Set([0]))
})

test('blind clicks mark every pair equally often', () => {
  const marks = clicks(randomFrom(7), 12_000)
  const pairs = new Map<string, number>()
  for (const { most, least } of marks) pairs.set(`${most}${least}`, (pairs.get(`${most}${least}`) ?? 0) + 1)
  expect(pairs.size).toBe(12)
  for (const count of pairs.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
})

describe('the rivals', () => {
  test('count picks, and MOST minus LEAST', () => {
    const random = randomFrom(8)
    const marks = [
      { most: 0, least: 1 },
      { most: 0, least: 2 },
      { most: 2, least: 0 },
      { most: 3, least: 0 },
      { most: 3, least: 1 }
    ]
    expect(firstByCounts(random, marks)).toBe(3)
    expect(firstByPicks(random, [1, 1, 2, 0])).toBe(1)
  })

  test('break ties by lot', () => {
    const random = randomFrom(9)
    const firsts = Array.from({ length: 2000 }, () => firstByPicks(random, [0, 2, 0, 2, 1]))
    expect(firsts.every((first) => first === 0 || first === 2)).toBe(true)
    expect(Math.abs(share(firsts, (first) => first === 0) - 0.5)).toBeLessThan(0.05)
  })
})
