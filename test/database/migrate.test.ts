import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { projectDirectory } from '../../src/config.ts'
import { sqlite } from '../../src/database/client.ts'
import { migrate } from '../../src/database/migrate.ts'
import { openSchemaEngine, readSchemaFolder } from '../../src/database/schema-engine.ts'
import { runBuilt } from '../support/server.ts'

/** A database file that is not there yet, and a copy of the migrations to be tampered with. */
function fresh() {
  const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-migrations-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const folder = join(directory, 'prisma')
  cpSync(join(projectDirectory, 'prisma/sqlite'), folder, { recursive: true, dereference: true })
  return {
    file: join(directory, 'data/test.db'),
    folder,
    /** Adds a migration, or changes one. */
    write(name: string, sql: string) {
      mkdirSync(join(folder, 'migrations', name), { recursive: true })
      writeFileSync(join(folder, 'migrations', name, 'migration.sql'), sql)
    },
    remove: (name: string) => rmSync(join(folder, 'migrations', name), { recursive: true })
  }
}

async function query(file: string, sql: string): Promise<unknown[][]> {
  const connection = await sqlite(file, '').connect()
  try {
    return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
  } finally {
    await connection.dispose()
  }
}

/** The migrations that the product has, in their order. */
const ours = readdirSync(join(projectDirectory, 'prisma/sqlite/migrations')).filter((name) =>
  /^\d/.test(name)
)

const recorded = (file: string) =>
  query(file, 'SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations ORDER BY started_at')

const tablesIn = async (file: string) =>
  (await query(file, "SELECT name FROM sqlite_master WHERE type = 'table'")).map(([name]) => name)

test('a migrated database and models.prisma agree', async () => {
  const { file, folder } = fresh()
  await migrate(file)
  const engine = await openSchemaEngine(
    new PrismaBetterSqlite3({ url: file }),
    await readSchemaFolder(folder)
  )
  onTestFinished(() => engine.close())
  expect(await engine.differenceToModels()).toBeNull()
})

test('a difference to models.prisma is told as the SQL that is missing', async () => {
  const { file, folder } = fresh()
  await migrate(file)
  writeFileSync(join(folder, 'more.prisma'), 'model Letter {\n  id String @id\n}\n')
  const engine = await openSchemaEngine(
    new PrismaBetterSqlite3({ url: file }),
    await readSchemaFolder(folder)
  )
  onTestFinished(() => engine.close())
  expect(await engine.differenceToModels()).toMatch(/^-- CreateTable\nCREATE TABLE "Letter"/)
})

test('every migration is applied once, and recorded', async () => {
  const { file, folder, write } = fresh()
  expect(await migrate(file, folder)).toEqual(ours)
  expect(await migrate(file, folder)).toEqual([])
  write('9002_letters', 'CREATE TABLE "Letter" ("id" TEXT NOT NULL PRIMARY KEY);')
  expect(await migrate(file, folder)).toEqual(['9002_letters'])
  expect(await migrate(file, folder)).toEqual([])
  expect(await recorded(file)).toEqual([...ours, '9002_letters'].map((name) => [name, 1]))
  expect(await query(file, 'PRAGMA journal_mode')).toEqual([['wal']])
})

test('a migration that fails is recorded, and nothing starts until somebody has mended it', async () => {
  const { file, folder, write, remove } = fresh()
  await migrate(file, folder)
  write('9002_half', 'CREATE TABLE "Half" ("id" TEXT);\nINSERT INTO "Nowhere" VALUES (1);')
  await expect(migrate(file, folder)).rejects.toThrow(/Nowhere/)
  expect(await recorded(file)).toEqual([...ours.map((name) => [name, 1]), ['9002_half', 0]])
  // SQLite could roll it back, but Prisma's engine does not.
  expect(await tablesIn(file)).toContain('Half')

  await expect(migrate(file, folder)).rejects.toThrow(/`9002_half` migration .* failed/)
  write('9002_half', 'CREATE TABLE "Half" ("id" TEXT);')
  await expect(migrate(file, folder)).rejects.toThrow(/`9002_half` migration .* failed/)
  remove('9002_half')
  await expect(migrate(file, folder)).rejects.toThrow(/`9002_half` migration .* failed/)
})

test('a migration that is changed or removed after it was applied goes unnoticed', async () => {
  const { file, folder, write, remove } = fresh()
  write('9002_letters', 'CREATE TABLE "Letter" ("id" TEXT);')
  await migrate(file, folder)
  write('9002_letters', 'CREATE TABLE "Parcel" ("id" TEXT);')
  write('9003_more', 'CREATE TABLE "More" ("id" TEXT);')
  expect(await migrate(file, folder)).toEqual(['9003_more'])
  remove('9002_letters')
  expect(await migrate(file, folder)).toEqual([])
  expect(await tablesIn(file)).toEqual(expect.arrayContaining(['Letter', 'More']))
  expect(await tablesIn(file)).not.toContain('Parcel')
})

test('of several processes that migrate at once, one does it and the others wait', async () => {
  const { file } = fresh()
  const processes = Array.from({ length: 4 }, () =>
    runBuilt('commands/migrate.js', { DATABASE_URL: `file:${file}` })
  )
  const said = (await Promise.all(processes)).map(({ code, output }) => `${code}: ${output.split('\n')[0]}`)
  expect(said.sort()).toEqual([
    `0: Applied ${ours.join(', ')}`,
    ...Array(3).fill('0: The database is up to date.')
  ])
  expect(await recorded(file)).toEqual(ours.map((name) => [name, 1]))
}, 120_000)
