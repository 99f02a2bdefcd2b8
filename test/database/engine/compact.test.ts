import { expect, test } from 'vitest'
import { testDatabase } from '../../support/app.ts'
import { onSqlite } from '../../support/database.ts'

test.runIf(onSqlite)(
  'once erased rows are compacted away, the file holds no page that they have left',
  async () => {
    const { database } = await testDatabase()
    const emptyPages = async () => {
      const [row] = await database.read.$queryRawUnsafe<[{ freelist_count: bigint }]>('PRAGMA freelist_count')
      return Number(row.freelist_count)
    }
    for (let attempt = 0; attempt < 50; attempt++) {
      await database.write((transaction) =>
        transaction.attempt.create({
          data: {
            id: `attempt ${attempt}`,
            questionnaireVersion: '2026-11',
            arrangement: 'x'.repeat(2_000),
            startedOn: '2026-11-23',
            savedOn: '2026-11-23'
          }
        })
      )
    }
    await database.erase((transaction) => transaction.attempt.deleteMany())
    expect(await emptyPages()).toBeGreaterThan(0)
    await database.compact()
    expect(await emptyPages()).toBe(0)
  }
)
