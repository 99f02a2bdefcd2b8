import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectDirectory } from '../../src/config.ts'
import { hashOf } from '../../src/content/load.ts'
import { archetypes } from '../../src/content/schema.ts'
import { content } from '../support/app.ts'
import { readingEase } from '../support/readability.ts'

const { blocks, lean, hybrid, habits, context } = content.current
const statements = blocks.flatMap((block) => block.statements)
const words = (text: string) => text.split(/\s+/).length
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('twelve blocks have four statements each, one for every archetype', () => {
  expect(blocks).toHaveLength(12)
  for (const block of blocks) {
    expect(block.statements.map(({ archetype }) => archetype).sort()).toEqual([...archetypes].sort())
  }
})

test('every id is unique among everything that is asked', () => {
  const ids = [...blocks, ...statements, ...lean, ...hybrid, ...habits.kinds, ...context].map(({ id }) => id)
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
})

test('no statement has more than 16 words, no block a mean above 13 or a spread above 4', () => {
  for (const block of blocks) {
    const lengths = block.statements.map(({ text }) => words(text))
    expect(Math.max(...lengths), block.id).toBeLessThanOrEqual(16)
    expect(mean(lengths), block.id).toBeLessThanOrEqual(13)
    expect(Math.max(...lengths) - Math.min(...lengths), block.id).toBeLessThanOrEqual(4)
  }
})

test('the statements of the four archetypes are equally long, within half a word', () => {
  const means = archetypes.map((archetype) =>
    mean(statements.filter((statement) => statement.archetype === archetype).map(({ text }) => words(text)))
  )
  expect(Math.max(...means) - Math.min(...means)).toBeLessThanOrEqual(0.5)
})

test('no statement names an archetype or says how good it is', () => {
  const label = /\b(tech lead|lead(?:er|s|ing)?|architect\w*|sol(?:ve|ver|ving|ution)s?|right[ -]hand)\b/i
  const value =
    /\b(strategic|just|only|simply|merely|best|better|excellent|smart|important|proper|rightly)\b/i
  for (const { text } of statements) {
    expect(text).not.toMatch(label)
    expect(text).not.toMatch(value)
    expect(text).toMatch(/\b(I|me|my|us|we)\b/)
  }
})

test('the statements read as plain English', () => {
  expect(readingEase(statements.map(({ text }) => text))).toBeGreaterThan(60)
})

test('half of the eight path items have management on the left', () => {
  expect(lean).toHaveLength(8)
  expect(lean.filter(({ management }) => management === 'left')).toHaveLength(4)
  expect(hybrid.map(({ measures }) => measures).sort()).toEqual(['both-at-once', 'pendulum'])
})

test('every published version has the hash with which it was published', () => {
  for (const [version, questionnaire] of content.questionnaires) {
    expect(content.published[version], version).toBe(questionnaire.sha256)
    expect(hashOf(join(projectDirectory, 'content/questionnaires', version))).toBe(questionnaire.sha256)
  }
})
