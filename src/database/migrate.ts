import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { sqlite } from './client.ts'
import { openSchemaEngine, readSchemaFolder, type SchemaFolder } from './schema-engine.ts'

/** The schema and the migrations of this program. */
const ours = join(import.meta.dirname, '../../prisma/sqlite')

/**
 * Brings the database in `file` (made if need be) to the state of the migrations in `directory`, and returns the
 * names of those it applied. Rejects, with the engine's explanation, if one fails or failed before.
 */
export async function migrate(file: string, directory = ours): Promise<string[]> {
  const folder = await readSchemaFolder(directory)
  // The engine takes a tenth of a second to load: at most starts there is nothing for it to do.
  if (await isUpToDate(file, folder)) return []
  return inTurn(file, async () => {
    if (await isUpToDate(file, folder)) return []
    // Once, so that a new file is born in WAL mode: the engine locks it, and the mode cannot change under a lock.
    const connection = await sqlite(file, 'PRAGMA journal_mode = WAL').connect()
    await connection.dispose()
    const engine = await openSchemaEngine(new PrismaBetterSqlite3({ url: file }), folder)
    try {
      return await engine.applyMigrations()
    } finally {
      await engine.close()
    }
  })
}

/**
 * Does the work while no other process does so for the same file. The engine's own lock is no help to processes
 * that begin at the same moment: each holds a part of it, waits for the others and gives up. Ours is an empty
 * database beside the file; it stays there, and a process that dies lets go of it.
 */
async function inTurn<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const lock = await sqlite(`${file}-migrating`, 'PRAGMA busy_timeout = 60000; BEGIN EXCLUSIVE').connect()
  try {
    return await work()
  } finally {
    await lock.dispose()
  }
}

/** Whether all migrations, and no others, were applied, and none failed. */
async function isUpToDate(file: string, { migrations }: SchemaFolder): Promise<boolean> {
  const wanted = migrations.migrationDirectories.map(({ path }) => path)
  return existsSync(file) && (await appliedIn(file)).join() === wanted.join()
}

/** The names of the migrations that the database knows; one that failed has a mark behind it. */
async function appliedIn(file: string): Promise<string[]> {
  const connection = await sqlite(file, 'PRAGMA busy_timeout = 5000').connect()
  try {
    const { rows } = await connection.queryRaw({
      sql: `SELECT migration_name || iif(finished_at IS NULL, ' (failed)', '') FROM _prisma_migrations
        WHERE rolled_back_at IS NULL ORDER BY 1`,
      args: [],
      argTypes: []
    })
    return rows.map(([name]) => String(name))
  } catch {
    return []
  } finally {
    await connection.dispose()
  }
}
