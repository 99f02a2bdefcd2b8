import { load } from 'cheerio'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { attemptsIn } from '../../../src/database/stores/attempts.ts'
import { auditIn, byServer } from '../../../src/database/stores/audit.ts'
import { deletionsIn, remember } from '../../../src/database/stores/deletions.ts'
import { resultsIn } from '../../../src/database/stores/results.ts'
import { dayOf, daysBefore } from '../../../src/days.ts'
import { backupDays, draftDays, forgetOld, resultMonths } from '../../../src/features/operations/retention.ts'
import { randomFrom } from '../../../tools/simulation/random.ts'
import { addAdmin, giveSession } from '../../support/admin.ts'
import { content, testApp } from '../../support/app.ts'
import { addPeople, madeUp } from '../../support/people.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

test('a monitor is told that the process lives and that it can answer', async () => {
  const { app } = await testApp()
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' })
  expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready' })
})

test('when the database is gone, the service lives but is not ready', async () => {
  const { app, database } = await testApp()
  await database.write((transaction) => transaction.$executeRaw`ALTER TABLE "Questionnaire" RENAME TO "Gone"`)
  expect((await app.inject('/healthz')).statusCode).toBe(200)
  expect((await app.inject('/readyz')).statusCode).toBe(503)
})

test('drafts and results are forgotten when we promise to, and not before', async () => {
  const { database, visitor } = await testApp()
  const stores = {
    attempts: attemptsIn(database, () => ({})),
    results: resultsIn(database, () => ({})),
    deletions: deletionsIn(database)
  }
  await visitor().post('/quiz')
  await take(visitor(), devotedTo('architect', seeded(1)))
  const count = async () => [await database.read.attempt.count(), await database.read.result.count()]
  const today = dayOf(Date.now())
  await database.write((transaction) => remember(transaction, [{ id: 'gone', deletedOn: today }]))
  await forgetOld(stores, daysBefore(today, -draftDays), byServer(0))
  expect(await count()).toEqual([1, 1])
  await forgetOld(stores, daysBefore(today, -draftDays - 1), byServer(0))
  expect(await count()).toEqual([0, 1])
  await forgetOld(stores, daysBefore(today, -backupDays), byServer(0))
  expect(await database.read.deletion.count()).toBe(1)
  await forgetOld(stores, daysBefore(today, -backupDays - 1), byServer(0))
  expect(await database.read.deletion.count()).toBe(0)
  await forgetOld(stores, daysBefore(today, -(resultMonths * 31)), byServer(0))
  expect(await count()).toEqual([0, 0])
})

/** The app is started again on the same database, and what the log then holds of old age. */
async function withOldPeople() {
  const context = await testApp()
  const { database, app } = context
  const again = async () => {
    const next = await buildApp(readConfig({ LOG_LEVEL: 'silent' }), database, content)
    onTestFinished(() => next.close())
    await next.ready()
  }
  const expired = async () =>
    (
      await database.read.auditEntry.findMany({
        where: { action: { endsWith: '-expired' } },
        orderBy: { number: 'asc' }
      })
    ).map(({ actor, action, about, requestId }) => [actor, action, about, requestId])
  const random = randomFrom(3)
  const people = (count: number) => Array.from({ length: count }, () => madeUp(content.current, random))
  await app.close()
  return { ...context, again, expired, people }
}

test('what the service deletes for its age is in the audit log, by number only', async () => {
  const { database, again, expired, people } = await withOldPeople()
  const old = people(3)
  await addPeople(database, old, content.current, { day: '2020-01-01' })
  await addPeople(database, people(1), content.current, { day: dayOf(Date.now()) })
  const draft = { questionnaireVersion: content.current.version, arrangement: [] }
  const drafts = ['one', 'two'].map((id) => ({ id, day: '2020-01-01', draft, pages: [] }))
  await attemptsIn(database, () => ({})).bring(drafts)

  await again()
  const entries = [
    ['(server)', 'drafts-expired', '2', null],
    ['(server)', 'results-expired', '3', null]
  ]
  expect(await expired()).toEqual(entries)
  expect(await database.read.result.count()).toBe(1)
  expect(await auditIn(database).verify()).toMatchObject({ entries: 2, broken: null })
  const log = JSON.stringify(await database.read.auditEntry.findMany())
  for (const { id } of old) expect(log).not.toContain(id)
  // Where there is nothing to delete, there is nothing to tell.
  await again()
  expect(await expired()).toEqual(entries)
})

test('a start that finds nothing to delete for its age writes nothing', async () => {
  const { database, again, people } = await withOldPeople()
  const today = dayOf(Date.now())
  await addPeople(database, people(1), content.current, { day: today })
  const draft = { questionnaireVersion: content.current.version, arrangement: [] }
  await attemptsIn(database, () => ({})).bring([{ id: 'one', day: today, draft, pages: [] }])
  await database.write((transaction) => remember(transaction, [{ id: 'gone', deletedOn: today }]))
  // Prisma and the thread that writes take longer to load than all the rest of a start.
  const { writes } = database.load()
  await again()
  expect(database.load().writes).toBe(writes)
})

test('many old results go in several transactions, each with its entry', async () => {
  const { database, again, expired, people } = await withOldPeople()
  await addPeople(database, people(230), content.current, { day: '2020-01-01' })
  await again()
  expect((await expired()).map(([, , about]) => Number(about))).toEqual([200, 30])
  expect(await database.read.result.count()).toBe(0)
})

test('nothing is deleted for its age that the audit log cannot tell of', async () => {
  const { database, people } = await withOldPeople()
  await addPeople(database, people(1), content.current, { day: '2020-01-01' })
  const draft = { questionnaireVersion: content.current.version, arrangement: [] }
  const attempts = attemptsIn(database, () => ({}))
  await attempts.bring([{ id: 'one', day: '2020-01-01', draft, pages: [] }])
  await database.write((transaction) => transaction.$executeRaw`ALTER TABLE "AuditEntry" RENAME TO "Gone"`)
  const results = resultsIn(database, () => ({}))
  await expect(results.deleteBefore('2021-01-01', byServer(0))).rejects.toThrow(/AuditEntry/)
  await expect(attempts.forgetBefore('2021-01-01', byServer(0))).rejects.toThrow(/AuditEntry/)
  expect(await database.read.result.count()).toBe(1)
  expect(await database.read.attempt.count()).toBe(1)
})

test('the page of the audit log says what was deleted, and whose doing that is', async () => {
  const { database, visitor } = await testApp()
  await addPeople(database, [madeUp(content.current, randomFrom(1))], content.current, { day: '2020-01-01' })
  await resultsIn(database, () => ({})).deleteBefore('2021-01-01', byServer(Date.now()))
  await addAdmin(database)
  const browser = visitor()
  await giveSession(database, browser)
  const page = load((await browser.get('/admin/audit')).body)
  expect(page('tbody').text()).toContain('Deleted results that had reached their age, in number: 1')
  expect(page('caption').text()).toContain('“(server)” is the service itself')
  expect(page('caption a').attr('href')).toBe('/privacy')
})
