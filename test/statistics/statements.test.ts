import { describe, expect, test } from 'vitest'
import { arrange } from '../../src/content/answers.ts'
import { archetypes } from '../../src/content/schema.ts'
import type { Response } from '../../src/scoring/profile/response.ts'
import { scorer as scorerOf } from '../../src/scoring/scores.ts'
import { added, type Counts, countAt } from '../../src/statistics/counts.ts'
import { bucketOf, medianOf } from '../../src/statistics/seconds.ts'
import { reliabilityOf, statementsOf } from '../../src/statistics/statements.ts'
import { tallyOf } from '../../src/statistics/tally.ts'
import { answerBlocks, seeded, utilities } from '../scoring/takers.ts'
import { content } from '../support/app.ts'
import { empiricalReliability, itemStatistics } from './item-statistics.ts'

const questionnaire = content.current
const scorer = scorerOf(archetypes)

/** People with utilities, and a first set in which Tech Lead is marked most by nearly everybody. */
function people(count: number) {
  const random = seeded(8)
  return Array.from({ length: count }, () => {
    const u = utilities(random, 1)
    const utilitiesOfBlocks = questionnaire.blocks.map((_, block) =>
      block === 0 ? ([u[0] + 2, u[1], u[2], u[3]] as const) : u
    )
    const response = answerBlocks(random, [0, 0, 0, 0], utilitiesOfBlocks)
    const blocks = Object.fromEntries(
      questionnaire.blocks.map(({ id, statements }, index) => {
        const { most, least } = response.choices[index]!
        const idOf = (a: number | null) =>
          statements.find(({ archetype }) => archetype === archetypes[a!])!.id
        return [id, { most: idOf(most), least: idOf(least) }]
      })
    )
    const items = Object.fromEntries(
      [...questionnaire.lean, ...questionnaire.hybrid].map(({ id }) => [id, 3])
    )
    const answers = { items, blocks, duels: {}, habits: {}, context: {} }
    const arrangement = arrange(questionnaire, random)
    const scores = scorer.score(questionnaire, { answers, arrangement, seconds: {} })
    const counted = { finding: 'solver', path: 'balanced', answers, arrangement, seconds: {}, scores }
    return { response, scores, counts: tallyOf(counted, questionnaire, archetypes) }
  })
}

const everybody = people(300)
const kept = everybody.filter(({ scores }) => !scores.consistency.leaveOut)
const sum = (all: typeof everybody) => all.reduce<Counts>((total, { counts }) => added(total, counts), {})

describe('the statistics from sums', () => {
  const counts = sum(everybody)
  const fromSums = statementsOf(counts, questionnaire, archetypes, 5)

  test('are those from the answers, careless ones left out', () => {
    const responses: Response[] = kept.map(({ response }) => response)
    const fromAnswers = itemStatistics(responses, questionnaire.blocks.length)
    expect(countAt(counts, 'measured')).toBe(kept.length)
    for (const [index, { id, statements }] of questionnaire.blocks.entries()) {
      for (const statement of statements) {
        const { most, least, itemRest, bestOther, flags, answered } =
          fromAnswers[index]![archetypes.indexOf(statement.archetype) as 0]
        const found = fromSums.find((one) => one.id === statement.id)!
        expect(found).toMatchObject({ block: id, answered, most, least, flags })
        expect(found.itemRest).toBeCloseTo(itemRest!, 9)
        expect(found.bestOther!.archetype).toBe(bestOther!.archetype)
        expect(found.bestOther!.r).toBeCloseTo(bestOther!.r, 9)
      }
    }
    expect(fromSums.filter(({ flags }) => flags.includes('too-attractive'))).toHaveLength(1)
  })

  test('give the reliability of the profiles, within its range', () => {
    const expected = empiricalReliability(kept.map(({ scores }) => scores.profile))!
    const { value, low, high } = reliabilityOf(counts, archetypes)!
    expect(value).toBeCloseTo(expected, 4)
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
    expect(high - low).toBeLessThan(0.1)
    expect(reliabilityOf(kept[0]!.counts, archetypes)).toBeNull()
  })

  test('say how much better MOST is than LEAST, and the first place than the last', () => {
    const first = questionnaire.blocks[0]!.statements.find(({ archetype }) => archetype === archetypes[0])!
    const { bestMinusWorst, positionEffect, most, least } = fromSums.find(({ id }) => id === first.id)!
    expect(bestMinusWorst!.value).toBeCloseTo(most.share - least.share, 12)
    expect(bestMinusWorst!.low).toBeGreaterThan(0.3)
    expect(positionEffect!.high - positionEffect!.low).toBeLessThan(0.6)
    // Nobody here minds the place, so 95 in 100 ranges hold 0.
    const none = fromSums.filter(
      ({ positionEffect }) => positionEffect && positionEffect.low <= 0 && positionEffect.high >= 0
    )
    expect(none.length).toBeGreaterThanOrEqual(42)
  })
})

test('whoever is taken away again leaves nothing behind', () => {
  const [one, ...others] = everybody
  expect(added(sum(everybody), one!.counts, -1)).toEqual(sum(others))
  expect(added(one!.counts, one!.counts, -1)).toEqual({})
})

test('medians are found within a quarter, whatever the number', () => {
  const random = seeded(4)
  for (const typical of [4, 20, 300]) {
    const seconds = Array.from({ length: 2001 }, () =>
      Math.round(typical * Math.exp(random() + random() - 1))
    )
    const buckets: Record<string, number> = {}
    for (const value of seconds) buckets[bucketOf(value)] = (buckets[bucketOf(value)] ?? 0) + 1
    const exact = seconds.toSorted((a, b) => a - b)[1000]!
    expect(Math.abs(Math.log(medianOf(buckets)! / exact))).toBeLessThan(Math.log(1.25))
  }
  expect(medianOf({})).toBeNull()
  expect(medianOf({ [bucketOf(1e9)]: 3 })).toBeGreaterThan(0)
})
