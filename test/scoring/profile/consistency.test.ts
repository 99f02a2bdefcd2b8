import { describe, expect, test } from 'vitest'
import { type BlockRecord, consistency, tooOftenIn } from '../../../src/scoring/profile/consistency.ts'

/** Twelve blocks read with care; positions go round. */
const careful: BlockRecord[] = Array.from({ length: 12 }, (_, i) => ({
  most: i % 4,
  least: (i + 1 + Math.floor(i / 4)) % 4,
  words: 50,
  seconds: 20
}))

function firstBlocks(changed: number, change: Partial<BlockRecord>): BlockRecord[] {
  return careful.map((block, i) => (i < changed ? { ...block, ...change } : block))
}

test('a careful response with a pattern has no note', () => {
  expect(consistency(2, careful)).toEqual({ reasons: [], leaveOut: false })
})

describe('the pattern', () => {
  test('is called unstable below a log Bayes factor of −1, and still counts in statistics', () => {
    expect(consistency(-1, careful).reasons).toEqual([])
    expect(consistency(-1.001, careful)).toEqual({ reasons: ['no-stable-pattern'], leaveOut: false })
  })
})

describe('the position', () => {
  test('is noted when MOST or LEAST is in the same place in 9 of 12 blocks', () => {
    const spread = careful.map((block) => ({ ...block, least: null }))
    const same = (times: number) =>
      spread.map((block, i) => ({ ...block, most: i < times ? 0 : 1 + (i % 3) }))
    expect(consistency(2, same(8)).reasons).toEqual([])
    expect(consistency(2, same(9))).toEqual({ reasons: ['same-position'], leaveOut: true })

    const least = (times: number) => careful.map((block, i) => ({ ...block, least: i < times ? 3 : i % 3 }))
    expect(consistency(2, least(8)).reasons).toEqual([])
    expect(consistency(2, least(9)).reasons).toEqual(['same-position'])
  })

  test.each([
    [8, 7],
    [10, 8],
    [12, 9],
    [16, 11]
  ])('is too often the same in %i blocks from %i times on', (blocks, times) => {
    expect(tooOftenIn(blocks)).toBe(times)
  })

  test.each([0, 1, 2, 3])('is noted at the top, the bottom and between: %i', (position) => {
    const elsewhere = careful.map((block) => ({
      ...block,
      most: block.most === position ? 0 : block.most,
      least: null
    }))
    const same = elsewhere.map((block, i) => (i < 10 ? { ...block, most: position } : block))
    expect(consistency(2, same).reasons).toEqual(['same-position'])
  })

  test('is noted where fewer than 0.5 % would get there by chance, and no earlier', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k)
    /** Probability that MOST or LEAST, in any of four positions, is marked there at least k times of n. */
    const byChance = (n: number, k: number) =>
      8 *
      Array.from(
        { length: n - k + 1 },
        (_, i) => choose(n, k + i) * 0.25 ** (k + i) * 0.75 ** (n - k - i)
      ).reduce((a, b) => a + b, 0)
    for (let blocks = 1; blocks <= 40; blocks++) {
      const times = tooOftenIn(blocks)
      if (times <= blocks) expect(byChance(blocks, times)).toBeLessThan(0.005)
      expect(byChance(blocks, times - 1)).toBeGreaterThan(0.005)
    }
  })

  test('says nothing about a handful of blocks or none', () => {
    expect(consistency(2, firstBlocks(4, { most: 0, least: 3 }).slice(0, 4)).reasons).toEqual([])
    expect(consistency(2, [])).toEqual({ reasons: [], leaveOut: false })
  })
})

describe('the time', () => {
  test('is noted when half the blocks went by faster than they can be read', () => {
    expect(consistency(2, firstBlocks(5, { seconds: 7.9 })).reasons).toEqual([])
    expect(consistency(2, firstBlocks(6, { seconds: 7.9 }))).toEqual({
      reasons: ['too-fast'],
      leaveOut: true
    })
    expect(consistency(2, firstBlocks(12, { seconds: 8 })).reasons).toEqual([])
    expect(consistency(2, firstBlocks(1, { seconds: 7.9 }).slice(0, 1)).reasons).toEqual(['too-fast'])
  })

  test('is not held against a block without a time', () => {
    expect(consistency(2, firstBlocks(12, { seconds: null })).reasons).toEqual([])
    const fewTimes = firstBlocks(12, { seconds: null }).map((block, i) =>
      i < 5 ? { ...block, seconds: 1 } : block
    )
    expect(consistency(2, fewTimes).reasons).toEqual([])
  })
})

test('every reason is given', () => {
  const clicked = firstBlocks(12, { most: 0, least: 1, seconds: 1 })
  expect(consistency(-2, clicked)).toEqual({
    reasons: ['no-stable-pattern', 'same-position', 'too-fast'],
    leaveOut: true
  })
})
