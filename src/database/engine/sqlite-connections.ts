import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'

/** Connections to a SQLite file, each with these settings: the adapter itself keeps none of them. */
export function connections(url: string, pragmas: string): SqlMigrationAwareDriverAdapterFactory {
  const file = fileOf(url)
  mkdirSync(dirname(file), { recursive: true })
  const factory = new PrismaBetterSqlite3({ url: file })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const connection = await factory.connect()
      await connection.executeScript(pragmas)
      return connection
    }
  }
}

/** The file of a SQLite database, or null. */
export function fileOf(url: string): string {
  return url.slice('file:'.length)
}
