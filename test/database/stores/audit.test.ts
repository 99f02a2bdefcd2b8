import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Database } from '../../../src/database/engine/client.ts'
import { adminsIn } from '../../../src/database/stores/admins.ts'
import { auditIn, record } from '../../../src/database/stores/audit.ts'
import { testDatabase } from '../../support/app.ts'
import { dropTrigger, onSqlite } from '../../support/database.ts'

const now = Date.parse('2026-11-23T12:00:00.789Z')
const by = { actor: 'ada', at: now, requestId: 'request-1' }

async function aLog(entries: number) {
  const { database } = await testDatabase()
  const audit = auditIn(database)
  for (let entry = 1; entry <= entries; entry++) await audit.note(by, 'account-added', `admin-${entry}`)
  return { database, audit }
}

/** Somebody who writes to the file and knows how to get rid of triggers. */
async function tamper(database: Database, ...statements: string[]) {
  await database.write(async (transaction) => {
    for (const trigger of ['unchanged', 'kept', 'in_order']) {
      await transaction.$executeRawUnsafe(dropTrigger(`AuditEntry_${trigger}`))
    }
    for (const statement of statements) await transaction.$executeRawUnsafe(statement)
  })
}

test('an entry tells who did what, when to the second, and in which request', async () => {
  const { audit } = await aLog(1)
  expect(await audit.entries(1)).toMatchObject([
    {
      number: 1,
      at: '2026-11-23T12:00:00Z',
      actor: 'ada',
      action: 'account-added',
      about: 'admin-1',
      requestId: 'request-1'
    }
  ])
})

test('entries are read newest first, from anywhere', async () => {
  const { audit } = await aLog(5)
  const numbers = async (before?: number) => (await audit.entries(2, before)).map(({ number }) => number)
  expect([await numbers(), await numbers(4), await numbers(2)]).toEqual([[5, 4], [3, 2], [1]])
})

test('an intact log says so, and how long it is', async () => {
  const { audit } = await aLog(3)
  const [last] = await audit.entries(1)
  expect(await audit.verify()).toEqual({ entries: 3, hash: last?.hash, broken: null, known: false })
})

test('the hash can be worked out by others', async () => {
  const { audit } = await aLog(1)
  const [entry] = await audit.entries(1)
  const json =
    '{"about":"admin-1","action":"account-added","actor":"ada","at":"2026-11-23T12:00:00Z","number":1,"requestId":"request-1"}'
  expect(entry?.hash).toBe(
    createHash('sha256')
      .update(`${'0'.repeat(64)}${json}`)
      .digest('hex')
  )
})

test.each([
  ['changed', `UPDATE "AuditEntry" SET "actor" = 'grace' WHERE "number" = 3`, 3],
  ['moved in time', `UPDATE "AuditEntry" SET "at" = '2026-11-23T12:00:01Z' WHERE "number" = 2`, 2],
  ['removed', `DELETE FROM "AuditEntry" WHERE "number" = 4`, 4],
  ['removed at the start', `DELETE FROM "AuditEntry" WHERE "number" = 1`, 1],
  [
    'removed, and the others moved up',
    `DELETE FROM "AuditEntry" WHERE "number" = 5; UPDATE "AuditEntry" SET "number" = 5 WHERE "number" = 6`,
    5
  ]
])('an entry that was %s is named', async (_how, statements, broken) => {
  const { database, audit } = await aLog(6)
  await tamper(database, ...statements.split('; '))
  expect(await audit.verify()).toMatchObject({ broken, entries: broken - 1 })
})

test('an entry that was changed together with its hash gives itself away at the next', async () => {
  const { database, audit } = await aLog(6)
  const [before] = await audit.entries(1, 3)
  const json =
    '{"about":"admin-3","action":"account-added","actor":"grace","at":"2026-11-23T12:00:00Z","number":3,"requestId":"request-1"}'
  const hash = createHash('sha256').update(`${before?.hash}${json}`).digest('hex')
  await tamper(database, `UPDATE "AuditEntry" SET "actor" = 'grace', "hash" = '${hash}' WHERE "number" = 3`)
  expect(await audit.verify()).toMatchObject({ broken: 4, entries: 3 })
})

test('a log that was cut off at the end lacks the fingerprint that was noted', async () => {
  const { database, audit } = await aLog(6)
  const { hash } = await audit.verify()
  await audit.note(by, 'logout')
  expect(await audit.verify(hash)).toMatchObject({ broken: null, known: true })
  await tamper(database, 'DELETE FROM "AuditEntry" WHERE "number" > 5')
  expect(await audit.verify(hash)).toMatchObject({ broken: null, known: false })
})

test.each([
  `UPDATE "AuditEntry" SET "actor" = 'grace' WHERE "number" = 2`,
  'DELETE FROM "AuditEntry" WHERE "number" = 3',
  'DELETE FROM "AuditEntry"',
  onSqlite
    ? `INSERT OR REPLACE INTO "AuditEntry" SELECT * FROM "AuditEntry" WHERE "number" = 2`
    : 'TRUNCATE "AuditEntry"',
  `INSERT INTO "AuditEntry" SELECT 9, "at", "actor", "action", "about", "requestId", "hash" FROM "AuditEntry" LIMIT 1`
])('the database refuses: %s', async (statement) => {
  const { database, audit } = await aLog(3)
  await expect(database.write((transaction) => transaction.$executeRawUnsafe(statement))).rejects.toThrow(
    /audit entries are/
  )
  expect(await audit.verify()).toMatchObject({ entries: 3, broken: null })
})

test('what is rolled back is not recorded, and what cannot be recorded is rolled back', async () => {
  const { database, audit } = await aLog(1)
  const failing = database.write(async (transaction) => {
    await record(transaction, by, 'account-removed', 'grace')
    throw new Error('changed its mind')
  })
  await expect(failing).rejects.toThrow('changed its mind')
  expect(await audit.verify()).toMatchObject({ entries: 1 })

  const admins = adminsIn(database)
  await tamper(database, 'ALTER TABLE "AuditEntry" RENAME TO "Gone"')
  await expect(admins.add('grace', { hash: '' }, by)).rejects.toThrow()
  expect(await admins.find('grace')).toBeNull()
})

test('entries of the same moment make one chain', async () => {
  const { audit } = await aLog(0)
  await Promise.all(Array.from({ length: 20 }, (_, index) => audit.note(by, 'group-closed', `${index}`)))
  expect(await audit.verify()).toMatchObject({ entries: 20, broken: null })
})

test('removing an account leaves what it did in the log', async () => {
  const { database, audit } = await aLog(0)
  const admins = adminsIn(database)
  for (const name of ['ada', 'grace']) await admins.add(name, { hash: '' }, by)
  await admins.remove('ada', { ...by, actor: 'grace' })
  const entries = (await audit.entries(9)).map(({ actor, action, about }) => [actor, action, about])
  expect(entries).toEqual([
    ['grace', 'account-removed', 'ada'],
    ['ada', 'account-added', 'grace'],
    ['ada', 'account-added', 'ada']
  ])
})
