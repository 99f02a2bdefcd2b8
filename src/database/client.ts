import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { type Prisma, PrismaClient } from './generated/sqlite/client.ts'
import { queueOf, type Write } from './writer.ts'

export type Transaction = Prisma.TransactionClient

/** What the stores work on. */
export type Database = {
  /** For reading, outside any transaction: sees committed rows only and cannot write. */
  read: PrismaClient
  /** The only way to write: see {@link Write}. */
  write: Write<Transaction>
  /** Like write, for deletions: afterwards the deleted bytes are in none of the database's files. */
  erase: Write<Transaction>
  close(): Promise<void>
}

// WAL lets pages be read while an answer is saved. FULL syncs the log at every commit, so that what was
// acknowledged survives a power cut (the driver's own default in WAL is NORMAL). secure_delete overwrites what
// is deleted.
const writing = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;`
const reading = `
  PRAGMA busy_timeout = 5000;
  PRAGMA query_only = ON;
  PRAGMA trusted_schema = OFF;`

/** Opens a migrated SQLite database. Rejects if it does not write as durably as we promise. */
export async function openDatabase(file: string): Promise<Database> {
  const writer = new PrismaClient({ adapter: sqlite(file, writing) })
  const read = new PrismaClient({ adapter: sqlite(file, reading) })
  const write = queueOf<Transaction>((job) => writer.$transaction(job, { maxWait: 60_000, timeout: 60_000 }))

  const [setting] = await writer.$queryRawUnsafe<[{ synchronous: bigint }]>('PRAGMA synchronous')
  if (Number(setting?.synchronous) !== 2) throw new Error('SQLite does not run with synchronous=FULL')
  // What was erased just before a crash may still be in the log.
  await writer.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)')

  return {
    read,
    write,
    async erase(job) {
      const result = await write(job)
      // Outside a transaction, yet in the queue's turn: the log still holds the old pages until it is emptied.
      await write.alone(() => writer.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)'))
      return result
    },
    async close() {
      await write.alone(async () => {})
      await Promise.all([writer.$disconnect(), read.$disconnect()])
    }
  }
}

/** Connections to a SQLite file, each with these settings: the adapter itself keeps none of them. */
export function sqlite(file: string, pragmas: string): SqlDriverAdapterFactory {
  mkdirSync(dirname(file), { recursive: true })
  const factory = new PrismaBetterSqlite3({ url: file })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const connection = await factory.connect()
      await connection.executeScript(pragmas)
      return connection
    }
  }
}
