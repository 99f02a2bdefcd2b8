import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { arrange } from '../../../src/content/answers.ts'
import { archetypes } from '../../../src/content/schema.ts'
import { type Database, openDatabase } from '../../../src/database/engine/client.ts'
import { migrate, schemaDirectory } from '../../../src/database/engine/migrate.ts'
import { aggregatesIn } from '../../../src/database/stores/aggregates.ts'
import { attemptsIn } from '../../../src/database/stores/attempts.ts'
import { byServer } from '../../../src/database/stores/audit.ts'
import { groupsIn } from '../../../src/database/stores/groups.ts'
import { questionnairesIn } from '../../../src/database/stores/questionnaires.ts'
import { firstTally, rebuildTallies } from '../../../src/database/stores/rebuild-tallies.ts'
import { resultsIn, type TallyOf } from '../../../src/database/stores/results.ts'
import { scorer as scorerOf } from '../../../src/scoring/scores.ts'
import { countAt } from '../../../src/statistics/counts.ts'
import { tallyOf } from '../../../src/statistics/tally.ts'
import { content, testApp, testDatabase } from '../../support/app.ts'
import { emptyDatabase } from '../../support/database.ts'
import { addPeople, madeUp } from '../../support/people.ts'
import { seeded } from '../../support/taker.ts'
import { newResult } from '../rows.ts'

const questionnaire = content.current
const scorer = scorerOf(archetypes)
const counted: TallyOf = (result) => tallyOf(result, questionnaire, archetypes)

/** Results of people who answer at random, some of them careless, to be used again and again. */
const people = Array.from({ length: 40 }, (_, index) => {
  const random = seeded(index)
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T
  const answers = {
    items: Object.fromEntries(
      [...questionnaire.lean, ...questionnaire.hybrid].map(({ id }) => [id, pick([1, 2, 3, 4, 5])])
    ),
    blocks: Object.fromEntries(
      questionnaire.blocks.map(({ id, statements }) => {
        const [most, ...others] = index % 5 ? statements.toSorted(() => random() - 0.5) : statements
        return [id, { most: most!.id, least: pick(others).id }]
      })
    ),
    duels: {},
    habits: Object.fromEntries(questionnaire.habits.kinds.map(({ id }) => [id, 'day'])),
    context: Object.fromEntries(
      questionnaire.context.flatMap(({ id, options }) => (random() < 0.7 ? [[id, pick(options).id]] : []))
    )
  }
  const arrangement = arrange(questionnaire, random)
  const seconds = Object.fromEntries(
    questionnaire.blocks.map(({ id }) => [`set-${id}`, Math.floor(2 + random() ** 2 * 60)])
  )
  const scores = scorer.score(questionnaire, { answers, arrangement, seconds })
  const finding = scores.leading.kind === 'single' ? archetypes[scores.leading.archetypes[0] as 0] : 'open'
  return { answers, arrangement, seconds, scores, finding, path: scores.lean.verdict } as const
})

/** Many random things that takers and the daily tidying do, many of them at once. */
async function live(database: Database, operations: number, seed: number) {
  const random = seeded(seed)
  const attempts = attemptsIn(database, counted)
  const results = resultsIn(database, counted)
  const groups = groupsIn(database)
  for (const id of ['g1', 'g2']) {
    const group = { id, name: id, openedOn: '2026-02-03', closesOn: '2026-12-31' }
    await groups.open(group, `join-${id}`, byServer(0))
  }
  const all = await groups.all()
  const open: string[] = []
  const done: string[] = []
  const take = (ids: string[]) => ids[Math.floor(random() * ids.length)] ?? 'nobody'
  const day = () => `2026-0${1 + Math.floor(random() * 4)}-1${Math.floor(random() * 9)}`

  for (let made = 0; made < operations; ) {
    const batch = Array.from({ length: Math.min(50, operations - made) }, (_, index) => {
      const chance = random()
      if (chance < 0.3) {
        const id = `taker-${made + index}`
        open.push(id)
        const group = random() < 0.3 ? (all[Math.floor(random() * 2)] ?? null) : null
        const start = { id, questionnaireVersion: questionnaire.version, arrangement: [] }
        return () => attempts.start(start, day(), group)
      }
      if (chance < 0.6) {
        const [id, place] = [take(open), 1 + Math.floor(random() * 16)]
        return () => attempts.save(id, { name: `page-${place}`, place, answers: {}, seconds: 9 }, day())
      }
      if (chance < 0.85) {
        const id = take(open)
        done.push(id)
        const person = people[Math.floor(random() * people.length)]!
        const page = { name: 'context', place: 17, answers: {}, seconds: null }
        return () => attempts.complete(id, page, day(), () => newResult(id, person))
      }
      if (chance < 0.92) return () => results.delete(`manage-${take(done)}`, '2026-11-04')
      if (chance < 0.98) return () => attempts.forget(take(open))
      return chance < 0.99
        ? () => attempts.forgetBefore('2026-01-15', byServer(0))
        : () => results.deleteBefore('2026-01-12', byServer(0))
    })
    made += batch.length
    await Promise.all(batch.map((operation) => operation()))
  }
}

async function talliesIn({ read }: Database) {
  return (
    await read.tally.findMany({
      orderBy: [{ kind: 'asc' }, { questionnaireVersion: 'asc' }, { month: 'asc' }, { groupId: 'asc' }]
    })
  ).map(({ counts, ...atom }) => ({ ...atom, counts: JSON.parse(counts) }))
}

test('after anything that happened, the running tallies are those of the rows', {
  timeout: 120_000
}, async () => {
  const { database } = await testDatabase()
  await live(database, Number(process.env.OPERATIONS ?? 800), 7)
  const running = await talliesIn(database)
  expect(running.length).toBeGreaterThan(8)
  expect(await database.read.result.count()).toBeGreaterThan(50)
  expect(await rebuildTallies(database, counted)).toEqual([])

  await database.write((transaction) => transaction.tally.updateMany({ data: { counts: '{"people":1}' } }))
  const rebuilt = await rebuildTallies(database, counted)
  expect(rebuilt).toHaveLength(running.length)
  expect(await talliesIn(database)).toEqual(running)
})

test('a database from before there were tallies gets them when the service starts', async () => {
  const { database, app } = await testApp()
  await live(database, 300, 8)
  const running = await talliesIn(database)
  await database.write((transaction) => transaction.tally.deleteMany())
  await app.close()
  const again = await buildApp(readConfig({ LOG_LEVEL: 'silent' }), database, content)
  await again.ready()
  const counts = (all: typeof running) =>
    Object.fromEntries(
      all.flatMap(({ kind, month, groupId, counts }) =>
        kind === 'results' && Object.keys(counts).length > 0 ? [[`${month} ${groupId}`, counts]] : []
      )
    )
  expect(counts(await talliesIn(database))).toEqual(counts(running))
  await again.close()
})

test('tallies from before P(first) are counted again, and copies of them renewed where nobody could be told from it', async () => {
  const url = await emptyDatabase()
  await migrate(url, schemaDirectory(url), ['0008_first'])
  const before = await openDatabase(url)
  await questionnairesIn(before).register([questionnaire])
  const random = seeded(3)
  const some = (people: number) => Array.from({ length: people }, () => madeUp(questionnaire, random))
  const [told, waiting] = ['2026-03', '2026-04']
  const known = (month: string) => ({ kind: 'results' as const, month })
  await addPeople(before, some(60), questionnaire, { day: `${told}-01` })
  await addPeople(before, some(60), questionnaire, { day: `${waiting}-01` })
  const categories = { findings: archetypes, paths: ['balanced'], archetypes }
  const overviewOf = (database: Database) =>
    aggregatesIn(database, 5, categories).overview(questionnaire, '2026-05-01')
  const asBefore = ({ counts }: { counts: string }) => {
    const { first: _first, ...rest } = JSON.parse(counts)
    return { counts: JSON.stringify(rest) }
  }
  await before.write(async ({ tally }) => {
    for (const row of await tally.findMany()) {
      await tally.updateMany({ where: { month: row.month }, data: asBefore(row) })
    }
  })
  expect(await overviewOf(before)).toMatchObject({ published: 120, first: null })
  await addPeople(before, some(1), questionnaire, { day: `${waiting}-01` })
  await before.close()

  await migrate(url)
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  await firstTally(database, counted)
  expect(await rebuildTallies(database, counted)).toEqual([])
  const { published, first } = await overviewOf(database)
  expect({ published, people: first!.people }).toEqual({ published: 120, people: 60 })
  for (const [month, has] of [
    [told, true],
    [waiting, false]
  ] as const) {
    const copy = await database.read.snapshot.findFirst({ where: known(month) })
    expect('first' in JSON.parse(copy!.counts)).toBe(has)
  }
  await addPeople(database, some(4), questionnaire, { day: `${waiting}-01` })
  expect(await overviewOf(database)).toMatchObject({ published: 125, first: { people: 120 } })
})

test('a tally holds who came, and nobody who has gone', async () => {
  const { database } = await testDatabase()
  const attempts = attemptsIn(database, counted)
  const results = resultsIn(database, counted)
  const [person] = people
  for (const id of ['one', 'two']) {
    await attempts.start({ id, questionnaireVersion: questionnaire.version, arrangement: [] }, '2026-03-01')
    const page = { name: 'context', place: 17, answers: {}, seconds: null }
    await attempts.complete(id, page, '2026-03-02', () => newResult(id, person))
  }
  const [tally] = (await talliesIn(database)).filter(({ kind }) => kind === 'results')
  expect(tally).toMatchObject({ month: '2026-03', groupId: '', people: 2 })
  expect(countAt(tally!.counts, 'people')).toBe(2)
  expect(countAt(tally!.counts, 'path', person!.path)).toBe(2)
  await results.delete('manage-one', '2026-11-04')
  await results.delete('manage-two', '2026-11-04')
  expect(await talliesIn(database)).toMatchObject([
    { kind: 'drafts', counts: {} },
    { kind: 'results', counts: {}, people: 0 }
  ])
})
