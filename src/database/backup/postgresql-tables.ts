import pg from 'pg'
import { placeOf } from '../engine/client.ts'
import { locks } from '../engine/postgresql.ts'
import { atOnce, Refusal, type Row, type Side, type Table } from './table-copy.ts'

/** How long a server may take to answer, and a service to let go of the database, in milliseconds. */
const patience = { connecting: 10_000, locked: 2_000 }

/** PostgreSQL as a transaction on this connection sees it, that nobody else can disturb. */
export function postgresqlSide(client: pg.Client): Side {
  return {
    async count({ name }) {
      const { rows } = await client.query(`SELECT count(*)::int AS count FROM "${name}"`)
      return rows[0].count
    },

    async *rows(table) {
      const order = table.key.map((column) => `"${column}"`).join(', ')
      await client.query(
        `DECLARE everything NO SCROLL CURSOR FOR SELECT ${columnsOf(table)} FROM "${table.name}" t ORDER BY ${order}`
      )
      for (;;) {
        const { rows } = await client.query<Row>(`FETCH ${atOnce} FROM everything`)
        if (rows.length === 0) break
        yield rows
      }
      await client.query('CLOSE everything')
    },

    async find(table, rows) {
      const key = table.key.map((column) => `"${column}"`).join(', ')
      const keys = JSON.stringify(rows, table.key)
      const { rows: found } = await client.query<Row>(
        `SELECT ${columnsOf(table)} FROM "${table.name}" t
          JOIN json_populate_recordset(NULL::"${table.name}", $1) wanted USING (${key})`,
        [keys]
      )
      return found
    },

    // All rows as one parameter: PostgreSQL takes them apart faster than this process could.
    async insert({ name, columns }, rows) {
      const names = columns.map((column) => `"${column.name}"`).join(', ')
      await client.query(
        `INSERT INTO "${name}" (${names}) SELECT ${names} FROM json_populate_recordset(NULL::"${name}", $1)`,
        [JSON.stringify(rows)]
      )
    }
  }
}

function columnsOf({ columns }: Table): string {
  const said = columns.map(({ name, type }) =>
    type === 'DATETIME'
      ? `to_char(t."${name}", 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "${name}"`
      : `t."${name}" AS "${name}"`
  )
  return said.join(', ')
}

/** A connection for as long as the work takes. Rejects with a Refusal if there is none to be had. */
export async function connected<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>
): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: patience.connecting,
    options: '-c idle_in_transaction_session_timeout=0 -c statement_timeout=0'
  })
  // What breaks meanwhile is told by the query that it breaks.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    throw new Refusal(`${placeOf(url)} cannot be used: ${message || code}`)
  }
  try {
    return await work(client)
  } catch (error) {
    const isBroken = (error as Error).message === 'Connection terminated unexpectedly'
    throw isBroken ? new Refusal(`The connection to ${placeOf(url)} broke: start again.`) : error
  } finally {
    await client.end()
  }
}

/** Does the work in a transaction that sees the rows of one moment and can change none. */
export async function inSnapshot<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const result = await work()
  await client.query('COMMIT')
  return result
}

/**
 * Does the work in a transaction while no service has the database open, nor can open it. If the work fails, or this
 * process ends, nothing has changed. Rejects with a Refusal if somebody uses the database.
 */
export async function alone<Result>(
  client: pg.Client,
  url: string,
  work: () => Promise<Result>
): Promise<Result> {
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL lock_timeout = ${patience.locked}`)
    await client.query(`SELECT pg_advisory_xact_lock(${locks.open})`)
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    const isTaken = (error as { code?: string }).code === '55P03'
    throw isTaken ? new Refusal(`${placeOf(url)} is in use: stop the service first.`) : error
  }
}

/** Empties our tables, also the audit log, which allows that to nobody else. */
export async function empty(client: pg.Client, tables: readonly Table[]): Promise<void> {
  const names = tables.map(({ name }) => `"${name}"`)
  const triggers = (what: string) =>
    client.query(names.map((name) => `ALTER TABLE ${name} ${what} TRIGGER USER`).join(';'))
  await triggers('DISABLE')
  await client.query(`TRUNCATE ${names.join(', ')}`)
  await triggers('ENABLE')
}

/** The tables there that are not of this program; none in a database that it can have. */
export async function strangersIn(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1`
  )
  const names = rows.map(({ name }) => name)
  return names.includes('_prisma_migrations') ? [] : names
}
