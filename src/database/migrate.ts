import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { projectDirectory } from '../config.ts'
import { sqlite } from './client.ts'
import { openSchemaEngine, readSchemaFolder } from './schema-engine.ts'

/**
 * Brings the database in `file` (made if need be) to the state of the migrations, and returns the names of those
 * it applied. Rejects, with the engine's explanation, if one fails or failed before.
 */
export async function migrate(file: string): Promise<string[]> {
  const folder = await readSchemaFolder(join(projectDirectory, 'prisma/sqlite'))
  const wanted = folder.migrations.migrationDirectories.map(({ path }) => path)
  // The engine takes a tenth of a second to load: at most starts there is nothing for it to do.
  if (existsSync(file) && (await appliedIn(file)).join() === wanted.join()) return []

  // Once, so that a new file is born in WAL mode: the engine locks it, and the mode cannot change under a lock.
  const connection = await sqlite(file, 'PRAGMA journal_mode = WAL').connect()
  await connection.dispose()
  const engine = await openSchemaEngine(new PrismaBetterSqlite3({ url: file }), folder)
  try {
    return await engine.applyMigrations()
  } finally {
    await engine.close()
  }
}

async function appliedIn(file: string): Promise<string[]> {
  const connection = await sqlite(file, 'PRAGMA busy_timeout = 5000').connect()
  try {
    const { rows } = await connection.queryRaw({
      sql: 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
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
