import { describe, expect, test } from 'vitest'
import { offersTieBreaker, tieBreakerDuels } from '../../../src/scoring/profile/tie-breaker.ts'
import { seeded } from '../takers.ts'

const first = [0.3, 0.05, 0.6, 0.05] as const
const blocks = Array.from({ length: 12 }, (_, block) => block)

function shuffled(seed: number): number[] {
  const random = seeded(seed)
  return blocks
    .map((block) => ({ block, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ block }) => block)
}

test('duels are offered as long as nobody has reached 0.75', () => {
  expect(offersTieBreaker([0.7499, 0.2501, 0, 0])).toBe(true)
  expect(offersTieBreaker([0.75, 0.25, 0, 0])).toBe(false)
})

describe('the six duels', () => {
  test('are between the two archetypes that are likeliest first', () => {
    for (const pairing of tieBreakerDuels(first, blocks)) {
      expect(pairing.map(({ archetype }) => archetype).sort()).toEqual([0, 2])
    }
  })

  test('pair statements that were never seen together, and use none twice', () => {
    for (let seed = 0; seed < 50; seed++) {
      const duels = tieBreakerDuels(first, shuffled(seed))
      expect(duels).toHaveLength(6)
      for (const [one, other] of duels) expect(one.block).not.toBe(other.block)
      expect(new Set(duels.flat().map(({ block, archetype }) => `${block} ${archetype}`)).size).toBe(12)
    }
  })

  test('show each of the two on top three times', () => {
    const onTop = tieBreakerDuels(first, blocks).map(([top]) => top.archetype)
    expect(onTop).toEqual([2, 0, 2, 0, 2, 0])
  })

  test('follow from the order of the blocks alone', () => {
    expect(tieBreakerDuels(first, shuffled(1))).toEqual(tieBreakerDuels(first, shuffled(1)))
    expect(tieBreakerDuels(first, shuffled(1))).not.toEqual(tieBreakerDuels(first, shuffled(2)))
  })

  test.each([2, 3, 5, 6, 7, 8, 13])('can be had from %i blocks', (count) => {
    const duels = tieBreakerDuels(first, blocks.concat(12).slice(0, count))
    expect(duels).toHaveLength(Math.min(6, count))
    for (const [one, other] of duels) expect(one.block).not.toBe(other.block)
    expect(new Set(duels.flat().map(({ block, archetype }) => `${block} ${archetype}`)).size).toBe(
      2 * duels.length
    )
  })

  test('need two different blocks', () => {
    expect(() => tieBreakerDuels(first, [4])).toThrow(RangeError)
    expect(() => tieBreakerDuels(first, [4, 4])).toThrow(RangeError)
  })
})
