import { describe, expect, test } from 'vitest'
import { stepsOf } from '../../../src/attempt/steps.ts'
import { archetypes } from '../../../src/content/schema.ts'
import { proportion } from '../../../src/scoring/numerics/proportion.ts'
import {
  leavingRate,
  type Person,
  peopleOf,
  type Settings,
  statementsFor
} from '../../../tools/simulation/population/population.ts'
import { content } from '../../support/app.ts'

const { current } = content
const settings: Settings = { seed: 5, takers: 6000, until: '2026-11-23', sound: true }
const { statements } = statementsFor(settings, current, archetypes)

function peopleWith(parts: Partial<Settings> = {}): Person[] {
  return [
    ...peopleOf({ ...settings, ...parts }, current, statements, (arrangement) =>
      stepsOf(current, arrangement)
    )
  ]
}

const people = peopleWith()
const data = ({ behaviour, ...person }: Person) => person

/** As there are many, a share may miss by half as much again as its 95 % interval is wide. */
function expectShare(holds: number, of: number, expected: number) {
  const { share, low, high } = proportion(holds, of)
  expect(expected).toBeGreaterThan(share - 1.5 * (share - low))
  expect(expected).toBeLessThan(share + 1.5 * (high - share))
}

test('the same seed gives the same people, and another one others', () => {
  const few = { takers: 30 }
  expect(peopleWith(few).map(data)).toEqual(peopleWith(few).map(data))
  expect(peopleWith({ ...few, seed: 6 }).map(data)).not.toEqual(peopleWith(few).map(data))
})

test('one in twenty is careless, in either way equally often', () => {
  const careless = people.filter(({ carelessness }) => carelessness)
  expectShare(careless.length, people.length, 0.05)
  expectShare(careless.filter(({ carelessness }) => carelessness === 'hasty').length, careless.length, 0.5)
})

test('people leave at the rate that is known, which falls', () => {
  const pages = stepsOf(current, people[0]!.arrangement).length
  expect(pages).toBe(16)
  for (let done = 0; done <= pages; done++) {
    const still = people.filter(({ leftAfter }) => leftAfter === null || leftAfter >= done)
    expectShare(still.filter(({ leftAfter }) => leftAfter === done).length, still.length, leavingRate(done))
    if (done > 0) expect(leavingRate(done)).toBeLessThan(leavingRate(done - 1))
  }
  for (const { pages: answered, leftAfter } of people) expect(answered).toHaveLength(leftAfter ?? pages)
})

test('each optional question is answered by about 70 %', () => {
  expect(current.context.length).toBeGreaterThan(0)
  for (const { id } of current.context) {
    expectShare(people.filter(({ context }) => context[id]).length, people.length, 0.7)
  }
})

describe('the days', () => {
  const days = people.map(({ day }) => day)

  test('are those of the year that ends with the last one, in order', () => {
    expect(days[0]).toBe('2025-11-24')
    expect(days.at(-1)).toBe('2026-11-23')
    expect([...days].sort()).toEqual(days)
    expect(new Set(days).size).toBe(365)
  })

  test('see half as many again come at the end as at the beginning', () => {
    const within = (from: string, to: string) => days.filter((day) => day >= from && day <= to).length
    const ratio = within('2026-10-25', '2026-11-23') / within('2025-11-24', '2025-12-23')
    expect(ratio).toBeGreaterThan(1.35)
    expect(ratio).toBeLessThan(1.55)
  })
})

test('a set takes people who read some twenty seconds, and the hasty a few', () => {
  const medianOf = (carelessness: Person['carelessness']) => {
    const seconds = people
      .filter((person) => person.carelessness === carelessness)
      .flatMap(({ pages }) =>
        pages.filter(({ name }) => name.startsWith('set-')).map(({ seconds }) => seconds!)
      )
      .sort((a, b) => a - b)
    return seconds[Math.floor(seconds.length / 2)]
  }
  expect(medianOf(null)).toBeGreaterThanOrEqual(18)
  expect(medianOf(null)).toBeLessThanOrEqual(22)
  expect(medianOf('hasty')).toBeLessThan(4)
})
