import { createHash, randomUUID } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { DriverAdapterError, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { PrismaClient } from '../generated/postgresql/client.ts'
import type { PrismaClient as Client } from '../generated/sqlite/client.ts'
import type { Database, Engine, Transaction } from './client.ts'
import { telling, Unable, Unsuitable } from './database-errors.ts'
import { queueOf } from './writer.ts'

/**
 * Locks of the whole database that our processes take turns on. Whoever writes holds one of them until the commit, so
 * that a transaction may read, compute and write back, whichever process it runs in: as in SQLite. Every connection of
 * a process that has the database open shares `open`, so that whoever replaces all that is in it knows of them.
 */
export const locks = { writing: 7_002_001, migrating: 7_002_002, open: 7_002_004 }
/** The first half of those that have names. */
const named = 7_002_003

/** Connections that read, of each process; one more writes. */
const readingConnections = 9

/** PostgreSQL cannot be reached or cannot work: nothing was done, or what was asked last may have been. */
export class Unreachable extends Unable {
  override name = 'Unreachable'
}

// A process that stops answering gives up its turn. Waiting for it takes longer than its time, so that nobody is
// refused for its sake.
const turns = { idle_in_transaction_session_timeout: '10s', lock_timeout: '20s', statement_timeout: '60s' }
const asWriter = {
  ...turns,
  // What is read after waiting for the turn is as it was left by whoever had it before.
  default_transaction_isolation: 'read committed',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '2'
}
const asReader = { ...turns, default_transaction_read_only: 'on' }
/** Milliseconds after which no answer can be expected, as PostgreSQL itself ends whatever takes longer than a minute. */
const silence = 65_000

export const postgresql: Engine = {
  open,
  connections: forSchemaEngine,
  prepare: async () => {},

  async inTurn(url, work) {
    const connection = await connections(url, 1).connect()
    const transaction = await connection.startTransaction()
    try {
      await transaction.executeRaw(locked('migrating'))
      return await work()
    } finally {
      await transaction.rollback()
      await connection.dispose()
    }
  }
}

async function open(url: string): Promise<Database> {
  const writers = poolOf(url, 1, asWriter, { idleTimeoutMillis: 0, onConnect: share })
  const writer = clientOf(writers)
  const readers = poolOf(url, readingConnections, asReader, { query_timeout: silence, onConnect: share })
  const read = clientOf(readers)
  let writing: pg.PoolClient | undefined
  writers.on('acquire', (client) => {
    writing = client
  })
  const queue = queueOf<Transaction>((job) => {
    const giveUp = setTimeout(() => writing?.end(), silence)
    return writer
      .$transaction(
        async (transaction) => {
          await transaction.$executeRawUnsafe(locked('writing').sql)
          return job(transaction)
        },
        { maxWait: 60_000, timeout: 60_000 }
      )
      .finally(() => clearTimeout(giveUp))
  })

  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const [row] = await writer.$queryRawUnsafe<[Record<string, string>]>(`SHOW ${setting}`)
    if (row[setting] === 'off') throw new Unsuitable(`PostgreSQL runs with ${setting}=off`)
  }
  await expectRoom(writer)

  return {
    read,
    write: queue.write,
    together: queue.together,
    load: queue.load,
    async rows(sql, ...parameters) {
      return (await readers.query(numbered(sql, parameters)).catch(told)).rows
    },
    inTurn: (name, job) =>
      read.$transaction(
        async (transaction) => {
          const number = createHash('sha256').update(name).digest().readInt32BE()
          await transaction.$executeRawUnsafe(`SELECT pg_advisory_xact_lock(${named}, ${number})`)
          return job()
        },
        { maxWait: 60_000, timeout: 60_000 }
      ),
    erase: queue.write,
    compact: async () => {},
    async close() {
      await queue.alone(async () => {})
      await Promise.all([writer.$disconnect(), read.$disconnect()])
    }
  }
}

/** The models are the same, and PostgreSQL can do all with them that SQLite can: so the stores know SQLite's client. */
function clientOf(pool: pg.Pool): Client {
  return new PrismaClient({ adapter: connectionsOf(pool) }) as unknown as Client
}

/** What our processes are called, each with a number that no other has. */
const ourName = 'staff-bearings'
const name = `${ourName} ${randomUUID()}`

/** Rejects if PostgreSQL has fewer connections than all processes may want that are running now. */
async function expectRoom(client: Client): Promise<void> {
  const most = readingConnections + 1
  const [row] = await client.$queryRawUnsafe<[{ room: number; processes: number }]>(
    `SELECT (SELECT sum(CASE name WHEN 'max_connections' THEN 1 ELSE -1 END * setting::int)::int FROM pg_settings
        WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')) AS "room",
      (SELECT count(DISTINCT application_name)::int FROM pg_stat_activity
        WHERE application_name LIKE '${ourName} %') AS "processes"`
  )
  const wanted = row.processes * most
  if (wanted <= row.room) return
  throw new Unsuitable(
    `PostgreSQL has ${row.room} connections, and ${row.processes} processes of ${most} each may want ${wanted}: raise max_connections to ${wanted + 10} or more, or start fewer`
  )
}

function poolOf(
  url: string,
  max: number,
  settings: Record<string, string>,
  more: pg.PoolConfig = {}
): pg.Pool {
  const options = Object.entries(settings).map(
    ([setting, value]) => `-c ${setting}=${value.replace(' ', '\\ ')}`
  )
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max,
    // One stays, so that whoever counts the processes sees this one.
    min: 1,
    options: options.join(' '),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...more
  })
  // A connection that breaks while nobody uses it is replaced when it is needed; one in use rejects its query.
  pool.on('error', () => {})
  return pool
}

function share(connection: pg.ClientBase): Promise<unknown> {
  return connection.query(`SELECT pg_advisory_lock_shared(${locks.open})`)
}

/** With $1, $2 … for the parameters, as PostgreSQL wants them. */
function numbered(sql: string, values: readonly unknown[]) {
  let number = 0
  return { text: sql.replace(/\?/g, () => `$${++number}`), values: [...values] }
}

function connections(url: string, max: number): PrismaPg {
  return connectionsOf(poolOf(url, max, {}))
}

function connectionsOf(pool: pg.Pool): PrismaPg {
  return telling(new PrismaPg(pool, { disposeExternalPool: true }), told)
}

/** What PostgreSQL says when it goes down, comes up, has no room or has waited too long. */
const unable = /^(?:08|25P03|53|55P03|57)/
/** What it says to a wrong user or password, or of a database that is not there. */
const unwelcome = /^(?:28|3D)/

/** Tells what PostgreSQL refused from what it did not answer at all, or could not do now. */
function told(error: unknown): never {
  const { code, message } = answerIn(error as Error)
  if (unwelcome.test(code)) throw new Unsuitable(`PostgreSQL: ${message}`)
  if (code !== '' && !unable.test(code)) throw error
  throw new Unreachable(`PostgreSQL: ${message}`, { cause: error })
}

/** What PostgreSQL answered, from the driver or from Prisma's adapter; no code if it did not answer. */
function answerIn(error: Error): { code: string; message: string } {
  if (error instanceof DriverAdapterError) {
    const { cause } = error
    if (cause.kind === 'DatabaseNotReachable')
      return { code: '', message: `not reachable at ${cause.host}:${cause.port}` }
    return { code: cause.originalCode ?? '', message: cause.originalMessage ?? error.message }
  }
  const { code = '' } = error instanceof pg.DatabaseError ? error : {}
  return { code, message: error.message }
}

/**
 * Runs a script as PostgreSQL does, as a whole and in one transaction. The adapter would cut it at every semicolon, also
 * within the functions of triggers.
 */
function forSchemaEngine(url: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = connections(url, 2)
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const connection = await factory.connect()
      connection.executeScript = async (script) => {
        await connection.underlyingDriver().query(script).catch(explained)
      }
      return connection
    }
  }
}

/** What PostgreSQL says, in the form in which the schema engine passes it on. */
function explained({
  code,
  severity,
  message,
  detail,
  column,
  hint
}: Record<string, string | undefined>): never {
  throw new DriverAdapterError({
    kind: 'postgres',
    code: code ?? '',
    severity: severity ?? '',
    message: message ?? '',
    detail,
    column,
    hint
  })
}

function locked(lock: keyof typeof locks) {
  return { sql: `SELECT pg_advisory_xact_lock(${locks[lock]})`, args: [], argTypes: [] }
}
