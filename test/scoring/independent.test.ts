import { describe, expect, test } from 'vitest'
import type { Quad } from '../../src/scoring/numerics/quad.ts'
import { type Profile, profileEngine } from '../../src/scoring/profile/profile.ts'
import type { Duel, Response } from '../../src/scoring/profile/response.ts'
import { independentProfile } from './independent.ts'
import { answerBlocks, clickBlocks, seeded, utilities } from './takers.ts'

const random = seeded(20261123)
const engine = profileEngine()

/** One response of someone with a pronounced, an ordinary or hardly any profile, or of a blind clicker. */
function anyone(blocks: number, attractiveness: readonly Quad[] = []): Response {
  const kind = Math.floor(random() * 4)
  if (kind === 3) return clickBlocks(random, blocks)
  const d = Array.from({ length: blocks }, (_, block) => attractiveness[block] ?? ([0, 0, 0, 0] as const))
  return answerBlocks(random, utilities(random, [0.5, 1, 2][kind]!), d)
}

function someDuels(count: number, blocks: number): Duel[] {
  return Array.from({ length: count }, () => {
    const winner = Math.floor(random() * 4)
    const loser = (winner + 1 + Math.floor(random() * 3)) % 4
    const block = () => Math.floor(random() * blocks)
    return { winner: { block: block(), archetype: winner }, loser: { block: block(), archetype: loser } }
  })
}

function skippingSome(response: Response): Response {
  const choices = response.choices.map((choice) => {
    if (choice === null || random() < 0.1) return null
    return random() < 0.3 ? { ...choice, least: null } : choice
  })
  return { ...response, choices }
}

function expectAgreement(profile: Profile, responses: Response[], attractiveness?: readonly Quad[]): void {
  const other = independentProfile(responses, attractiveness)
  for (const a of [0, 1, 2, 3] as const) {
    expect(Math.abs(profile.first[a] - other.first[a]!)).toBeLessThan(1e-3)
    expect(Math.abs(profile.share[a] - other.share[a]!)).toBeLessThan(1e-3)
  }
  expect(Math.abs(profile.logEvidence - other.logEvidence)).toBeLessThan(0.01)
}

describe('an independent implementation agrees to 1e-3 in P(first) and share', () => {
  test('on 600 questionnaires of 8, 12 or 16 blocks', { timeout: 60_000 }, () => {
    for (let i = 0; i < 600; i++) {
      const response = anyone([8, 12, 16][i % 3]!)
      expectAgreement(engine.score(response), [response])
    }
  })

  test('on 150 with skipped answers and duels', { timeout: 60_000 }, () => {
    for (let i = 0; i < 150; i++) {
      const response = { ...skippingSome(anyone(12)), duels: someDuels(6, 12) }
      expectAgreement(engine.score(response), [response])
    }
  })

  test('on 150 groups of three weighted peers', { timeout: 60_000 }, () => {
    for (let i = 0; i < 150; i++) {
      const raters = [0.18, 0.3, 0.5].map((weight) => ({ ...anyone(12), weight }))
      expectAgreement(engine.score(...raters), raters)
    }
  })

  test('on 100 with known attractiveness, half of them with duels', { timeout: 60_000 }, () => {
    for (let version = 0; version < 5; version++) {
      const attractiveness = Array.from({ length: 12 }, () => utilities(random, 0.6))
      const known = profileEngine({ attractiveness })
      for (let i = 0; i < 20; i++) {
        const duels = i % 2 === 0 ? [] : someDuels(6, 12)
        const response = { ...anyone(12, attractiveness), duels }
        expectAgreement(known.score(response), [response], attractiveness)
      }
    }
  })
})
