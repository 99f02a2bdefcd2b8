import { expect, test } from 'vitest'
import { contributions } from '../../src/scoring/contributions.ts'
import { profileEngine } from '../../src/scoring/profile.ts'
import { goldenProfile } from './golden.ts'
import { answers, choices, duels } from './notation.ts'

const engine = profileEngine()

test('the difference is that of the shares of the two likeliest first', () => {
  const response = answers(goldenProfile('G2').answers)
  const { first, second, difference } = contributions(engine, response)
  const { share } = engine.score(response)
  expect([first, second]).toEqual([2, 0])
  expect(difference).toBeCloseTo(share[2] - share[0], 12)
})

test('each answer contributes what is lost when it is left out', () => {
  const response = answers('AR>RH SO>TL AR>TL')
  const { first, second, difference, contributions: parts } = contributions(engine, response)
  expect([first, second]).toEqual([1, 2])
  expect(parts.map(({ answer }) => answer)).toEqual([{ block: 0 }, { block: 1 }, { block: 2 }])
  const { share } = engine.score(answers('AR>RH AR>TL'))
  expect(parts[1]!.contribution).toBeCloseTo(difference - (share[1] - share[2]), 12)
  expect(parts[0]!.contribution).toBeGreaterThan(0)
  expect(parts[1]!.contribution).toBeLessThan(0)
})

test('equal answers contribute equally, and answers that name neither of the two hardly at all', () => {
  const { contributions: parts } = contributions(engine, answers('AR>RH AR>RH SO>RH TL>RH AR>TL SO>TL'))
  expect(parts[0]!.contribution).toBeCloseTo(parts[1]!.contribution, 12)
  const [forFirst, , forSecond, neither] = parts.map(({ contribution }) => Math.abs(contribution))
  expect(neither).toBeLessThan(Math.min(forFirst!, forSecond!) / 2)
})

test('duels contribute, and blocks left open are passed over', () => {
  const response = { choices: [null, ...choices('AR>RH SO>RH AR>TL')], duels: duels('SO>AR AR>SO AR>SO') }
  const { contributions: parts } = contributions(engine, response)
  expect(parts.map(({ answer }) => answer)).toEqual([
    { block: 1 },
    { block: 2 },
    { block: 3 },
    { duel: 0 },
    { duel: 1 },
    { duel: 2 }
  ])
  expect(parts[3]!.contribution).toBeLessThan(0)
  expect(parts[4]!.contribution).toBeGreaterThan(0)
  expect(parts[4]!.contribution).toBeCloseTo(parts[5]!.contribution, 12)
})

test('nothing answered has nothing to explain', () => {
  expect(contributions(engine, { choices: [null] })).toMatchObject({ contributions: [] })
})
