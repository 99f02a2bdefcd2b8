import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectDirectory } from '../../src/config.ts'
import { balanceOf } from '../../src/content/check/balance.ts'
import { checkFolder } from '../../src/content/check/check.ts'
import { secondClaimIn } from '../../src/content/check/clauses.ts'
import { anyOf, labelWords, valueWords } from '../../src/content/check/limits.ts'
import { readingEase } from '../../src/content/check/readability.ts'
import { archetypes } from '../../src/content/schema.ts'
import { scorer } from '../../src/scoring/scores.ts'
import { content } from '../support/content-copy.ts'

test('content:check finds every version in order, and says what it looked at', () => {
  const { passes, report } = checkFolder(join(projectDirectory, 'content'), scorer(archetypes).score)
  expect(passes, report).toBe(true)
  for (const { version, blocks } of content.questionnaires.values()) {
    expect(report).toContain(`Questionnaire ${version} (`)
    for (const { id } of blocks) expect(report).toMatch(new RegExp(`^  ${id} +(\\d+ ){4}`, 'm'))
    expect(report).toContain(`Verdict: ${version} is`)
  }
})

test.each([
  'I weigh what each path would cost over the years and argue for one.',
  'I take the part that will not work and stay until it does.',
  'I carry questions and answers between those who decide and those affected.',
  'I push the product to its limits to see where it fails.',
  'I understand the landlord.'
])('“%s” makes one claim', (statement) => {
  expect(secondClaimIn(statement)).toBeNull()
})

test.each([
  ['I write code and mentor people.', /“and mentor people” refers to nothing/],
  ['I like long plans, and my team likes me.', /“and my team likes me” refers to nothing/],
  ['I ask the team or decide it myself.', /“or decide it myself”/],
  ['I know the risk but take it.', /“but take it”/],
  ['I plan it and build it and run it.', /more than two parts: “and build it … and run it”/],
  ['I plan it; others build it.', /more than one sentence/],
  ['I plan it. Others build it.', /more than one sentence/],
  ['I plan it – others build it.', /more than one sentence/]
])('“%s” makes two', (statement, reason) => {
  expect(secondClaimIn(statement)).toMatch(reason)
})

test.each([
  [
    labelWords,
    'I lead the work.',
    'I right-hand it.',
    'Solving it.',
    'An architectural view.',
    'Our tech leads.'
  ],
  [valueWords, 'It is just this.', 'The best way.', 'Strategically put.', 'An effective fix.']
])('words are found with a capital, a hyphen and an ending', (list, ...texts) => {
  for (const text of texts) expect(text).toMatch(anyOf(list))
})

test('words are not found inside others', () => {
  for (const text of ['I adjust the leaden absolver.', 'Goodness, a bright idea: a misleading one.']) {
    expect(text).not.toMatch(anyOf(labelWords))
    expect(text).not.toMatch(anyOf(valueWords))
  }
})

test('reading ease is that of Flesch', () => {
  // 6 words of one syllable each: 206.835 − 1.015 × 6 − 84.6
  expect(readingEase(['The cat sat on the mat.'])).toBeCloseTo(116.145, 3)
  // 4 words, 10 syllables
  expect(readingEase(['Management evaluates people carefully.'])).toBeLessThan(0)
})

test('archetypes that are level share the first place, whichever is listed first', () => {
  const level = () => ({
    profile: { first: [0.25, 0.25, 0.25, 0.25] },
    leading: { kind: 'open', archetypes: [0, 1, 2, 3] },
    lean: { verdict: 'balanced' }
  })
  const { overall } = balanceOf(content.current, level, { random: 40, samePlaces: 40 })
  expect(overall.map(({ percent }) => percent)).toEqual([
    [25, 25, 25, 25],
    [25, 25, 25, 25]
  ])
})
