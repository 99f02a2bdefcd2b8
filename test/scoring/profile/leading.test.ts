import { expect, test } from 'vitest'
import { leadingSet } from '../../../src/scoring/profile/leading.ts'

test('one archetype with 0.90 or more is a clear lead', () => {
  expect(leadingSet([0.05, 0.9, 0.03, 0.02])).toEqual({
    kind: 'single',
    certainty: 'clear',
    archetypes: [1],
    probability: 0.9
  })
})

test('one archetype with 0.75 up to 0.90 is a likely lead', () => {
  expect(leadingSet([0.1, 0.05, 0.1, 0.75])).toMatchObject({
    kind: 'single',
    certainty: 'likely',
    archetypes: [3]
  })
  expect(leadingSet([0.8999, 0.1001, 0, 0])).toMatchObject({ certainty: 'likely', archetypes: [0] })
})

test('two archetypes that reach 0.75 together are a blend, the likelier named first', () => {
  expect(leadingSet([0.35, 0.1, 0.45, 0.1])).toMatchObject({
    kind: 'blend',
    certainty: 'blend',
    archetypes: [2, 0],
    probability: 0.8
  })
})

test('three or more are no clear lead', () => {
  expect(leadingSet([0.3, 0.3, 0.3, 0.1])).toMatchObject({
    kind: 'open',
    certainty: 'open',
    archetypes: [0, 1, 2]
  })
  expect(leadingSet([0.25, 0.25, 0.25, 0.25]).kind).toBe('open')
})

test('differences in the last bits decide neither order nor level', () => {
  expect(leadingSet([0.4999999999999999, 0.5, 0, 0]).archetypes).toEqual([0, 1])
  expect(leadingSet([0.7499999999999999, 0.25, 0, 0]).kind).toBe('single')
  expect(leadingSet([0.8999999999999999, 0.1, 0, 0]).certainty).toBe('clear')
})
