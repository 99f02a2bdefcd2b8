import { expect, test } from 'vitest'
import { type Answers, type Arrangement, arrange } from '../../src/content/answers.ts'
import { archetypes } from '../../src/content/schema.ts'
import { scorer } from '../../src/scoring/scores.ts'
import { content } from '../support/app.ts'
import { seeded } from '../support/taker.ts'

const { score, explain } = scorer(archetypes)
const questionnaire = content.current
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

test('an explanation is true: its parts add up, and its changed answers put the one it names first', () => {
  const random = seeded(500)
  const pick = (most: number): [number, number] => [most, (most + 1 + Math.floor(random() * 3)) % 4]
  for (let taker = 0; taker < 500; taker++) {
    const favourite = archetypes[taker % 4]!
    const answers = answersWith((block) =>
      pick(random() < (taker % 10) / 10 ? position(block, favourite) : Math.floor(random() * 4))
    )
    const attempt = { arrangement: inOrder, seconds: {} }
    const scores = score(questionnaire, { ...attempt, answers })
    const { why, flip } = explain(questionnaire, answers, scores)
    const sum = why.blocks.reduce<number>((total, part) => total + part!, 0)
    expect(Math.abs(sum - why.difference)).toBeLessThan(1e-9)
    expect(why.difference).toBe(scores.profile.share[why.first]! - scores.profile.share[why.second]!)

    const changed = structuredClone(answers)
    for (const change of flip!.changes) {
      if (!('block' in change)) throw new Error('There are no duels to change')
      const { id, statements } = questionnaire.blocks[change.block]!
      const idOf = (index: number) => statements.find(({ archetype }) => archetype === archetypes[index])!.id
      changed.blocks[id] = { most: idOf(change.to.most), least: idOf(change.to.least!) }
    }
    const { first } = score(questionnaire, { ...attempt, answers: changed }).profile
    expect(first.indexOf(Math.max(...first))).toBe(flip!.first)
    expect(flip!.first).not.toBe(scores.leading.archetypes[0])
  }
}, 120_000)
