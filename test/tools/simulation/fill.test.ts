import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { archetypes } from '../../../src/content/schema.ts'
import { type Database, openDatabase } from '../../../src/database/engine/client.ts'
import { migrate } from '../../../src/database/engine/migrate.ts'
import { aggregatesIn } from '../../../src/database/stores/aggregates.ts'
import { attemptsIn } from '../../../src/database/stores/attempts.ts'
import { questionnairesIn } from '../../../src/database/stores/questionnaires.ts'
import { rebuildTallies } from '../../../src/database/stores/rebuild-tallies.ts'
import { type Result, resultsIn, type TallyOf } from '../../../src/database/stores/results.ts'
import { proportion } from '../../../src/scoring/numerics/proportion.ts'
import { added, type Counts } from '../../../src/statistics/counts.ts'
import { tallyOf } from '../../../src/statistics/tally.ts'
import { assertRoom, fill, NoRoom } from '../../../tools/simulation/population/fill.ts'
import { type Settings, statementsFor } from '../../../tools/simulation/population/population.ts'
import { type TakerTruth, truthCount } from '../../../tools/simulation/population/truth.ts'
import { complete, start } from '../../database/rows.ts'
import { content, testDatabase } from '../../support/app.ts'

const { current } = content
const settings: Settings = { seed: 1, takers: 1600, until: '2026-11-23', sound: false }

const counted: TallyOf = (result) => tallyOf(result, current, archetypes)
const aggregates = (database: Database) =>
  aggregatesIn(database, 5, {
    findings: [...archetypes, 'blend', 'open', 'no-pattern'],
    paths: ['individual-contributor', 'balanced', 'management'],
    archetypes
  })

async function filled(database: Database, parts: Partial<Settings> = {}): Promise<TakerTruth[]> {
  const all = { ...settings, ...parts }
  const { statements } = statementsFor(all, current, archetypes)
  const people: TakerTruth[] = []
  for await (const batch of fill(database, current, all, statements)) people.push(...batch)
  return people
}

async function contentOf({ read }: Database) {
  const orderBy = { id: 'asc' } as const
  return {
    results: await read.result.findMany({ orderBy }),
    attempts: await read.attempt.findMany({ orderBy, include: { pages: { orderBy: { page: 'asc' } } } })
  }
}

describe('a filled database', () => {
  let database: Database
  let people: TakerTruth[]
  let completed: (TakerTruth & Result)[]
  const { truth, add } = truthCount(16, '2026-10-24')

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-filled-'))
    const file = join(directory, 'filled.db')
    await migrate(`file:${file}`)
    database = await openDatabase(`file:${file}`)
    await questionnairesIn(database).register([current])
    people = await filled(database)
    people.forEach(add)
    const results = resultsIn(database, counted)
    completed = await Promise.all(
      people
        .filter(({ leftAfter }) => leftAfter === null)
        .map(async (person) => ({ ...person, ...(await results.ofAttempt(person.id))! }))
    )
    return async () => {
      await database.close()
      rmSync(directory, { recursive: true })
    }
  })

  test('holds everybody once, and finds what the truth says was found', async () => {
    const { completions, drafts, parts } = await aggregates(database).overview(current, '2026-11-23')
    const tallies = await database.read.tally.findMany({ where: { kind: 'results' } })
    const { finding } = tallies.reduce<Counts>((sum, { counts }) => added(sum, JSON.parse(counts)), {})
    const left = truth.dropOff.reduce((sum, { left }) => sum + left, 0)
    expect(completions + left).toBe(settings.takers)
    expect(completions).toBe(truth.completed)
    expect(drafts).toBe(left - truth.dropOff[0]!.left)
    expect(finding).toEqual(
      Object.fromEntries(Object.entries(truth.findings).filter(([, count]) => count > 0))
    )
    const told = parts.findings.columns.flatMap((cell) => (cell.kind === 'shown' ? [cell.count] : []))
    expect(Object.values(truth.findings)).toEqual(expect.arrayContaining(told))
    expect(told.length).toBeGreaterThan(3)
    expect(await rebuildTallies(database, counted)).toEqual([])
  })

  test('has its planted statements flagged from the tallies, and hardly another', async () => {
    const { statements } = await aggregates(database).statements(current, '2026-11-23')
    const planted = statementsFor(settings, current, archetypes).faults.map(({ statement }) => statement)
    const flagged = statements!.filter(({ flags }) => flags.length > 0).map(({ id }) => id)
    expect(flagged).toEqual(expect.arrayContaining(planted))
    expect(flagged.length).toBeLessThanOrEqual(planted.length + 1)
  })

  test('has its results scored as the quiz scores them, without their reasons', () => {
    for (const { answers, completedOn, day, explanation, seconds, scores } of completed) {
      expect(completedOn).toBe(day)
      expect(explanation).toBeNull()
      expect(Object.keys(answers.blocks)).toHaveLength(12)
      expect(Object.keys(seconds).length).toBe(16 + Number(Object.keys(answers.duels).length > 0))
      expect(scores.profile.first.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
    }
    const withDuels = completed.filter(({ answers }) => Object.keys(answers.duels).length === 6)
    expect(withDuels.length / completed.length).toBeGreaterThan(0.35)
    expect(withDuels.length / completed.length).toBeLessThan(0.6)
  })

  test('keeps of those who left the pages that they had answered', async () => {
    const left = people.filter(({ leftAfter }) => leftAfter !== null)
    const rows = await database.read.attempt.findMany({ include: { pages: true } })
    const pagesOf = new Map(rows.map(({ id, pages }) => [id, pages.length]))
    expect(left.map(({ id }) => pagesOf.get(id))).toEqual(left.map(({ leftAfter }) => leftAfter))
    for (const { pages, left: gone, kept } of truth.dropOff) {
      expect(rows.filter((row) => row.pages.length === pages)).toHaveLength(gone)
      const recent = rows.filter((row) => row.pages.length === pages && row.savedOn >= '2026-10-24')
      expect(recent).toHaveLength(kept)
    }
    const someone = left.find(({ leftAfter }) => leftAfter === 5)!
    const draft = await attemptsIn(database, counted).find(someone.id)
    expect(Object.keys(draft!.answers.items)).toHaveLength(10)
    expect(Object.keys(draft!.answers.blocks)).toHaveLength(2)
  })

  test('names the true archetype to nine of ten who are told a single one', () => {
    const told = completed.filter(
      ({ carelessness, scores }) => !carelessness && !scores.noPattern && scores.leading.kind === 'single'
    )
    const right = told.filter(({ finding, first }) => finding === first).length
    expect(right / told.length).toBeGreaterThan(0.85)
    expect(right / told.length).toBeLessThan(0.95)
  })

  test('has the careless caught and hardly anybody else', () => {
    const caught = (careless: TakerTruth['carelessness']) => {
      const such = completed.filter(({ carelessness }) => carelessness === careless)
      return such.filter(({ scores }) => scores.consistency.leaveOut).length / such.length
    }
    expect(caught('hasty')).toBe(1)
    expect(caught('same-position')).toBe(1)
    expect(caught(null)).toBeLessThan(0.02)
  })

  test('has the statement that is too attractive marked Most twice as often as its neighbours', () => {
    const { faults } = statementsFor(settings, current, archetypes)
    const { statement } = faults.find(({ kind }) => kind === 'too-attractive')!
    const block = current.blocks.find(({ statements }) => statements.some(({ id }) => id === statement))!
    const timesMost = (id: string) =>
      completed.filter(({ answers }) => answers.blocks[block.id]!.most === id).length
    for (const { id } of block.statements.filter(({ id }) => id !== statement)) {
      expect(timesMost(statement)).toBeGreaterThan(2 * timesMost(id))
    }
  })
})

test('where all statements are sound, the mean P(first) of the careful is the true mix', async () => {
  const { database } = await testDatabase()
  const careful = (await filled(database, { sound: true })).filter(
    ({ leftAfter, carelessness }) => leftAfter === null && !carelessness
  )
  const results = resultsIn(database, counted)
  const first = await Promise.all(
    careful.map(async ({ id }) => (await results.ofAttempt(id))!.scores.profile.first)
  )
  for (const [a, archetype] of archetypes.entries()) {
    const told = first.reduce((sum, quad) => sum + quad[a]!, 0) / careful.length
    const { low, high } = proportion(
      careful.filter((person) => person.first === archetype).length,
      careful.length
    )
    expect(told).toBeGreaterThan(low)
    expect(told).toBeLessThan(high)
  }
})

test('the same seed fills a database with the same content, and another one with another', async () => {
  const [one, same, other] = [await testDatabase(), await testDatabase(), await testDatabase()]
  await filled(one.database, { takers: 40 })
  await filled(same.database, { takers: 40 })
  await filled(other.database, { takers: 40, seed: 2 })
  expect(await contentOf(same.database)).toEqual(await contentOf(one.database))
  expect(await contentOf(other.database)).not.toEqual(await contentOf(one.database))
})

describe('a database with people in it', () => {
  test.each([
    ['a result', complete],
    ['a draft', start]
  ])('is refused for %s, unless people are to be added', async (_what, takes) => {
    const { database } = await testDatabase()
    await assertRoom(database, settings, false)
    await takes(database, 'somebody')
    await expect(assertRoom(database, settings, false)).rejects.toThrow(
      new NoRoom('The database holds results or drafts already: name an empty one, or say --add.')
    )
    await assertRoom(database, settings, true)
  })

  test('takes other people, but not the same ones again', async () => {
    const { database } = await testDatabase()
    await filled(database, { takers: 20 })
    await expect(assertRoom(database, settings, true)).rejects.toThrow(
      new NoRoom('The people of --seed 1 are in the database already: choose another seed.')
    )
    await assertRoom(database, { ...settings, seed: 2 }, true)
    await filled(database, { takers: 20, seed: 2 })
    expect((await database.read.result.count()) + (await database.read.attempt.count())).toBe(40)
  })
})
