import { describe, expect, test } from 'vitest'
import { type Flip, flipFinder } from '../../../src/scoring/explain/flip.ts'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import { profileEngine } from '../../../src/scoring/profile/profile.ts'
import type { Choice, Response } from '../../../src/scoring/profile/response.ts'
import { goldenProfile } from '../golden.ts'
import { answers, choices, duels } from '../notation.ts'
import { answerBlocks, attractivenessOf, seeded, utilities } from '../takers.ts'

/** Few nodes keep the exhaustive check affordable. */
const engine = profileEngine({ perAxis: 12, reach: 9 })
const flip = flipFinder(engine)
const flipOf = (response: Response) => flip(response, engine.score(response))

function leader(response: Response, scorer = engine): number {
  const { first } = scorer.score(response)
  return first.indexOf(Math.max(...first))
}

function afterwards(response: Response, { changes }: Flip): Response {
  const choices = [...response.choices]
  const duels = [...(response.duels ?? [])]
  for (const change of changes) {
    if ('block' in change) choices[change.block] = change.to
    else duels[change.duel] = { winner: duels[change.duel]!.loser, loser: duels[change.duel]!.winner }
  }
  return { ...response, choices, duels }
}

const everyChoice: Choice[] = [0, 1, 2, 3].flatMap((most) =>
  [0, 1, 2, 3].filter((least) => least !== most).map((least) => ({ most, least }))
)

/** Whether changing at most two answers flips the first place, by trying everything. */
function flipsByTwo(response: Response, scorer = engine): 0 | 1 | 2 {
  const before = leader(response, scorer)
  const variants = (from: Response, start: number) =>
    from.choices.flatMap((_, block) =>
      block < start
        ? []
        : everyChoice.map((to) => ({ block, response: { choices: from.choices.with(block, to) } }))
    )
  const ones = variants(response, 0)
  if (ones.some((one) => leader(one.response, scorer) !== before)) return 1
  const twos = ones.flatMap((one) => variants(one.response, one.block + 1))
  return twos.some((two) => leader(two.response, scorer) !== before) ? 2 : 0
}

describe('the smallest flip', () => {
  test('really puts the archetype it names first', () => {
    for (const id of ['G1', 'G2', 'G4', 'G10']) {
      const golden = goldenProfile(id)
      const response = { choices: choices(golden.answers), duels: golden.duels ? duels(golden.duels) : [] }
      const flip = flipOf(response)!
      expect(flip.first).not.toBe(leader(response))
      expect(leader(afterwards(response, flip))).toBe(flip.first)
    }
  })

  test('is a single answer for a blend, and a pair for a clear lead', () => {
    expect(flipOf(answers(goldenProfile('G2').answers))).toMatchObject({ first: 0, smallest: true })
    expect(flipOf(answers(goldenProfile('G2').answers))!.changes).toHaveLength(1)
    expect(flipOf(answers(goldenProfile('G1').answers))).toMatchObject({ first: 2, smallest: true })
    expect(flipOf(answers(goldenProfile('G1').answers))!.changes).toHaveLength(2)
  })

  test('is found greedily beyond two, and says so', () => {
    const flip = flipOf(answers(goldenProfile('G4').answers))!
    expect(flip.smallest).toBe(false)
    expect(flip.changes).toHaveLength(4)
    expect(new Set(flip.changes.map((change) => 'block' in change && change.block)).size).toBe(
      flip.changes.length
    )
  })

  test('is as small as trying every one and two changes finds', { timeout: 60_000 }, () => {
    const random = seeded(3)
    const equal = Array.from({ length: 4 }, (): Quad => [0, 0, 0, 0])
    for (let i = 0; i < 8; i++) {
      const response = answerBlocks(random, utilities(random, 1.5), equal)
      const flip = flipOf(response)!
      expect(flip.smallest ? flip.changes.length : 0).toBe(flipsByTwo(response))
    }
  })

  test('knows the attractiveness of the statements', { timeout: 60_000 }, () => {
    const random = seeded(4)
    const attractiveness = attractivenessOf(random, 4, 1)
    const known = profileEngine({ attractiveness, perAxis: 12, reach: 9 })
    const flipOfKnown = flipFinder(known, attractiveness)
    for (let i = 0; i < 4; i++) {
      const response = answerBlocks(random, utilities(random, 1.5), attractiveness)
      const flip = flipOfKnown(response, known.score(response))!
      expect(flip.smallest ? flip.changes.length : 0).toBe(flipsByTwo(response, known))
      expect(leader(afterwards(response, flip), known)).toBe(flip.first)
    }
  })

  test('may turn a duel round', () => {
    expect(flipOf({ choices: [], duels: duels('AR>SO AR>SO AR>SO') })!.changes).toMatchObject([
      { duel: expect.any(Number) },
      { duel: expect.any(Number) }
    ])
    expect(flipOf({ choices: [], duels: duels('AR>SO') })).toMatchObject({
      first: 2,
      changes: [{ duel: 0 }],
      smallest: true
    })
  })

  test('leaves a skipped LEAST skipped', () => {
    const flip = flipOf({ choices: [{ most: 1, least: null }] })!
    expect(flip.changes).toMatchObject([{ block: 0, to: { least: null } }])
  })

  test('does not exist where nothing was answered', () => {
    expect(flipOf({ choices: [] })).toBeNull()
    expect(flipOf({ choices: [null, null] })).toBeNull()
  })
})
