import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { engineOf } from '../../src/database/engine/client.ts'
import { fileOf } from '../../src/database/engine/sqlite-connections.ts'

const template = inject('template')

/** Whether this run is on SQLite, not PostgreSQL: some promises are about its files. */
export const onSqlite = template.startsWith('file:')

/** The URL of a migrated database of its own, which goes with the test. */
export async function newDatabase(): Promise<string> {
  if (!onSqlite) return cleanOnServer()
  const file = fileOf(template).replace('template.db', `test_${randomUUID()}.db`)
  copyFileSync(fileOf(template), file)
  onTestFinished(() => {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  })
  return `file:${file}`
}

/** The URL of a database that nobody has migrated, which goes with the test: on SQLite, the file is not there yet. */
export async function emptyDatabase(): Promise<string> {
  if (!onSqlite) return createdOnServer('template0')
  const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-data-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return `file:${join(directory, 'data/staff-bearings.db')}`
}

const clean: string[] = []

/** Making a database takes PostgreSQL long, so each is emptied and used again, unless a test has changed its schema. */
async function cleanOnServer(): Promise<string> {
  const url = clean.pop() ?? (await createdOnServer('template_bearings'))
  onTestFinished(async () => {
    if (await emptied(url)) clean.push(url)
  })
  return url
}

async function emptied(url: string): Promise<boolean> {
  const connection = await (await engineOf(url)).connections(url).connect()
  const rowsOf = async (sql: string) =>
    (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows.map(([row]) => String(row))
  const tables = await rowsOf(
    `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('Secret', '_prisma_migrations')`
  )
  const triggers = await rowsOf('SELECT tgname FROM pg_trigger WHERE NOT tgisinternal')
  // As a replica, a session is held up neither by triggers nor by references.
  await connection.executeScript(
    ["SET session_replication_role = 'replica'", ...tables.map((table) => `DELETE FROM ${table}`)].join(';')
  )
  await connection.dispose()
  return triggers.length === 4 && !tables.includes('"Gone"')
}

async function createdOnServer(template: string): Promise<string> {
  const name = `test_${randomUUID()}`
  const url = urlOf('postgres')
  const connection = await (await engineOf(url)).connections(url).connect()
  const sql = `CREATE DATABASE "${name}" TEMPLATE ${template}`
  await connection.executeRaw({ sql, args: [], argTypes: [] })
  await connection.dispose()
  return urlOf(name)
}

function urlOf(database: string): string {
  const url = new URL(template)
  url.pathname = database
  return url.href
}

/** The statement that removes a trigger of the audit log. */
export function dropTrigger(name: string): string {
  return `DROP TRIGGER "${name}"${onSqlite ? '' : ' ON "AuditEntry"'}`
}
