import { expect, test } from 'vitest'
import { openDatabase, type Transaction } from '../../../src/database/engine/client.ts'
import { Overloaded } from '../../../src/database/engine/writer.ts'
import { testDatabase } from '../../support/app.ts'
import { onSqlite } from '../../support/database.ts'
import { seeded } from '../../support/taker.ts'

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
  const promised = ['wal', '2000', '1', '0']
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

test('those who wait share a transaction, and each is answered with its own', async () => {
  const { database } = await testDatabase()
  const add = database.together(async (transaction, versions: readonly string[]) => {
    await transaction.questionnaire.createMany({ data: versions.map((version) => ({ version, sha256: '' })) })
    return versions.map((version) => `added ${version}`)
  })
  const before = database.load()
  const answers = Array.from({ length: 250 }, (_, index) => add(`version-${index}`))
  expect(await Promise.all(answers)).toEqual(
    Array.from({ length: 250 }, (_, index) => `added version-${index}`)
  )
  const { commits, writes, waiting } = database.load()
  expect(writes - before.writes).toBe(250)
  expect(commits - before.commits).toBeLessThan(10)
  expect(waiting).toBe(0)
  expect(await database.read.questionnaire.count({ where: { version: { startsWith: 'version-' } } })).toBe(
    250
  )
})

test('of work that is done together, what cannot be done fails alone, and leaves nothing', async () => {
  const { database } = await testDatabase()
  const add = database.together(async (transaction, versions: readonly string[]) => {
    for (const version of versions) {
      await transaction.questionnaire.create(row(version))
      if (version.endsWith('7')) throw new Error(`not ${version}`)
    }
    return versions
  })
  const all = Array.from({ length: 40 }, (_, index) => `version-${index}`)
  // The same again, and others that write by themselves in between.
  const asked = [...all, ...all.slice(0, 5)].flatMap((version, index) => [
    add(version),
    database.write((transaction) => transaction.questionnaire.create(row(`between-${index}`)))
  ])
  const outcomes = await Promise.allSettled(asked)
  const added = outcomes.filter((_, index) => index % 2 === 0)
  const failed = added.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))
  expect(failed).toEqual([7, 17, 27, 37, 40, 41, 42, 43, 44])
  expect(outcomes.filter((_, index) => index % 2 === 1).every(({ status }) => status === 'fulfilled')).toBe(
    true
  )
  const rows = await database.read.questionnaire.findMany({ where: { version: { startsWith: 'version-' } } })
  expect(rows.map(({ version }) => version).sort()).toEqual(
    all.filter((version) => !version.endsWith('7')).sort()
  )
})

test('when too many wait, the next is refused at once, and those who wait are served', async () => {
  const { database } = await testDatabase()
  const add = database.together(async (transaction, versions: readonly string[]) => {
    await transaction.questionnaire.createMany({ data: versions.map((version) => ({ version, sha256: '' })) })
    return versions
  })
  const outcomes = await Promise.allSettled(
    Array.from({ length: 2_500 }, (_, index) => add(`version-${index}`))
  )
  const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  expect(refused).toHaveLength(500)
  expect(refused[0]!.reason).toBeInstanceOf(Overloaded)
  expect(await database.read.questionnaire.count({ where: { version: { startsWith: 'version-' } } })).toBe(
    2_000
  )
  await expect(add('one more')).resolves.toBe('one more')
})
