import { describe, expect, test } from 'vitest'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import { gapToPeers, raterDisagreement, weightedPeers } from '../../../src/scoring/profile/peers.ts'
import { type Profile, profileEngine } from '../../../src/scoring/profile/profile.ts'
import type { Response } from '../../../src/scoring/profile/response.ts'
import { goldenProfile } from '../golden.ts'
import { answers } from '../notation.ts'
import { answerBlocks, seeded, utilities } from '../takers.ts'

const engine = profileEngine()

describe('the weight of a peer', () => {
  test('is 0.18 for twelve blocks before there are data', () => {
    expect(weightedPeers([answers(goldenProfile('G1').answers)])[0]?.weight).toBeCloseTo(0.18, 3)
  })

  test('falls with the blocks answered and with the disagreement of peers', () => {
    const [short, long] = weightedPeers([
      answers('AR>RH'),
      { choices: [null, ...answers('AR>RH AR>RH').choices] }
    ])
    expect(short!.weight).toBeCloseTo(1 / 1.38, 9)
    expect(long!.weight).toBeCloseTo(1 / 1.76, 9)
    expect(weightedPeers([answers('AR>RH')], 2)[0]!.weight).toBeCloseTo(1 / 1.76, 9)
    expect(weightedPeers([answers('AR>RH')], 0)[0]!.weight).toBe(1)
  })

  test('makes three peers as sure as the golden vector says', () => {
    const golden = goldenProfile('G7')
    const all = answers(golden.answers).choices
    const raters = [0, 12, 24].map((start) => ({ choices: all.slice(start, start + 12) }))
    const { first } = engine.score(...weightedPeers(raters))
    for (const [a, p] of first.entries()) expect(Math.abs(p - golden.pTop[a]!)).toBeLessThan(1e-3)
  })
})

describe('the disagreement of raters', () => {
  test.each([0, 1])('comes out near the %f that the answers were made with', (spread) => {
    const random = seeded(12)
    const equal = Array.from({ length: 12 }, (): Quad => [0, 0, 0, 0])
    const people = Array.from({ length: 150 }, () => {
      const target = utilities(random, 1)
      return [0, 1, 2].map((): Response => {
        const seen = utilities(random, spread)
        const utility = target.map((u, a) => u + seen[a]!) as unknown as Quad
        return answerBlocks(random, utility, equal)
      })
    })
    expect(Math.abs(raterDisagreement(people)! - spread)).toBeLessThan(0.2)
  })

  test('is the variance between raters less that within, per dimension', () => {
    const raters = [answers('AR>RH AR>TL AR>SO AR>RH'), answers('TL>AR SO>AR RH>AR')]
    const weak = profileEngine({ prior: [{ s: 2, weight: 1 }] })
    const [one, other] = raters.map((rater) => weak.score(rater)) as [Profile, Profile]
    const between =
      [0, 1, 2, 3].reduce((sum, a) => sum + (one.utility[a]! - other.utility[a]!) ** 2 / 2, 0) / 3
    const within = [...one.variance, ...other.variance].reduce((sum, value) => sum + value, 0) / 2 / 3
    expect(raterDisagreement([raters])).toBeCloseTo(between - within, 9)
    expect(raterDisagreement([raters, raters])).toBeCloseTo(between - within, 9)
    expect(raterDisagreement([[raters[0]!, raters[0]!]])).toBe(0)
  })

  test('is unknown where nobody has two raters', () => {
    expect(raterDisagreement([])).toBeNull()
    expect(raterDisagreement([[answers('AR>RH')]])).toBeNull()
  })
})

describe('the gap between oneself and the peers', () => {
  const self = engine.score(answers(goldenProfile('G1').answers))

  test('is uncertain where both say the same', () => {
    const { gap, positive } = gapToPeers(self, self)
    expect(gap).toEqual([0, 0, 0, 0])
    expect(positive).toEqual([0.5, 0.5, 0.5, 0.5])
  })

  test('is clear where they contradict each other', () => {
    const peers = engine.score(answers('RH>AR RH>AR RH>AR RH>AR RH>AR RH>AR TL>AR SO>AR RH>AR RH>TL'))
    const { gap, positive } = gapToPeers(self, peers)
    expect(gap[1]).toBeCloseTo(self.utility[1] - peers.utility[1], 12)
    expect(positive[1]).toBeGreaterThan(0.95)
    expect(positive[3]).toBeLessThan(0.05)
  })

  test('is as sure as the uncertainty of both allows', () => {
    const wide = { ...self, utility: [0, 0, 0, 0] as const, variance: [4, 4, 4, 4] as const }
    const other = { ...self, utility: [3, -1.5, -1.5, 0] as const, variance: [5, 5, 5, 5] as const }
    expect(gapToPeers(other, wide).positive[0]).toBeCloseTo(0.841345, 6) // Φ(3 / √9)
  })
})
