import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { checkFolder } from '../../src/content/check/check.ts'
import { desirabilityOf } from '../../src/content/check/desirability.ts'
import { lineOf } from '../../src/content/check/finding.ts'
import { hashOf } from '../../src/content/load.ts'
import { type Judged, type Ratings, ratingsFile, saveRating } from '../../src/content/ratings.ts'
import { archetypes, type Statement } from '../../src/content/schema.ts'
import { scorer } from '../../src/scoring/scores.ts'
import { content, contentWith } from '../support/content-copy.ts'

const questionnaire = content.current
const statements = questionnaire.blocks.flatMap((block) => block.statements)
const names = ['ada', 'bob', 'cy', 'dee', 'eva', 'fay', 'gus', 'hal']

type Opinion = (statement: Statement, question: Judged, judge: number) => number

/** Made-up judges: everything is a 3 or a 5, in a pattern that cancels for each judge and each statement. */
function judgesWith(count: number, opinion: Opinion = () => 0): Ratings {
  return Object.fromEntries(
    names.slice(0, count).map((name, judge) => [
      name,
      Object.fromEntries(
        statements.map((statement, index) => {
          const error = (index + judge) % 2 === 0 ? 1 : -1
          const rate = (question: Judged) => 4 + error + opinion(statement, question, judge)
          return [statement.id, { text: statement.text, good: rate('good'), familiar: rate('familiar') }]
        })
      )
    ])
  )
}

const warningsOf = (ratings: Ratings) => desirabilityOf(questionnaire, ratings).warnings.map(lineOf)

const first = statements[0] as Statement
const likes =
  (points: number, wanted: Judged): Opinion =>
  ({ id }, question) =>
    id === first.id && question === wanted ? points : 0

test('statements that judges like equally raise no warning', () => {
  expect(warningsOf(judgesWith(6))).toEqual([])
})

test('judges who like everything more, or less, say nothing about one statement', () => {
  const lenient: Opinion = (_statement, _question, judge) => (judge < 3 ? 1 : -2)
  expect(warningsOf(judgesWith(6, lenient))).toEqual([])
  const both: Opinion = (...asked) => lenient(...asked) + likes(2, 'good')(...asked)
  expect(warningsOf(judgesWith(6, both))).toEqual(warningsOf(judgesWith(6, likes(2, 'good'))))
})

test('one that sounds better is named, by how many logits', () => {
  // Two points of six judges are 1.5 above the block. σ² = 288 / (5 × 47), so d = 1.2825 × 1.5 / 1.107 = 1.74,
  // and its standard error is 1.2825 × √(0.75 / 6) = 0.45.
  expect(warningsOf(judgesWith(6, likes(2, 'good')))).toEqual([
    `questionnaires/2026-11/blocks.yaml: 0.statements.0: “${first.id}” sounds better than the others of its block: d = 1.7 ± 0.5 logits, by 6 judges`
  ])
})

test('so is one that is less familiar', () => {
  expect(warningsOf(judgesWith(6, likes(-2, 'familiar')))).toEqual([
    `questionnaires/2026-11/blocks.yaml: 0.statements.0: “${first.id}” is less familiar than the others of its block: d = -1.7 ± 0.5 logits, by 6 judges`
  ])
})

test('a difference that chance explains raises no warning', () => {
  // d = 0.87, above the target, but only 1.9 standard errors from nought.
  expect(warningsOf(judgesWith(6, likes(1, 'good')))).toEqual([])
})

test('an archetype that sounds a little worse in every block is named, though none of its statements is', () => {
  const opinion: Opinion = ({ archetype }, question) =>
    archetype === 'right-hand' && question === 'good' ? -0.5 : 0
  expect(warningsOf(judgesWith(6, opinion))).toEqual([
    'questionnaires/2026-11/blocks.yaml: right-hand sounds worse than the others on the whole: d = -0.4 ± 0.1 logits, by 6 judges'
  ])
})

test('judges who agree on everything still give finite numbers', () => {
  const agreed = judgesWith(5)
  for (const judge of Object.values(agreed)) {
    for (const { id } of statements) Object.assign(judge[id]!, { good: id === first.id ? 5 : 4, familiar: 4 })
  }
  expect(warningsOf(agreed)).toEqual([expect.stringMatching(/d = 3\.3 ± 0\.5 logits, by 5 judges$/)])
})

test('fewer than five judges, unfinished ones and reworded statements do not count', () => {
  const four = judgesWith(4, likes(2, 'good'))
  expect(desirabilityOf(questionnaire, four)).toEqual({ judges: 4, begun: 0, warnings: [] })

  const unfinished = judgesWith(5, likes(2, 'good'))
  delete unfinished.ada![first.id]
  expect(desirabilityOf(questionnaire, unfinished)).toEqual({ judges: 4, begun: 1, warnings: [] })

  const reworded = judgesWith(5, likes(2, 'good'))
  reworded.ada![first.id]!.text = 'I said something else.'
  expect(desirabilityOf(questionnaire, reworded)).toEqual({ judges: 4, begun: 1, warnings: [] })
})

test('content:check says what the file of ratings says, and the questionnaire stays as it was published', () => {
  const directory = contentWith()
  const { score } = scorer(archetypes)
  const report = () => checkFolder(directory, score, { random: 0, samePlaces: 0 }).report
  const folder = join(directory, 'questionnaires/2026-11')
  const before = hashOf(folder)
  expect(report()).toContain('Desirability: no ratings by real people yet')

  const last = statements.at(-1) as Statement
  const { eva, ...others } = judgesWith(5, likes(2, 'good'))
  const { [last.id]: missing, ...begun } = eva!
  mkdirSync(join(directory, 'questionnaires/ratings'))
  writeFileSync(join(directory, ratingsFile('2026-11')), stringify({ ...others, eva: begun }))
  expect(report()).toContain('too few ratings by real people yet: 4 of 5 judges; 1 more have begun')

  saveRating(directory, '2026-11', 'eva', last, { good: missing!.good, familiar: missing!.familiar })
  expect(report()).toContain('1 difference beyond |d| = 0.4 and beyond chance, by 5 judges')
  expect(report()).toMatch(/^Warnings:\n {2}.*slipping-team-date” sounds better/m)
  expect(report()).toContain('Verdict: 2026-11 is in order, with 1 warning.')
  expect(hashOf(folder)).toBe(before)
})

test('a file of ratings that cannot be used is named', () => {
  const directory = contentWith()
  saveRating(directory, '2026-11', 'ada', first, { good: 4, familiar: 4 })
  const path = join(directory, 'questionnaires/ratings/2026-11.yaml')
  writeFileSync(path, readFileSync(path, 'utf8').replace('good: 4', 'good: 9'))
  const { passes, report } = checkFolder(directory, scorer(archetypes).score, { random: 0, samePlaces: 0 })
  expect(passes).toBe(false)
  expect(report).toMatch(/questionnaires\/ratings\/2026-11\.yaml: ada\.slipping-team-date\.good: Too big/)
})
