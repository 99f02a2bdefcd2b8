import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory
} from '@prisma/driver-adapter-utils'
import type { DiffParams, MigrationList, SchemaFilter, SchemasContainer } from '@prisma/schema-engine-wasm'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'

/** What of a folder like prisma/sqlite the engine reads: its *.prisma files and its migrations. */
export type SchemaFolder = { schema: SchemasContainer; migrations: MigrationList }

const everything: SchemaFilter = { externalTables: [], externalEnums: [] }

let compiled: Promise<void> | undefined

/**
 * Prisma's own schema engine, as WebAssembly, on the database that `factory` connects to. It locks while it
 * migrates and records what failed, as the Prisma CLI does, but needs no binary from the network.
 * It holds the lock until it is closed.
 */
export async function openSchemaEngine(factory: SqlMigrationAwareDriverAdapterFactory, folder: SchemaFolder) {
  compiled ??= instantiate()
  await compiled
  const connections: SqlDriverAdapter[] = []
  const adapter = bindMigrationAwareSqlAdapterFactory({
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    connect: async () => {
      const connection = await factory.connect()
      connections.push(connection)
      return connection
    }
  })
  const datamodels = folder.schema.files.map(({ path, content }): [string, string] => [path, content])
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapter)

  return {
    /**
     * Applies the migrations that the database does not have yet, by name, and returns their names. Rejects if
     * one fails: what its SQL did before stays, and until somebody has mended that, every further call rejects
     * as well. That one was changed or removed after it was applied goes unnoticed.
     */
    async applyMigrations(): Promise<string[]> {
      const output = await engine.applyMigrations({ migrationsList: folder.migrations, filters: everything })
      return output.appliedMigrationNames
    },

    /** The SQL that leads from other models, or from none, to the folder's; null if there is no difference. */
    async difference(models: SchemasContainer | null): Promise<string | null> {
      const { stdout } = await engine.diff({
        from: models ? { tag: 'schemaDatamodel', ...models } : { tag: 'empty' },
        to: { tag: 'schemaDatamodel', ...folder.schema },
        script: true,
        exitCode: true,
        filters: everything
      } as DiffParams)
      return stdout && !stdout.includes('This is an empty migration') ? stdout : null
    },

    async close(): Promise<void> {
      engine.free()
      await Promise.all(connections.map((connection) => connection.dispose()))
    }
  }
}

/** Node cannot import a .wasm file, so the package's two halves are put together here. */
async function instantiate() {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const bytes = await readFile(path.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'))
  // The engine waits ten seconds for its lock, and forgets its timer: that must not keep a command from ending.
  const forgotten = Object.keys(bindings).filter((name) => name.startsWith('__wbg_setTimeout_'))
  const timer = (work: () => void, milliseconds: number) => setTimeout(work, milliseconds).unref()
  const imports = { ...bindings, ...Object.fromEntries(forgotten.map((name) => [name, timer])) }
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports } as never)
  bindings.__wbg_set_wasm(instance.exports)
  ;(instance.exports as { __wbindgen_start(): void }).__wbindgen_start()
}

export async function readSchemaFolder(
  directory: string,
  without: readonly string[] = []
): Promise<SchemaFolder> {
  const baseDir = join(directory, 'migrations')
  const schemaFiles = (await readdir(directory)).filter((name) => name.endsWith('.prisma')).sort()
  const names = (await readdir(baseDir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !without.includes(entry.name))
    .map((entry) => entry.name)
    .sort()
  return {
    schema: {
      files: await Promise.all(
        schemaFiles.map(async (path) => ({ path, content: await readFile(join(directory, path), 'utf8') }))
      )
    },
    migrations: {
      baseDir,
      lockfile: {
        path: 'migration_lock.toml',
        content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8')
      },
      shadowDbInitScript: '',
      migrationDirectories: await Promise.all(
        names.map(async (path) => ({
          path,
          migrationFile: {
            path: 'migration.sql',
            content: {
              tag: 'ok' as const,
              value: await readFile(join(baseDir, path, 'migration.sql'), 'utf8')
            }
          }
        }))
      )
    }
  }
}
