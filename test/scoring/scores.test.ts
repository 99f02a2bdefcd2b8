import { expect, test } from 'vitest'
import { type Answers, type Arrangement, arrange } from '../../src/content/answers.ts'
import { archetypes } from '../../src/content/schema.ts'
import { attractivenessOf, byStatement } from '../../src/scoring/calibration/attractiveness.ts'
import { contributionsFinder } from '../../src/scoring/explain/contributions.ts'
import { responseOf, scorer } from '../../src/scoring/scores.ts'
import { content } from '../support/app.ts'
import { numbers } from '../support/numbers.ts'
import { seeded } from '../support/taker.ts'
import { independentProfile } from './independent.ts'
import * as madeUp from './takers.ts'

const asWhole = scorer(archetypes)
const { score, explain } = asWhole
const questionnaire = content.current
/** The same questionnaire, whose statements are known not to be equally attractive. */
const d = madeUp.attractivenessOf(seeded(12), questionnaire.blocks.length, 0.8)
const calibrated = {
  ...questionnaire,
  version: '2027-03',
  attractiveness: byStatement(d, questionnaire, archetypes)
}
const inOrder: Arrangement = questionnaire.blocks.map((_, block) => ({ block, statements: [0, 1, 2, 3] }))

/** Everybody answers the items in the middle; the statements are picked by position in the file. */
function answersWith(pick: (block: number) => [most: number, least: number], points: number[] = []): Answers {
  const items = [...questionnaire.lean, ...questionnaire.hybrid]
  return {
    items: Object.fromEntries(items.map(({ id }, index) => [id, points[index] ?? 3])),
    blocks: Object.fromEntries(
      questionnaire.blocks.map(({ id, statements }, block) => {
        const [most, least] = pick(block)
        return [id, { most: statements[most]!.id, least: statements[least]!.id }]
      })
    ),
    duels: {},
    habits: {},
    context: {}
  }
}

const position = (block: number, archetype: string) =>
  questionnaire.blocks[block]!.statements.findIndex((statement) => statement.archetype === archetype)

test('the order in which blocks and statements were shown does not change the profile', () => {
  const answers = answersWith((block) => [position(block, 'solver'), position(block, 'architect')])
  const shown = arrange(questionnaire, seeded(3))
  const scored = [inOrder, shown].map((arrangement) =>
    score(questionnaire, { answers, arrangement, seconds: {} })
  )
  expect(scored[0]!.profile).toEqual(scored[1]!.profile)
  expect(scored[0]!.leading).toMatchObject({ certainty: 'clear', archetypes: [2] })
})

test('whoever marks the same places has no pattern, unless the statements explain it', () => {
  const samePlaces = answersWith(() => [0, 1])
  const careless = score(questionnaire, { answers: samePlaces, arrangement: inOrder, seconds: {} })
  expect(careless).toMatchObject({
    noPattern: true,
    consistency: { reasons: expect.arrayContaining(['same-position']) }
  })

  // One archetype every time, in a quiz that by chance always shows it first.
  const devoted = answersWith((block) => [position(block, 'architect'), position(block, 'solver')])
  const arrangement = inOrder.map(({ block }) => {
    const first = [position(block, 'architect'), position(block, 'solver')]
    return { block, statements: [...first, ...[0, 1, 2, 3].filter((index) => !first.includes(index))] }
  })
  const lucky = score(questionnaire, { answers: devoted, arrangement, seconds: {} })
  expect(lucky).toMatchObject({ noPattern: false, consistency: { reasons: ['same-position'] } })
})

test('200 people who always mark one archetype Most get that one, clearly, whatever else they mark', () => {
  const random = seeded(1)
  for (let taker = 0; taker < 200; taker++) {
    const favourite = taker % 4
    const answers = answersWith((block) => {
      const most = position(block, archetypes[favourite]!)
      return [most, (most + 1 + Math.floor(random() * 3)) % 4]
    })
    const { leading, noPattern } = score(questionnaire, {
      answers,
      arrangement: arrange(questionnaire, random),
      seconds: {}
    })
    expect({ leading, noPattern }).toMatchObject({
      leading: { kind: 'single', certainty: 'clear', archetypes: [favourite] },
      noPattern: false
    })
  }
})

test('each version is scored with its own attractiveness, whichever was scored before', () => {
  const random = seeded(9)
  let moved = 0
  for (let taker = 0; taker < 20; taker++) {
    const answers = fanOf(taker, random)
    const response = responseOf(questionnaire, answers, archetypes)
    const attempt = { answers, arrangement: inOrder, seconds: {} }
    const plain = score(questionnaire, attempt).profile
    const known = score(calibrated, attempt).profile
    const [fair, fairer] = [independentProfile([response]), independentProfile([response], d)]
    for (const a of [0, 1, 2, 3] as const) {
      expect(plain.first[a]).toBeCloseTo(fair.first[a]!, 3)
      expect(known.first[a]).toBeCloseTo(fairer.first[a]!, 3)
      expect(known.share[a]).toBeCloseTo(fairer.share[a]!, 3)
      moved = Math.max(moved, Math.abs(known.share[a] - plain.share[a]))
    }
  }
  expect(moved).toBeGreaterThan(0.05)
  expect(attractivenessOf(calibrated, archetypes)).toEqual(d)
})

test('known attractiveness is in the reasons', () => {
  const answers = fanOf(7, seeded(10))
  const scores = score(calibrated, { answers, arrangement: inOrder, seconds: {} })
  const response = responseOf(calibrated, answers, archetypes)
  const { why } = explain(calibrated, answers, scores)
  expect(why).toEqual(contributionsFinder(d)(response, scores.profile))
  expect(why.blocks).not.toEqual(contributionsFinder()(response, scores.profile).blocks)
})

test('duels are offered to those whom the version’s own score leaves open', () => {
  const random = seeded(10)
  const offers = Array.from({ length: 150 }, (_, taker) => {
    const attempt = { answers: fanOf(taker, random), arrangement: inOrder, seconds: {} }
    return [questionnaire, calibrated].map((of) => {
      const { profile, noPattern } = score(of, attempt)
      const isOffered = asWhole.duelsFor(of, attempt).length > 0
      expect(isOffered).toBe(!noPattern && Math.max(...profile.first) < 0.75)
      return isOffered
    })
  })
  expect(offers.filter(([plain, known]) => plain !== known).length).toBeGreaterThan(2)
})

test('the hybrid items are read towards their own poles, apart from the lean', () => {
  const levels = [1, 2, 3, 4, 5].map((point) => {
    const answers = answersWith(() => [0, 1], [3, 3, 3, 3, 3, 3, 3, 3, point, point])
    const { hybrid, lean } = score(questionnaire, { answers, arrangement: inOrder, seconds: {} })
    expect(lean.lean).toBe(0)
    return hybrid
  })
  expect(levels.map(({ pendulum }) => pendulum)).toEqual(['low', 'low', 'middle', 'high', 'high'])
  expect(levels.map((hybrid) => hybrid['both-at-once'])).toEqual(['high', 'high', 'middle', 'low', 'low'])
})

/** Somebody who marks a favourite more or less often, the others by chance. */
function fanOf(taker: number, random: () => number): Answers {
  const pick = (most: number): [number, number] => [most, (most + 1 + Math.floor(random() * 3)) % 4]
  const favourite = archetypes[taker % 4]!
  return answersWith((block) =>
    pick(random() < (taker % 10) / 10 ? position(block, favourite) : Math.floor(random() * 4))
  )
}

test.each([
  [numbers.explanations, 'equally attractive statements', questionnaire],
  [numbers.explanations / 5, 'statements of known attractiveness', calibrated]
])(
  '%i explanations of %s are true: their parts add up, and their changes put the one they name first',
  (takers, _, of) => {
    const random = seeded(500)
    for (let taker = 0; taker < takers; taker++) {
      const answers = fanOf(taker, random)
      const attempt = { arrangement: inOrder, seconds: {} }
      const scores = score(of, { ...attempt, answers })
      const { why, flip } = explain(of, answers, scores)
      const sum = why.blocks.reduce<number>((total, part) => total + part!, 0)
      expect(Math.abs(sum - why.difference)).toBeLessThan(1e-9)
      expect(why.difference).toBe(scores.profile.share[why.first]! - scores.profile.share[why.second]!)

      const changed = structuredClone(answers)
      for (const change of flip!.changes) {
        if (!('block' in change)) throw new Error('There are no duels to change')
        const { id, statements } = questionnaire.blocks[change.block]!
        const idOf = (index: number) =>
          statements.find(({ archetype }) => archetype === archetypes[index])!.id
        changed.blocks[id] = { most: idOf(change.to.most), least: idOf(change.to.least!) }
      }
      const { first } = score(of, { ...attempt, answers: changed }).profile
      expect(first.indexOf(Math.max(...first))).toBe(flip!.first)
      expect(flip!.first).not.toBe(scores.leading.archetypes[0])
    }
  },
  120_000
)
