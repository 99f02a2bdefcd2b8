import { expect, test } from 'vitest'
import { contributionsFinder } from '../../../src/scoring/explain/contributions.ts'
import { profileEngine } from '../../../src/scoring/profile/profile.ts'
import type { Response } from '../../../src/scoring/profile/response.ts'
import { goldenProfile } from '../golden.ts'
import { answers, choices, duels } from '../notation.ts'
import { answerBlocks, attractivenessOf, seeded, utilities } from '../takers.ts'

const engine = profileEngine()
const contributions = contributionsFinder()
const explain = (response: Response) => contributions(response, engine.score(response))
const sum = (parts: readonly (number | null)[]) =>
  parts.reduce<number>((total, part) => total + (part ?? 0), 0)

test('the difference is that of the shares of the two likeliest first', () => {
  const response = answers(goldenProfile('G2').answers)
  const { first, second, difference } = explain(response)
  const { share } = engine.score(response)
  expect([first, second]).toEqual([2, 0])
  expect(difference).toBe(share[2] - share[0])
})

test('the archetype with the higher share is ahead, also where the other is likelier first', () => {
  const random = seeded(12)
  let swapped = 0
  for (let i = 0; i < 200; i++) {
    const response = answerBlocks(random, utilities(random, 0.7), Array(12).fill([0, 0, 0, 0]))
    const { first, share } = engine.score(response)
    const explained = explain(response)
    expect(explained.difference).toBeGreaterThan(-1e-9)
    if (first[explained.first]! < first[explained.second]!) swapped += 1
    expect(
      [...first].filter((p) => p > Math.min(first[explained.first]!, first[explained.second]!) + 1e-9).length
    ).toBeLessThanOrEqual(1)
    expect(explained.difference).toBe(share[explained.first]! - share[explained.second]!)
  }
  expect(swapped).toBeGreaterThan(0)
})

test('the parts add up to the difference, duels and attractiveness included', () => {
  const random = seeded(9)
  const attractiveness = attractivenessOf(random, 12, 0.5)
  const known = profileEngine({ attractiveness })
  const withKnown = contributionsFinder(attractiveness)
  for (let i = 0; i < 40; i++) {
    const response = {
      ...answerBlocks(random, utilities(random, [0.5, 1, 2, 4][i % 4]!), attractiveness),
      duels: i % 2 ? duels('SO>AR AR>TL RH>SO') : []
    }
    for (const parts of [explain(response), withKnown(response, known.score(response))]) {
      expect(Math.abs(sum(parts.blocks) + sum(parts.duels) - parts.difference)).toBeLessThan(1e-9)
    }
  }
})

test('an answer speaks for whom it marks', () => {
  const { first, second, blocks } = explain(answers('AR>RH SO>TL AR>TL'))
  expect([first, second]).toEqual([1, 2])
  expect(blocks.map((part) => Math.sign(part!))).toEqual([1, -1, 1])
})

test('equal answers contribute equally, and answers that name neither of the two hardly at all', () => {
  const { blocks } = explain(answers('AR>RH AR>RH SO>RH TL>RH AR>TL SO>TL'))
  expect(blocks[0]).toBe(blocks[1])
  const [forFirst, , forSecond, neither] = blocks.map((part) => Math.abs(part!))
  expect(neither).toBeLessThan(Math.min(forFirst!, forSecond!) / 2)
})

test('duels contribute, and blocks left open are passed over', () => {
  const response = { choices: [null, ...choices('AR>RH SO>RH AR>TL')], duels: duels('SO>AR AR>SO AR>SO') }
  const explained = explain(response)
  expect(explained.blocks.map((part) => part !== null)).toEqual([false, true, true, true])
  expect(explained.duels.map(Math.sign)).toEqual([-1, 1, 1])
  expect(explained.duels[1]).toBe(explained.duels[2])
})

test('nothing answered has nothing to explain', () => {
  const { difference, ...parts } = explain({ choices: [null] })
  expect(difference).toBeCloseTo(0, 12)
  expect(parts).toMatchObject({ blocks: [null], duels: [] })
})
