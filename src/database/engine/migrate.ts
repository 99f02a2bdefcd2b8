import { join } from 'node:path'
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { projectDirectory } from '../../project-directory.ts'
import { engineOf, kindOf } from './client.ts'
import { openSchemaEngine, readSchemaFolder, type SchemaFolder } from './schema-engine.ts'

/** The schema and the migrations of this program, for the kind of database that the URL names. */
export function schemaDirectory(url: string): string {
  return join(projectDirectory, 'prisma', kindOf(url))
}

/**
 * Brings a database (a SQLite file is made if need be) to the state of the migrations in `directory`, and returns the
 * names of those it applied. Rejects, with the engine's explanation, if one fails or failed before. Those `without`
 * which it is to be are left out.
 */
export async function migrate(
  url: string,
  directory = schemaDirectory(url),
  without: readonly string[] = []
): Promise<string[]> {
  const { connections, prepare, inTurn } = await engineOf(url)
  const folder = await readSchemaFolder(directory, without)
  // The engine takes a tenth of a second to load: at most starts there is nothing for it to do.
  if (await isUpToDate(connections(url), folder)) return []
  return inTurn(url, async () => {
    if (await isUpToDate(connections(url), folder)) return []
    await prepare(url)
    const engine = await openSchemaEngine(connections(url), folder)
    try {
      return await engine.applyMigrations()
    } finally {
      await engine.close()
    }
  })
}

/**
 * How a database stands to this program: which migrations it lacks, and which it has that are not known here. A new one
 * has none.
 */
export async function standing(url: string): Promise<{ lacks: string[]; unknown: string[]; isNew: boolean }> {
  const { migrations } = await readSchemaFolder(schemaDirectory(url))
  const ours = migrations.migrationDirectories.map(({ path }) => path)
  const applied = await appliedIn((await engineOf(url)).connections(url))
  return {
    lacks: ours.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !ours.includes(name)),
    isNew: applied.length === 0
  }
}

/** Whether all migrations, and no others, were applied, and none failed. */
async function isUpToDate(factory: SqlDriverAdapterFactory, { migrations }: SchemaFolder): Promise<boolean> {
  const wanted = migrations.migrationDirectories.map(({ path }) => path)
  return (await appliedIn(factory)).join() === wanted.join()
}

/** The names of the migrations that the database knows; one that failed has a mark behind it. */
async function appliedIn(factory: SqlDriverAdapterFactory): Promise<string[]> {
  const connection = await factory.connect()
  try {
    const { rows } = await connection.queryRaw({
      sql: `SELECT migration_name || CASE WHEN finished_at IS NULL THEN ' (failed)' ELSE '' END
        FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY 1`,
      args: [],
      argTypes: []
    })
    return rows.map(([name]) => String(name))
  } catch (error) {
    if (/_prisma_migrations/.test(JSON.stringify(error) + String(error))) return []
    throw error
  } finally {
    await connection.dispose()
  }
}
