import { copyFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src/database/engine/client.ts'
import { fileOf } from '../../../src/database/engine/sqlite-connections.ts'
import { byServer } from '../../../src/database/stores/audit.ts'
import { deletionsIn, keyOf } from '../../../src/database/stores/deletions.ts'
import { resultsIn } from '../../../src/database/stores/results.ts'
import { testDatabase } from '../../support/app.ts'
import { onSqlite } from '../../support/database.ts'
import { complete, filesWith, newResult, tallyOf } from '../rows.ts'

async function results() {
  const { database, url } = await testDatabase()
  return { database, url, results: resultsIn(database, tallyOf) }
}

test('a result is found by its attempt and by either link, as it was stored', async () => {
  const { database, results: stored } = await results()
  await complete(database, 'one', '2026-11-02')
  await complete(database, 'two')
  const { viewHash: _v, manageHash: _m, finding: _f, path: _p, ...kept } = newResult('one')
  const expected = { ...kept, completedOn: '2026-11-02', groupId: null }
  expect(await stored.ofAttempt('one')).toEqual(expected)
  expect(await stored.byViewLink('view-one')).toEqual(expected)
  expect(await stored.byManageLink('manage-one')).toEqual(expected)
})

test('an explanation is stored with its result', async () => {
  const { database, results: stored } = await results()
  const explanation = { why: { first: 1, second: 0, difference: 0.1, blocks: [0.1], duels: [] }, flip: null }
  await complete(database, 'one', '2026-11-02', { explanation })
  expect(await stored.ofAttempt('one')).toMatchObject({ explanation })
})

test('notes are kept in their order, found by the private link alone, and go one by one', async () => {
  const { database, results: stored } = await results()
  await complete(database, 'one')
  await complete(database, 'two')
  expect(await stored.addNote('manage-one', 'first', '2026-11-02', 3)).toBe(true)
  expect(await stored.addNote('manage-one', 'second', '2026-11-03', 3)).toBe(true)
  expect(await stored.addNote('view-one', 'stranger', '2026-11-03', 3)).toBe(false)
  expect(await stored.notes('manage-one')).toEqual([
    { number: 1, writtenOn: '2026-11-02', text: 'first' },
    { number: 2, writtenOn: '2026-11-03', text: 'second' }
  ])
  expect(await stored.notes('view-one')).toBeNull()
  await stored.deleteNote('manage-two', 1, '2026-11-04')
  await stored.deleteNote('manage-one', 1, '2026-11-04')
  await stored.addNote('manage-one', 'third', '2026-11-03', 3)
  expect((await stored.notes('manage-one'))?.map(({ number, text }) => [number, text])).toEqual([
    [2, 'second'],
    [3, 'third']
  ])
})

test('a note is written once, however often the button is pressed', async () => {
  const { database, results: stored } = await results()
  await complete(database, 'one')
  const press = () => stored.addNote('manage-one', 'twice?', '2026-11-02', 3)
  expect(await Promise.all([press(), press(), press()])).toEqual([true, true, true])
  expect(await stored.notes('manage-one')).toHaveLength(1)
  expect(await stored.addNote('manage-one', 'twice?', '2026-11-03', 3)).toBe(true)
  expect(await stored.notes('manage-one')).toHaveLength(2)
})

test('a result takes so many notes, and no more', async () => {
  const { database, results: stored } = await results()
  await complete(database, 'one')
  for (let number = 1; number <= 3; number++) {
    expect(await stored.addNote('manage-one', `${number}`, '2026-11-02', 3)).toBe(true)
  }
  expect(await stored.addNote('manage-one', 'one more', '2026-11-02', 3)).toBe(false)
  expect(await stored.notes('manage-one')).toHaveLength(3)
})

test.runIf(onSqlite)(
  'of a deleted note, or one whose result is deleted, no byte is left in the files',
  async () => {
    const { database, url, results: stored } = await results()
    await complete(database, 'one')
    await stored.addNote('manage-one', 'marker-of-a-note', '2026-11-02', 3)
    await stored.addNote('manage-one', 'marker-of-another', '2026-11-02', 3)
    expect(filesWith(url, 'marker-of-a')).not.toEqual([])
    await stored.deleteNote('manage-one', 1, '2026-11-04')
    expect(filesWith(url, 'marker-of-a-note')).toEqual([])
    await stored.delete('manage-one', '2026-11-04')
    expect(filesWith(url, 'marker-of-another')).toEqual([])
    expect(await database.read.note.count()).toBe(0)
  }
)

test('a link opens nothing but its own way', async () => {
  const { database, results: stored } = await results()
  await complete(database, 'one')
  expect(await stored.byViewLink('manage-one')).toBeNull()
  expect(await stored.byManageLink('view-one')).toBeNull()
  expect(await stored.ofAttempt('view-one')).toBeNull()
  expect(await stored.delete('view-one', '2026-11-04')).toBe(false)
  expect(await stored.byViewLink('view-one')).not.toBeNull()
})

test('a result is deleted once, and alone', async () => {
  const { database, results: stored } = await results()
  await complete(database, 'one')
  await complete(database, 'two')
  expect(await stored.delete('manage-one', '2026-11-04')).toBe(true)
  expect(await stored.delete('manage-one', '2026-11-04')).toBe(false)
  expect(await stored.byViewLink('view-one')).toBeNull()
  expect(await stored.byViewLink('view-two')).not.toBeNull()
})

test('results are deleted by the day they were completed on', async () => {
  const { database, results: stored } = await results()
  await complete(database, 'old', '2024-10-31')
  await complete(database, 'older', '2023-01-01')
  await complete(database, 'on the day', '2024-11-01')
  expect(await stored.deleteBefore('2024-11-01', byServer(0))).toBe(2)
  expect(await stored.deleteBefore('2024-11-01', byServer(0))).toBe(0)
  expect(await stored.ofAttempt('on the day')).not.toBeNull()
})

test('deletions by owners are remembered by day and nothing else, for a while', async () => {
  const { database, results: stored } = await results()
  for (const id of ['one', 'two', 'old'])
    await complete(database, id, id === 'old' ? '2024-01-01' : undefined)
  await stored.addNote('manage-two', 'first', '2026-11-02', 3)
  await stored.delete('manage-one', '2026-11-04')
  await stored.delete('manage-one', '2026-11-05')
  await stored.deleteNote('manage-two', 1, '2026-11-06')
  await stored.deleteNote('manage-two', 1, '2026-11-07')
  await stored.deleteBefore('2024-02-01', byServer(0))
  const known = async () =>
    (await database.read.deletion.findMany({ orderBy: { deletedOn: 'asc' } })).map(Object.values)
  expect(await known()).toEqual([
    [keyOf('one'), '2026-11-04'],
    [keyOf('two', 1, '2026-11-02'), '2026-11-06']
  ])
  expect(JSON.stringify(await known())).not.toMatch(/one|two/)
  await deletionsIn(database).forgetBefore('2026-11-05')
  expect(await known()).toHaveLength(1)
})

/** A result with a marker in it that is longer than a page of the database, between others. */
async function resultWith(marker: string) {
  const { database, url, results: stored } = await results()
  const answers = { ...newResult('').answers, context: { note: `${marker} `.repeat(400) } }
  for (let index = 0; index < 10; index++) await complete(database, `before-${index}`)
  await complete(database, 'one', '2024-01-01', { answers })
  for (let index = 0; index < 10; index++) await complete(database, `after-${index}`)
  expect(filesWith(url, marker)).toContain('db-wal')
  return { database, url, stored }
}

test.runIf(onSqlite)('of a deleted result no byte is left in the files', async () => {
  const { url, stored } = await resultWith('marker-of-a-result')
  await stored.delete('manage-one', '2026-11-04')
  expect(filesWith(url, 'marker-of-a-result')).toEqual([])
})

test.runIf(onSqlite)('of a result that grew too old no byte is left in the files', async () => {
  const { url, stored } = await resultWith('marker-of-old-age')
  await stored.deleteBefore('2024-02-01', byServer(0))
  expect(filesWith(url, 'marker-of-old-age')).toEqual([])
})

test.runIf(onSqlite)('what was deleted just before a crash is in no file after the next start', async () => {
  const marker = 'marker-of-a-crash'
  const { database, url } = await resultWith(marker)
  await database.write((transaction) => transaction.result.delete({ where: { id: 'one' } }))
  const crashed = `${url}.crashed`
  for (const end of ['', '-wal']) copyFileSync(fileOf(url) + end, fileOf(crashed) + end)
  expect(filesWith(crashed, marker)).toContain('db-wal')

  const restarted = await openDatabase(crashed)
  onTestFinished(() => restarted.close())
  expect(filesWith(crashed, marker)).toEqual([])
})
