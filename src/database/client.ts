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
  /**
   * Like write, for deletions: the deleted bytes are overwritten in the database and in its log. Two leftovers wait
   * for {@link Database.compact}: the log's, while another process reads, and a copy that SQLite made of a row when
   * it rearranged its pages.
   */
  erase: Write<Transaction>
  /** Rewrites the files if anything was erased since the last time, so that nothing of it is left. */
  compact(): Promise<void>
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

  let erased = false
  /** Empties the log, which still holds old pages; not waiting long, as a backup may be reading it. */
  async function emptyLog() {
    await writer.$queryRawUnsafe('PRAGMA busy_timeout = 100')
    await writer.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)')
    await writer.$queryRawUnsafe('PRAGMA busy_timeout = 5000')
  }

  async function compact() {
    if (!erased) return
    await write.alone(async () => {
      await writer.$executeRawUnsafe('VACUUM')
      await emptyLog()
      erased = false
    })
  }

  return {
    read,
    write,
    async erase(job) {
      const result = await write(job)
      erased = true
      await write.alone(emptyLog)
      return result
    },
    compact,
    async close() {
      await compact()
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
