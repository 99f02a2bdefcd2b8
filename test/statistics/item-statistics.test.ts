import { describe, expect, test } from 'vitest'
import type { Quad } from '../../src/scoring/numerics/quad.ts'
import { profileEngine } from '../../src/scoring/profile/profile.ts'
import type { Response } from '../../src/scoring/profile/response.ts'
import { answers } from '../scoring/notation.ts'
import { answerBlocks, clickBlocks, seeded, utilities } from '../scoring/takers.ts'
import { empiricalReliability, itemStatistics } from './item-statistics.ts'

const BLOCKS = 12
const [NOISE, MIS_KEYED, ATTRACTIVE, REPELLENT] = [2, 4, 6, 8]

/** Takers of a questionnaire with four faulty statements, each the first of its block. */
function faultyQuestionnaire(takers: number): Response[] {
  const random = seeded(11)
  return Array.from({ length: takers }, () => {
    const u = utilities(random, 1)
    const statements = Array.from({ length: BLOCKS }, (_, block): Quad => {
      if (block === NOISE) return [0, u[1], u[2], u[3]]
      if (block === MIS_KEYED) return [u[2], u[1], u[0], u[3]]
      if (block === ATTRACTIVE) return [u[0] + 2, u[1], u[2], u[3]]
      if (block === REPELLENT) return [u[0] - 2, u[1], u[2], u[3]]
      return u
    })
    return answerBlocks(random, [0, 0, 0, 0], statements)
  })
}

describe('the statistics of a statement', () => {
  const statistics = itemStatistics(faultyQuestionnaire(400), BLOCKS)

  test('flag what does not go with its archetype', () => {
    expect(statistics[NOISE]![0].flags).toContain('unrelated')
  })

  test('flag what goes better with another archetype, and name it', () => {
    const [first, , third] = statistics[MIS_KEYED]!
    expect(first.flags).toContain('mis-keyed')
    expect(first.bestOther?.archetype).toBe(2)
    expect(third.flags).toContain('mis-keyed')
    expect(third.bestOther?.archetype).toBe(0)
  })

  test('flag what nearly half mark MOST or LEAST', () => {
    expect(statistics[ATTRACTIVE]![0].flags).toEqual(['too-attractive'])
    expect(statistics[REPELLENT]![0].flags).toEqual(['too-repellent'])
  })

  test('flag hardly anything else', () => {
    const sound = statistics
      .filter((_, block) => ![NOISE, MIS_KEYED, ATTRACTIVE, REPELLENT].includes(block))
      .flat()
    expect(sound.filter(({ flags }) => flags.length > 0).length).toBeLessThanOrEqual(1)
    for (const { itemRest } of sound) expect(itemRest).toBeGreaterThan(0.3)
  })

  test('are flagged from 100 takers on, mis-keyed ones from 50', () => {
    const flagsAfter = (takers: number) =>
      new Set(
        itemStatistics(faultyQuestionnaire(takers), BLOCKS).flatMap((block) =>
          block.flatMap(({ flags }) => flags)
        )
      )
    expect(flagsAfter(49)).toEqual(new Set())
    expect(flagsAfter(50)).toEqual(new Set(['mis-keyed']))
    expect(flagsAfter(99)).toEqual(new Set(['mis-keyed']))
    expect(flagsAfter(100)).toEqual(new Set(['unrelated', 'mis-keyed', 'too-attractive', 'too-repellent']))
  })

  test('are lopsided above 45 % MOST or LEAST', () => {
    const marked = (times: number, text: string, otherwise: string) =>
      itemStatistics(
        [...Array(times).fill(answers(text)), ...Array(100 - times).fill(answers(otherwise))],
        1
      )[0]!
    expect(marked(45, 'TL>AR', 'AR>SO')[0].flags).toEqual([])
    expect(marked(46, 'TL>AR', 'AR>SO')[0].flags).toEqual(['too-attractive'])
    expect(marked(45, 'AR>TL', 'RH>SO')[0].flags).toEqual([])
    expect(marked(46, 'AR>TL', 'RH>SO')[0].flags).toEqual(['too-repellent'])
  })

  test('are related to their archetype from r = 0.25 on', () => {
    // TL in block 0 is MOST for half the takers; in block 1 it is MOST for `agreeing` of 50 in either half.
    const related = (agreeing: number) => {
      const half = (own: string, same: string, opposite: string) => [
        ...Array(agreeing).fill(answers(`${own} ${same}`)),
        ...Array(50 - agreeing).fill(answers(`${own} ${opposite}`))
      ]
      const responses = [...half('TL>AR', 'TL>SO', 'AR>SO'), ...half('AR>SO', 'AR>SO', 'TL>SO')]
      return itemStatistics(responses, 2)[0]![0]
    }
    expect(related(31).itemRest).toBeCloseTo(0.24, 9) // r = 2 · 31/50 − 1
    expect(related(31).flags).toContain('unrelated')
    expect(related(32).itemRest).toBeCloseTo(0.28, 9)
    expect(related(32).flags).not.toContain('unrelated')
  })

  test('count how often it was marked, of those who answered', () => {
    const responses = [
      answers('TL>RH AR>SO'),
      answers('TL>AR AR>TL'),
      { choices: [{ most: 1, least: null }, null] },
      { choices: [null] }
    ]
    const [first, second] = itemStatistics(responses, 2)
    expect(first![0]).toMatchObject({ answered: 3, most: { share: 2 / 3 }, least: { share: 0 } })
    expect(first![1]).toMatchObject({ most: { share: 1 / 3 }, least: { share: 1 / 2 } })
    expect(second![0]).toMatchObject({ answered: 2, most: { share: 0 }, least: { share: 1 / 2 } })
  })

  test('correlate it with its archetype in the other blocks', () => {
    const uneven = [answers('TL>RH TL>RH'), answers('TL>RH AR>RH'), answers('AR>TL AR>TL')]
    // TL of block 0: 1, 1, −1; TL of block 1: 1, 0, −1. Covariance 2, squares 8/3 and 2.
    expect(itemStatistics(uneven, 2)[0]![0].itemRest).toBeCloseTo(2 / Math.sqrt((8 / 3) * 2), 12)
    // Statement TL of block 0: +1, −1, 0, 0. TL in block 1 for the same takers: +1, −1, +1, −1.
    const responses = [
      answers('TL>RH TL>RH'),
      answers('RH>TL RH>TL'),
      answers('AR>SO TL>RH'),
      answers('SO>AR RH>TL')
    ]
    const [first] = itemStatistics(responses, 2)
    expect(first![0].itemRest).toBeCloseTo(2 / Math.sqrt(2 * 4), 12)
    expect(first![1].itemRest).toBeNull()
    expect(first![1].bestOther).toMatchObject({ archetype: 0 })
  })

  test('say nothing where nobody answered', () => {
    const [only] = itemStatistics([], 1)
    expect(only![0]).toEqual({
      answered: 0,
      most: { share: 0, low: 0, high: 1 },
      least: { share: 0, low: 0, high: 1 },
      itemRest: null,
      bestOther: null,
      flags: []
    })
  })
})

describe('the empirical reliability', () => {
  const random = seeded(13)
  const engine = profileEngine()
  const equal = Array.from({ length: BLOCKS }, (): Quad => [0, 0, 0, 0])

  test('of twelve blocks is about 0.8 when profiles are of ordinary spread', () => {
    const profiles = Array.from({ length: 300 }, () =>
      engine.score(answerBlocks(random, utilities(random, 1), equal))
    )
    expect(Math.abs(empiricalReliability(profiles)! - 0.81)).toBeLessThan(0.03)
  })

  test('of blind clicking is low', () => {
    const profiles = Array.from({ length: 300 }, () => engine.score(clickBlocks(random, BLOCKS)))
    expect(empiricalReliability(profiles)).toBeLessThan(0.5)
  })

  test('is the variance of the utilities over that variance plus what each leaves uncertain', () => {
    const profile = engine.score()
    const one = { ...profile, utility: [3, 1, 0, 0] as const, variance: [1, 1, 0.5, 0.5] as const }
    const other = { ...profile, utility: [1, 1, 2, 0] as const, variance: [2, 1, 0.5, 0.5] as const }
    const third = { ...profile, utility: [2, 1, 1, 0] as const, variance: [3, 1, 0.5, 0.5] as const }
    expect(empiricalReliability([one, other])).toBeCloseTo(4 / (4 + 3.5), 12)
    expect(empiricalReliability([one, other, third])).toBeCloseTo(2 / (2 + 4), 12)
  })

  test('wants at least two people', () => {
    expect(empiricalReliability([engine.score()])).toBeNull()
  })
})
