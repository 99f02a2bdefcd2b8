import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type pg from 'pg'
import { placeOf } from '../engine/client.ts'
import { migrate, schemaDirectory, standing } from '../engine/migrate.ts'
import { fileOf } from '../engine/sqlite-connections.ts'
import { inFolder, putAt } from './files.ts'
import { connected, inSnapshot, postgresqlSide } from './postgresql-tables.ts'
import { sqliteSide, tablesIn } from './sqlite-tables.ts'
import { type Counts, copy, countsOf, type Progress, Refusal } from './table-copy.ts'

/**
 * Copies a database, as it is at one moment, to a SQLite file, whichever kind it is; the service may run meanwhile. The
 * file was checked before it gets its name. `day` (YYYY-MM-DD) is noted in it. Resolves to what it holds.
 */
export async function backUp(url: string, file: string, day: string, progress: Progress): Promise<Counts> {
  if (existsSync(file)) throw new Refusal(`${file} exists already.`)
  if (!url.startsWith('file:')) {
    return connected(url, (client) =>
      inSnapshot(client, () => backUpPostgresql(client, url, file, day, progress))
    )
  }
  if (!existsSync(fileOf(url))) throw new Refusal(`There is no database at ${placeOf(url)}.`)
  if ((await standing(url)).isNew) throw new Refusal(`${placeOf(url)} holds nothing yet.`)
  return madeAt(file, day, async (copied) => {
    const source = new BetterSqlite3(fileOf(url), { timeout: 5000 })
    source.prepare('VACUUM INTO ?').run(copied)
    source.close()
  })
}

/** The same of PostgreSQL, as the transaction on this connection sees it. */
export async function backUpPostgresql(
  client: pg.Client,
  url: string,
  file: string,
  day: string,
  progress: Progress
): Promise<Counts> {
  // Both kinds have migrations of the same names, so the file is as old as the database, should that be old.
  const { lacks, unknown, isNew } = await standing(url)
  if (isNew) throw new Refusal(`${placeOf(url)} holds nothing yet.`)
  if (unknown.length > 0) throw new Refusal(`${placeOf(url)} was made by a newer version of this program.`)
  return madeAt(file, day, async (copied) => {
    await migrate(`file:${copied}`, schemaDirectory(`file:${copied}`), lacks)
    const target = new BetterSqlite3(copied)
    target.pragma('synchronous = OFF')
    const tables = tablesIn(target)
    target.exec('BEGIN; DELETE FROM "Secret"')
    await copy(tables, postgresqlSide(client), sqliteSide(target), progress)
    target.exec('COMMIT')
    target.close()
  })
}

/** Has a file made, checks it, and gives it its name only then. Nobody else can read it. */
async function madeAt(file: string, day: string, make: (file: string) => Promise<void>): Promise<Counts> {
  return inFolder(`${file}.partial`, async (folder) => {
    const made = join(folder, 'copy.db')
    await make(made)
    await chmod(made, 0o600)
    const copied = new BetterSqlite3(made)
    // One file, without a log beside it, that can be read from a medium that cannot be written to.
    copied.pragma('journal_mode = DELETE')
    copied.pragma(`user_version = ${day.replaceAll('-', '')}`)
    copied.close()
    const counts = await checked(made)
    await putAt(made, file)
    return counts
  })
}

/** What a SQLite file holds, if it is whole. */
async function checked(path: string): Promise<Counts> {
  const file = new BetterSqlite3(path, { readonly: true })
  try {
    assertWhole(file, path)
    return await countsOf(tablesIn(file), sqliteSide(file))
  } finally {
    file.close()
  }
}

/** Throws a Refusal unless all pages and references of a file are right. */
export function assertWhole(file: BetterSqlite3.Database, path: string): void {
  const [first] = file.pragma('integrity_check(1)') as { integrity_check: string }[]
  if (first?.integrity_check !== 'ok') throw new Refusal(`${path} is damaged: ${first?.integrity_check}`)
  const [lost] = file.pragma('foreign_key_check') as { table: string }[]
  if (lost) throw new Refusal(`${path} is damaged: a row of ${lost.table} refers to nothing.`)
}

/** The day on which a backup was made, if it says so. */
export function dayIn(file: BetterSqlite3.Database): string | null {
  const [, ...parts] =
    /^(\d{4})(\d\d)(\d\d)$/.exec(String(file.pragma('user_version', { simple: true }))) ?? []
  return parts.length > 0 ? parts.join('-') : null
}
