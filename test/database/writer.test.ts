import { expect, test } from 'vitest'
import { openDatabase, type Transaction } from '../../src/database/client.ts'
import { testDatabase } from '../support/app.ts'
import { onSqlite } from '../support/database.ts'
import { seeded } from '../support/taker.ts'

const row = (version: string) => ({ data: { version, sha256: '' } })

test('of writes beside failing ones and beside reads, what is acknowledged is there, in order, and nothing else', async () => {
  const { database } = await testDatabase()
  const random = seeded(1)
  const acknowledged: string[] = []
  const failed: string[] = []

  type Job = (transaction: Transaction, version: string) => Promise<unknown>
  const jobs: Job[] = [
    (transaction, version) => transaction.questionnaire.create(row(version)),
    async (transaction, version) => {
      await transaction.questionnaire.create(row(`${version} twice`))
      await transaction.questionnaire.update({ where: { version: `${version} twice` }, data: { version } })
    },
    async (transaction, version) => {
      await transaction.questionnaire.create(row(version))
      throw new Error('after a write')
    },
    async (transaction, version) => {
      await transaction.questionnaire.create(row(version))
      await transaction.questionnaire.create(row(version))
    },
    async (transaction, version) => {
      await transaction.questionnaire.create(row(version))
      await transaction.$executeRawUnsafe('INSERT INTO "Nowhere" VALUES (1)')
    }
  ]
  const requests = Array.from({ length: 400 }, async (_, index) => {
    const version = `version-${index}`
    const job = jobs[Math.floor(random() * jobs.length)]!
    await database
      .write((transaction) => job(transaction, version))
      .then(
        () => acknowledged.push(version),
        () => failed.push(version)
      )
    if (random() < 0.3) {
      const seen = await database.read.questionnaire.findMany({ where: { version: { in: failed } } })
      expect(seen).toEqual([])
    }
  })
  await Promise.all(requests)

  const rows = await database.read.$queryRawUnsafe<{ version: string }[]>(
    `SELECT version FROM "Questionnaire" WHERE version LIKE 'version-%' ORDER BY ${onSqlite ? 'rowid' : 'age(xmin) DESC'}`
  )
  expect(rows.map(({ version }) => version)).toEqual(acknowledged)
  expect(acknowledged.length).toBeGreaterThan(100)
  expect(failed.length).toBeGreaterThan(200)
  expect(acknowledged).toEqual(
    [...acknowledged].sort((a, b) => Number(a.split('-')[1]) - Number(b.split('-')[1]))
  )
})

test('an acknowledged write is seen by the next read', async () => {
  const { database } = await testDatabase()
  for (let index = 0; index < 20; index++) {
    await database.write((transaction) => transaction.questionnaire.create(row(`version-${index}`)))
    expect(
      await database.read.questionnaire.findUnique({ where: { version: `version-${index}` } })
    ).not.toBeNull()
  }
})

test('a read sees nothing that is not committed', async () => {
  const { database } = await testDatabase()
  const read = () => database.read.questionnaire.findUnique({ where: { version: 'open' } })
  let seen: unknown = 'nothing'
  await database.write(async (transaction) => {
    await transaction.questionnaire.create(row('open'))
    seen = await read()
  })
  expect(seen).toBeNull()
  expect(await read()).not.toBeNull()
})

test('what reads cannot write', async () => {
  const { database } = await testDatabase()
  await expect(database.read.questionnaire.create(row('by the reader'))).rejects.toThrow(/read-?only/)
  await expect(database.read.questionnaire.deleteMany()).rejects.toThrow(/read-?only/)
  await expect(database.read.$executeRawUnsafe('DROP TABLE "SavedPage"')).rejects.toThrow(/read-?only/)
  expect(await database.read.questionnaire.count()).toBe(1)
})

test.runIf(onSqlite)('both connections run as promised', async () => {
  const { database } = await testDatabase()
  const settingsOf = async (client: Pick<Transaction, '$queryRawUnsafe'>, names: string[]) => {
    const rows = names.map((name) => client.$queryRawUnsafe<[object]>(`PRAGMA ${name}`))
    return (await Promise.all(rows)).map(([row]) => String(Object.values(row)[0]))
  }
  const names = ['journal_mode', 'busy_timeout', 'foreign_keys', 'trusted_schema', 'query_only']
  const promised = ['wal', '5000', '1', '0']
  const writing = [...names, 'synchronous', 'secure_delete']
  expect(await database.write((transaction) => settingsOf(transaction, writing))).toEqual([
    ...promised,
    '0',
    '2',
    '1'
  ])
  expect(await settingsOf(database.read, names)).toEqual([...promised, '1'])
})

test('erasures lose none of their neighbours', async () => {
  const { database } = await testDatabase()
  const work = Array.from({ length: 40 }, (_, index) => {
    const before = { where: { version: `version-${index - 1}` } }
    return index % 4 === 3
      ? database.erase((transaction) => transaction.questionnaire.deleteMany(before))
      : database.write((transaction) => transaction.questionnaire.create(row(`version-${index}`)))
  })
  await Promise.all(work)
  expect(await database.read.questionnaire.count({ where: { version: { startsWith: 'version-' } } })).toBe(20)
})

test.runIf(onSqlite)('a write that another process blocks for too long fails alone', async () => {
  const { database, url } = await testDatabase()
  const other = await openDatabase(url)
  await database.write((transaction) => transaction.$queryRawUnsafe('PRAGMA busy_timeout = 1'))
  await other.write(async (transaction) => {
    await transaction.questionnaire.create(row('theirs'))
    const ours = database.write((transaction) => transaction.questionnaire.create(row('ours')))
    await expect(ours).rejects.toThrow()
  })
  await other.close()
  await database.write((transaction) => transaction.questionnaire.create(row('ours, again')))
  const rows = await database.read.questionnaire.findMany({ orderBy: { version: 'asc' } })
  expect(rows.map(({ version }) => version)).toEqual([expect.any(String), 'ours, again', 'theirs'])
})

test('closing waits for every write that was begun', async () => {
  const { database, url } = await testDatabase()
  const closing = await openDatabase(url)
  let acknowledged = 0
  for (let index = 0; index < 20; index++) {
    closing
      .write((transaction) => transaction.questionnaire.create(row(`version-${index}`)))
      .then(() => acknowledged++, expect.unreachable)
  }
  await closing.close()
  expect(acknowledged).toBe(20)
  expect(await database.read.questionnaire.count({ where: { version: { startsWith: 'version-' } } })).toBe(20)
})
