import { describe, expect, test } from 'vitest'
import type { Transaction } from '../../../src/database/engine/client.ts'
import { Unreachable } from '../../../src/database/engine/postgresql.ts'
import { testDatabase } from '../../support/app.ts'
import { onSqlite } from '../../support/database.ts'

const row = (version: string) => ({ data: { version, sha256: '' } })
const ours = { where: { version: { startsWith: 'version-' } } }

describe.skipIf(onSqlite)('when PostgreSQL ends a connection', () => {
  /** A database, and a way to end the connection that a transaction runs on. */
  async function cut() {
    const { database } = await testDatabase()
    async function end(transaction: Transaction) {
      const [{ pid }] = await transaction.$queryRawUnsafe<[{ pid: number }]>('SELECT pg_backend_pid() AS pid')
      await database.read.$queryRawUnsafe(`SELECT pg_terminate_backend(${pid}, 10000)`)
    }
    return { database, end }
  }

  test('before a commit, nothing of it is done twice, and the next write is done', async () => {
    const { database, end } = await cut()
    const runs: string[] = []
    const write = (version: string, isLast = false) =>
      database.write(async (transaction) => {
        runs.push(version)
        await transaction.questionnaire.create(row(version))
        if (isLast) await end(transaction)
      })
    const outcomes = await Promise.allSettled([write('version-1'), write('version-2', true)])
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason)).toEqual([
      expect.any(Unreachable),
      expect.any(Unreachable)
    ])
    expect(runs).toEqual(['version-1', 'version-2'])
    expect(await database.read.questionnaire.count(ours)).toBe(0)
    await write('version-3')
    expect(await database.read.questionnaire.count(ours)).toBe(1)
  })

  test('in the middle of a group, nothing of the group is done, and the next write is', async () => {
    const { database, end } = await cut()
    const write = (version: string, isLast = false) =>
      database.write(async (transaction) => {
        if (isLast) await end(transaction)
        await transaction.questionnaire.create(row(version))
      })
    const outcomes = await Promise.allSettled([write('version-1'), write('version-2', true)])
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason)).toEqual([
      expect.any(Unreachable),
      expect.any(Unreachable)
    ])
    await write('version-3')
    expect(await database.read.questionnaire.count(ours)).toBe(1)
  })

  test('what reads goes on with another one', async () => {
    const { database } = await cut()
    await database.rows('SELECT 1')
    await database.write((transaction) =>
      transaction.$queryRawUnsafe(
        `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid()`
      )
    )
    expect(await database.rows('SELECT 1 AS "one"')).toEqual([{ one: 1 }])
    expect(await database.read.questionnaire.count(ours)).toBe(0)
  })

  test('jobs under one name run one after the other, those under another beside them', async () => {
    const { database } = await testDatabase()
    const order: string[] = []
    const job = (name: string) =>
      database.inTurn(name, async () => {
        order.push(`${name} begins`)
        await (name === 'ada' ? database.read.questionnaire.count() : database.inTurn('ada', async () => {}))
        order.push(`${name} ends`)
        return name
      })
    expect(await Promise.all(['ada', 'ada', 'grace', 'ada'].map(job))).toEqual(['ada', 'ada', 'grace', 'ada'])
    const ada = order.filter((step) => step.startsWith('ada'))
    expect(ada).toEqual([1, 2, 3].flatMap(() => ['ada begins', 'ada ends']))
    await expect(database.inTurn('ada', () => Promise.reject(new Error('not now')))).rejects.toThrow(
      'not now'
    )
    expect(await job('ada')).toBe('ada')
  })
})
