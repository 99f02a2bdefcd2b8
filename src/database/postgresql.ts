import { PrismaPg } from '@prisma/adapter-pg'
import { DriverAdapterError, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import type { Database, Engine, Transaction } from './client.ts'
import { PrismaClient } from './generated/postgresql/client.ts'
import type { PrismaClient as Client } from './generated/sqlite/client.ts'
import { queueOf } from './writer.ts'

/**
 * Locks of the whole database that our processes take turns on. Whoever writes holds one of them until the commit, so
 * that a transaction may read, compute and write back, whichever process it runs in: as in SQLite.
 */
const locks = { writing: 7_002_001, migrating: 7_002_002 }

/** Connections that read, of each process; one more writes. */
const readingConnections = 9

// A process that stops answering gives up its turn. Waiting for it takes longer than its time, so that nobody is
// refused for its sake.
const writing = {
  idle_in_transaction_session_timeout: '10s',
  lock_timeout: '20s',
  statement_timeout: '60s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '2'
}
const reading = { default_transaction_read_only: 'on', statement_timeout: '60s' }

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
  const writer = clientOf(poolOf(url, 1, writing))
  const readers = poolOf(url, readingConnections, reading)
  const read = clientOf(readers)
  const queue = queueOf<Transaction>((job) =>
    writer.$transaction(
      async (transaction) => {
        await transaction.$executeRawUnsafe(locked('writing').sql)
        return job(transaction)
      },
      { maxWait: 60_000, timeout: 60_000 }
    )
  )

  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const [row] = await writer.$queryRawUnsafe<[Record<string, string>]>(`SHOW ${setting}`)
    if (row[setting] === 'off') throw new Error(`PostgreSQL runs with ${setting}=off`)
  }

  return {
    read,
    write: queue.write,
    together: queue.together,
    load: queue.load,
    async rows(sql, ...parameters) {
      return (await readers.query(numbered(sql, parameters))).rows
    },
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
  const adapter = new PrismaPg(pool, { disposeExternalPool: true })
  return new PrismaClient({ adapter }) as unknown as Client
}

function poolOf(url: string, max: number, settings: Record<string, string>): pg.Pool {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  const pool = new pg.Pool({
    connectionString: url,
    max,
    options: options.join(' '),
    connectionTimeoutMillis: 10_000
  })
  // A connection that breaks while nobody uses it is replaced when it is needed; one in use rejects its query.
  pool.on('error', () => {})
  return pool
}

/** With $1, $2 … for the parameters, as PostgreSQL wants them. */
function numbered(sql: string, values: readonly unknown[]) {
  let number = 0
  return { text: sql.replace(/\?/g, () => `$${++number}`), values: [...values] }
}

function connections(url: string, max: number): PrismaPg {
  return new PrismaPg(poolOf(url, max, {}), { disposeExternalPool: true })
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
