import BetterSqlite3 from 'better-sqlite3'
import { atOnce, Refusal, type Row, type Side, type Table, type Type, types } from './table-copy.ts'

type Value = Row[string]

/** What Prisma stores in a column of this type, and how a row says it. */
const said: Partial<Record<Type, (stored: string | number) => Value>> = {
  BOOLEAN: (stored) => stored !== 0,
  DATETIME: (stored) => new Date(stored).toISOString()
}
const stored: Partial<Record<Type, (said: string | boolean) => string | number>> = {
  BOOLEAN: (said) => Number(said),
  DATETIME: (said) => String(said).replace('Z', '+00:00')
}

/** A SQLite file as it lies there. */
export function sqliteSide(file: BetterSqlite3.Database): Side {
  const statements = new Map<string, BetterSqlite3.Statement>()
  function prepared(sql: string): BetterSqlite3.Statement {
    const statement = statements.get(sql) ?? file.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  return {
    async count({ name }) {
      return prepared(`SELECT count(*) FROM "${name}"`).pluck().get() as number
    },

    // A key that is a number is SQLite's own rowid. In any other order it would have to jump from page to page.
    async *rows(table) {
      let batch: Row[] = []
      for (const row of prepared(
        `SELECT ${columnsOf(table)} FROM "${table.name}" ORDER BY rowid`
      ).iterate()) {
        batch.push(readAs(table, row as Row))
        if (batch.length < atOnce) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    },

    async find(table, rows) {
      const { name, key } = table
      const has = key.map((column) => `"${column}" = ?`).join(' AND ')
      const one = prepared(`SELECT ${columnsOf(table)} FROM "${name}" WHERE ${has}`)
      return rows.flatMap((row) => {
        const found = one.get(...key.map((column) => row[column])) as Row | undefined
        return found ? [readAs(table, found)] : []
      })
    },

    async insert(table, rows) {
      const places = table.columns.map(() => '?').join(', ')
      const one = prepared(`INSERT INTO "${table.name}" (${columnsOf(table)}) VALUES (${places})`)
      for (const row of rows)
        one.run(...table.columns.map(({ name, type }) => inForm(row[name]!, stored[type])))
    }
  }
}

function columnsOf({ columns }: Table): string {
  return columns.map(({ name }) => `"${name}"`).join(', ')
}

function readAs({ columns }: Table, row: Row): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, inForm(row[name]!, said[type])]))
}

function inForm<From extends Value>(value: Value, form: ((value: From) => Value) | undefined): Value {
  return value === null || !form ? value : form(value as From)
}

/** Our tables, each after those that it refers to. */
export function tablesIn(file: BetterSqlite3.Database): Table[] {
  const columns = file
    .prepare(
      `SELECT m.name AS "table", c.name, c.type, c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> '_prisma_migrations'
        ORDER BY m.name, c.cid`
    )
    .all() as { table: string; name: string; type: Type; pk: number }[]
  const unknown = columns.find(({ type }) => !types.includes(type))
  if (unknown)
    throw new Error(`${unknown.table}.${unknown.name} is of a type that is not copied: ${unknown.type}`)
  const references = file
    .prepare(
      'SELECT m.name AS "from", f."table" AS "to" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f'
    )
    .all() as { from: string; to: string }[]

  const ordered: string[] = []
  const waiting = new Set(columns.map(({ table }) => table))
  while (waiting.size > 0) {
    const free = [...waiting].filter(
      (one) => !references.some(({ from, to }) => from === one && waiting.has(to))
    )
    ordered.push(...free)
    for (const name of free) waiting.delete(name)
  }
  return ordered.map((name) => {
    const own = columns.filter(({ table }) => table === name)
    const key = own.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk)
    return {
      name,
      columns: own.map(({ name, type }) => ({ name, type })),
      key: key.map(({ name }) => name)
    }
  })
}

/**
 * Opens a file that nobody else has open, and keeps everybody else out until it is closed or this process ends. Throws
 * a Refusal if somebody has: in WAL mode, SQLite knows from each connection that it is there, even if it does nothing.
 */
export function openAlone(path: string): BetterSqlite3.Database {
  const file = new BetterSqlite3(path, { fileMustExist: true, timeout: 1000 })
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return file
  } catch (error) {
    file.close()
    if (/^SQLITE_BUSY/.test((error as { code?: string }).code ?? '')) {
      throw new Refusal(`${path} is in use: stop the service first.`)
    }
    throw error
  }
}
