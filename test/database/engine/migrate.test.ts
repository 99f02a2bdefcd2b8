import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectDirectory } from '../../../src/config.ts'
import { engineOf } from '../../../src/database/engine/client.ts'
import { migrate, schemaDirectory } from '../../../src/database/engine/migrate.ts'
import { openSchemaEngine, readSchemaFolder } from '../../../src/database/engine/schema-engine.ts'
import { emptyDatabase, onSqlite } from '../../support/database.ts'
import { runBuilt } from '../../support/server.ts'

/** A database that nobody has migrated, and a copy of the migrations to be tampered with. */
async function fresh() {
  const url = await emptyDatabase()
  const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-migrations-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const folder = join(directory, 'prisma')
  cpSync(schemaDirectory(url), folder, { recursive: true, dereference: true })
  return {
    url,
    folder,
    /** Adds a migration, or changes one. */
    write(name: string, sql: string) {
      mkdirSync(join(folder, 'migrations', name), { recursive: true })
      writeFileSync(join(folder, 'migrations', name, 'migration.sql'), sql)
    },
    remove: (name: string) => rmSync(join(folder, 'migrations', name), { recursive: true })
  }
}

async function query(url: string, sql: string): Promise<unknown[][]> {
  const connection = await (await engineOf(url)).connections(url).connect()
  try {
    return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
  } finally {
    await connection.dispose()
  }
}

/** The migrations that the product has, in their order. */
const ours = readdirSync(
  join(projectDirectory, 'prisma', onSqlite ? 'sqlite' : 'postgresql', 'migrations')
).filter((name) => /^\d/.test(name))

const recorded = (url: string) =>
  query(
    url,
    `SELECT migration_name, CASE WHEN finished_at IS NULL THEN 'failed' ELSE 'done' END
      FROM _prisma_migrations ORDER BY started_at`
  )

const tablesIn = async (url: string) =>
  (
    await query(
      url,
      onSqlite
        ? "SELECT name FROM sqlite_master WHERE type = 'table'"
        : "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
  ).map(([name]) => name)

/** Every column, index and reference of the tables, in words that do not depend on the order in which they came. */
async function schemaOf(url: string): Promise<string[]> {
  const catalogue = onSqlite
    ? [
        `SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk || ' ' || coalesce(c.dflt_value, '')
          FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`,
        `SELECT m.name || ' ' || i.name || ' ' || i."unique" || ' ' || c.seqno || ' ' || c.name FROM sqlite_master m
          JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c WHERE m.type = 'table' AND i.origin = 'c'`,
        `SELECT m.name || ' ' || f."from" || ' ' || f."table" || ' ' || f."to" || ' ' || f.on_delete || ' ' || f.on_update
          FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
      ]
    : [
        `SELECT concat_ws(' ', table_name, column_name, data_type, datetime_precision, is_nullable, column_default)
          FROM information_schema.columns WHERE table_schema = 'public'`,
        `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'`,
        `SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
          WHERE connamespace = 'public'::regnamespace AND contype <> 'n'`
      ]
  const rows = (await Promise.all(catalogue.map((sql) => query(url, sql)))).flat()
  return rows
    .map(([row]) => String(row))
    .filter((row) => !/_prisma_migrations|sqlite_sequence/.test(row))
    .sort()
}

test('a migrated database and models.prisma agree', async () => {
  const migrated = await fresh()
  await migrate(migrated.url)
  const made = await fresh()
  const engine = await openSchemaEngine(
    (await engineOf(made.url)).connections(made.url),
    await readSchemaFolder(made.folder)
  )
  const sql = await engine.difference(null)
  await engine.close()
  const connection = await (await engineOf(made.url)).connections(made.url).connect()
  await connection.executeScript(sql ?? '')
  await connection.dispose()
  const schema = await schemaOf(migrated.url)
  expect(schema.length).toBeGreaterThan(80)
  expect(schema).toEqual(await schemaOf(made.url))
})

test('both kinds of database have the same models', () => {
  const modelsOf = (kind: string) =>
    readFileSync(join(projectDirectory, `prisma/${kind}/models.prisma`), 'utf8')
  expect(modelsOf('postgresql')).toBe(modelsOf('sqlite'))
})

test('every migration is applied once, and recorded', async () => {
  const { url, folder, write } = await fresh()
  expect(await migrate(url, folder)).toEqual(ours)
  expect(await migrate(url, folder)).toEqual([])
  write('9002_letters', 'CREATE TABLE "Letter" ("id" TEXT NOT NULL PRIMARY KEY);')
  expect(await migrate(url, folder)).toEqual(['9002_letters'])
  expect(await migrate(url, folder)).toEqual([])
  expect(await recorded(url)).toEqual([...ours, '9002_letters'].map((name) => [name, 'done']))
  if (onSqlite) expect(await query(url, 'PRAGMA journal_mode')).toEqual([['wal']])
})

test('a migration that fails is recorded, and nothing starts until somebody has mended it', async () => {
  const { url, folder, write, remove } = await fresh()
  await migrate(url, folder)
  write('9002_half', 'CREATE TABLE "Half" ("id" TEXT);\nINSERT INTO "Nowhere" VALUES (1);')
  await expect(migrate(url, folder)).rejects.toThrow(/Nowhere/)
  expect(await recorded(url)).toEqual([...ours.map((name) => [name, 'done']), ['9002_half', 'failed']])
  // PostgreSQL rolls back what was sent as one script. SQLite could, but Prisma's engine does not.
  expect((await tablesIn(url)).includes('Half')).toBe(onSqlite)

  await expect(migrate(url, folder)).rejects.toThrow(/`9002_half` migration .* failed/)
  write('9002_half', 'CREATE TABLE "Half" ("id" TEXT);')
  await expect(migrate(url, folder)).rejects.toThrow(/`9002_half` migration .* failed/)
  remove('9002_half')
  await expect(migrate(url, folder)).rejects.toThrow(/`9002_half` migration .* failed/)
})

test('a migration that is changed or removed after it was applied goes unnoticed', async () => {
  const { url, folder, write, remove } = await fresh()
  write('9002_letters', 'CREATE TABLE "Letter" ("id" TEXT);')
  await migrate(url, folder)
  write('9002_letters', 'CREATE TABLE "Parcel" ("id" TEXT);')
  write('9003_more', 'CREATE TABLE "More" ("id" TEXT);')
  expect(await migrate(url, folder)).toEqual(['9003_more'])
  remove('9002_letters')
  expect(await migrate(url, folder)).toEqual([])
  expect(await tablesIn(url)).toEqual(expect.arrayContaining(['Letter', 'More']))
  expect(await tablesIn(url)).not.toContain('Parcel')
})

test('of several processes that migrate at once, one does it and the others wait', async () => {
  const { url } = await fresh()
  const processes = Array.from({ length: 4 }, () => runBuilt('cli/migrate.js', { DATABASE_URL: url }))
  const said = (await Promise.all(processes)).map(({ code, output }) => `${code}: ${output.split('\n')[0]}`)
  expect(said.sort()).toEqual([
    `0: Applied ${ours.join(', ')}`,
    ...Array(3).fill('0: The database is up to date.')
  ])
  expect(await recorded(url)).toEqual(ours.map((name) => [name, 'done']))
}, 120_000)
