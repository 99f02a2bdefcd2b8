import { expect, test } from 'vitest'
import { archetypes, type Questionnaire } from '../../src/content/schema.ts'
import { four, type Quad } from '../../src/scoring/numerics/quad.ts'
import type { Counts } from '../../src/statistics/counts.ts'
import { firstOf } from '../../src/statistics/mix.ts'
import { randomFrom } from '../../tools/simulation/random.ts'
import { content } from '../support/app.ts'
import { type Feeling, madeUp, tallied } from '../support/people.ts'

const { current } = content
const { id: set, statements } = current.blocks[0]!

/** Tech Lead's statement of the first set appeals to everybody. */
const d: Quad = [1.5, -0.5, -0.5, -0.5]
const appealing: Feeling = (utility, block) => (block === set ? four((a) => utility[a] + d[a]) : utility)
const statement = (a: number) => statements.find(({ archetype }) => archetype === archetypes[a])!.id
const none = Object.fromEntries(current.blocks.flatMap((block) => block.statements.map(({ id }) => [id, 0])))
const calibrated = {
  ...current,
  attractiveness: { ...none, ...Object.fromEntries(d.map((value, a) => [statement(a), value])) }
}

/** The same people each time. */
function peopleOf(questionnaire: Questionnaire, feeling?: Feeling, count = 400) {
  const random = randomFrom(4)
  const people = Array.from({ length: count }, () => madeUp(questionnaire, random, { feeling }))
  return tallied(people, questionnaire)
}
const techLead = (counts: Counts, questionnaire: Questionnaire) =>
  firstOf(counts, questionnaire, archetypes, 50)!.shares[0]!.share

test('a statement that appeals to everybody is straightened out, unless the version is scored with it', () => {
  const sound = techLead(peopleOf(current), current)
  expect(Math.abs(techLead(peopleOf(current, appealing), current) - sound)).toBeLessThan(0.02)
  expect(Math.abs(techLead(peopleOf(calibrated, appealing), calibrated) - sound)).toBeLessThan(0.02)
})

test('of fewer people than enough there is none, and of others about how many they are', () => {
  const some = (count: number) => peopleOf(current, undefined, count)
  expect(firstOf(some(49), current, archetypes, 50)).toBeNull()
  expect(firstOf(some(57), current, archetypes, 50)).toMatchObject({ people: 50 })
})
