import { DriverAdapterError, type SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import BetterSqlite3 from 'better-sqlite3'
import { PrismaClient } from '../generated/sqlite/client.ts'
import type { Database, Engine, Transaction } from './client.ts'
import { telling, Unable } from './database-errors.ts'
import { connections, fileOf } from './sqlite-connections.ts'
import { inThread } from './sqlite-thread.ts'
import { queueOf } from './writer.ts'

// WAL lets pages be read while an answer is saved. FULL syncs the log at every commit, so that what was
// acknowledged survives a power cut (the driver's own default in WAL is NORMAL). secure_delete overwrites what
// is deleted.
const writing = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 2000;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;`
const reading = `
  PRAGMA busy_timeout = 2000;
  PRAGMA query_only = ON;
  PRAGMA trusted_schema = OFF;`

export const sqlite: Engine = {
  open,
  connections: (url) => connections(url, ''),

  /** In WAL mode from its birth: the schema engine locks the file, and the mode cannot change under a lock. */
  async prepare(url) {
    const connection = await connections(url, 'PRAGMA journal_mode = WAL').connect()
    await connection.dispose()
  },

  /**
   * The engine's own lock is no help to processes that begin at the same moment: each holds a part of it, waits for
   * the others and gives up. Ours is an empty database beside the file; it stays there, and a process that dies lets
   * go of it.
   */
  async inTurn(url, work) {
    const exclusive = 'PRAGMA busy_timeout = 60000; BEGIN EXCLUSIVE'
    const lock = await connections(`${url}-migrating`, exclusive).connect()
    try {
      return await work()
    } finally {
      await lock.dispose()
    }
  }
}

// The thread runs what is built only: those of Node 20 cannot read TypeScript.
const hasThreads = import.meta.url.endsWith('.js')

async function open(url: string): Promise<Database> {
  const writer = clientOf(hasThreads ? inThread({ url, pragmas: writing }) : connections(url, writing))
  const read = clientOf(connections(url, reading))
  await check(url)
  const { rows, letGo, oneByOne, close: closeRows } = rowsOf(url)
  const queue = queueOf<Transaction>((job) =>
    writer.$transaction(job, { maxWait: 60_000, timeout: 60_000 }).finally(letGo)
  )

  let erased = false
  /** Empties the log, which still holds old pages; not waiting long, as a backup may be reading it. */
  function emptyLog() {
    return oneByOne(async () => {
      await writer.$queryRawUnsafe('PRAGMA busy_timeout = 100')
      await writer.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)')
      await writer.$queryRawUnsafe('PRAGMA busy_timeout = 2000')
    })
  }

  async function compact() {
    if (!erased) return
    await queue.alone(async () => {
      await writer.$executeRawUnsafe('VACUUM')
      await emptyLog()
      erased = false
    })
  }

  return {
    read,
    write: queue.write,
    together: queue.together,
    load: queue.load,
    rows,
    // Whoever serves is the only process.
    inTurn: (_name, job) => job(),
    async erase(job) {
      const result = await queue.write(job)
      erased = true
      await queue.alone(emptyLog)
      return result
    },
    compact,
    async close() {
      await compact()
      await queue.alone(async () => {})
      closeRows()
      await Promise.all([writer.$disconnect(), read.$disconnect()])
    }
  }
}

/**
 * Rows straight from the driver. All that is read in one turn of the event loop is read in one transaction, as locking
 * and letting go takes as long as most queries; it ends before anybody hears of a commit, so that they can see it.
 */
function rowsOf(url: string) {
  const reader = new BetterSqlite3(fileOf(url), { readonly: true })
  reader.exec(reading)
  const [begin, end] = [reader.prepare('BEGIN'), reader.prepare('COMMIT')]
  const statements = new Map<string, BetterSqlite3.Statement>()

  let areTogether = true

  function letGo() {
    if (reader.inTransaction) end.run()
  }

  return {
    letGo,
    /** Until the work is done, no read is left open: it could not be waited for. */
    async oneByOne(work: () => Promise<void>): Promise<void> {
      areTogether = false
      letGo()
      await work().finally(() => {
        areTogether = true
      })
    },
    async rows<Row>(sql: string, ...parameters: (string | number)[]): Promise<Row[]> {
      try {
        const statement = statements.get(sql) ?? reader.prepare(sql)
        statements.set(sql, statement)
        if (areTogether && !reader.inTransaction) {
          begin.run()
          setImmediate(letGo)
        }
        return statement.all(...parameters) as Row[]
      } catch (error) {
        return told(error)
      }
    },
    close() {
      letGo()
      reader.close()
    }
  }
}

function clientOf(factory: SqlDriverAdapterFactory): PrismaClient {
  return new PrismaClient({ adapter: telling(factory, told) })
}

/** What SQLite says when the disk is full or fails, or another process has locked the file for too long. */
const unable = /^SQLITE_(?:FULL|IOERR|BUSY)/

/** Tells what SQLite cannot do now, whether Prisma's adapter or the driver itself says so. */
function told(error: unknown): never {
  const { code, message } =
    error instanceof DriverAdapterError
      ? { code: error.cause.originalCode, message: error.cause.originalMessage }
      : (error as { code?: unknown; message?: unknown })
  if (!unable.test(String(code))) throw error
  throw new Unable(`SQLite: ${message}`, { cause: error })
}

/**
 * Fails if what is acknowledged would not be durable. On a connection of its own: Prisma and the thread take longer to
 * load than all the rest of a start, and wait for the first write.
 */
async function check(url: string) {
  const connection = await connections(url, writing).connect()
  const { rows } = await connection.queryRaw({ sql: 'PRAGMA synchronous', args: [], argTypes: [] })
  if (Number(rows[0]?.[0]) !== 2) throw new Error('SQLite does not run with synchronous=FULL')
  // What was erased just before a crash may still be in the log.
  await connection.executeScript('PRAGMA wal_checkpoint(TRUNCATE)')
  await connection.dispose()
}
