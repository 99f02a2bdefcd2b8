import { expect, test } from 'vitest'
import { effectOf } from '../../../src/scoring/calibration/calibration-effect.ts'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import type { Response } from '../../../src/scoring/profile/response.ts'
import { independentProfile } from '../independent.ts'
import { answerBlocks, attractivenessOf, seeded, utilities } from '../takers.ts'

const random = seeded(4)
const d = attractivenessOf(random, 6, 1)
/** People none of whose archetypes are level, which the two implementations could order differently. */
const responses = Array.from(
  { length: 60 },
  (): Response => answerBlocks(random, utilities(random, 1), d)
).filter((response) =>
  [undefined, d].every((known) => {
    const sorted = independentProfile([response], known).first.toSorted((a, b) => b - a)
    return sorted.every((first, place) => place === 3 || first - sorted[place + 1]! > 0.002)
  })
)
const firstOf = (first: readonly number[]) => first.indexOf(Math.max(...first))
/** The leading archetypes by the rule of the result page: as few as add up to three quarters. */
function leadersOf(first: readonly number[]): string {
  const order = [0, 1, 2, 3].sort((a, b) => first[b]! - first[a]!)
  const enough = order.findIndex(
    (_, last) => order.slice(0, last + 1).reduce((sum, a) => sum + first[a]!, 0) >= 0.75
  )
  return order
    .slice(0, enough + 1)
    .sort()
    .join()
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('the effect of an attractiveness is what scoring with and without it comes to', () => {
  const effect = effectOf(responses, undefined, d)
  const before = responses.map((response) => independentProfile([response]).first)
  const after = responses.map((response) => independentProfile([response], d).first)
  const otherFirst = before.filter((first, i) => firstOf(first) !== firstOf(after[i]!)).length
  const otherLeading = before.filter((first, i) => leadersOf(first) !== leadersOf(after[i]!)).length
  expect(otherFirst).toBeGreaterThan(1)
  expect(otherLeading).toBeGreaterThan(otherFirst)
  expect(effect).toMatchObject({ otherFirst, otherLeading })
  const changes = before.map((first, i) => Math.abs(after[i]![firstOf(first)]! - first[firstOf(first)]!))
  expect(effect.meanChange).toBeCloseTo(mean(changes), 3)
  for (const a of [0, 1, 2, 3] as const) {
    expect(effect.before[a]).toBeCloseTo(mean(before.map((first) => first[a]!)), 3)
    expect(effect.after[a]).toBeCloseTo(mean(after.map((first) => first[a]!)), 3)
  }
})

test('the same attractiveness has no effect, whether it is left out or zero', () => {
  const zero = d.map((): Quad => [0, 0, 0, 0])
  const none = { otherLeading: 0, otherFirst: 0, meanChange: 0 }
  expect(effectOf(responses, undefined, zero)).toMatchObject(none)
  expect(effectOf(responses, d, d)).toMatchObject(none)
  expect(() => effectOf([], undefined, d)).toThrow(RangeError)
})
