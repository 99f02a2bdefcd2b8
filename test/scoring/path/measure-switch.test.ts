import { expect, test } from 'vitest'
import { lean } from '../../../src/scoring/path/lean.ts'
import { measureSwitch } from '../../../src/scoring/path/measure-switch.ts'

test('items on how one judges oneself are scored apart from the rest', () => {
  const answers = [
    { x: 2, measure: true },
    { x: -1, measure: false },
    { x: 2, measure: true },
    { x: -2, measure: false }
  ]
  const result = measureSwitch(answers)
  expect(result.measure).toEqual(lean([2, 2]))
  expect(result.rest).toEqual(lean([-1, -2]))
  expect(result.measure?.lean).toBe(1)
  expect(result.rest?.lean).toBe(-0.75)
})

test('fewer items are less certain', () => {
  const { measure, rest } = measureSwitch([
    { x: 1, measure: true },
    ...Array.from({ length: 7 }, () => ({ x: 1, measure: false }))
  ])
  expect(measure!.standardError).toBeGreaterThan(rest!.standardError)
})

test('where no item is left there is nothing to say', () => {
  expect(measureSwitch([{ x: 1, measure: false }]).measure).toBeNull()
  expect(measureSwitch([{ x: 1, measure: true }]).rest).toBeNull()
})
