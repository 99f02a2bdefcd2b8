import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { Prisma, PrismaClient } from '../generated/sqlite/client.ts'
import { sqlite } from './sqlite.ts'
import type { Load, Together, Write } from './writer.ts'

export type Transaction = Prisma.TransactionClient

/** What the stores work on, whichever database it is: SQLite's client, of which PostgreSQL's can do more. */
export type Database = {
  /** For reading, outside any transaction: sees committed rows only and cannot write. */
  read: PrismaClient
  /** The only way to write, with {@link Database.together} for what many do at once: see {@link Write}. */
  write: Write<Transaction>
  together: Together<Transaction>
  /**
   * Reads rows for what is asked for most, ten times faster than a client can: plain SQL that both kinds of database
   * understand, with ? for each parameter. Sees committed rows only and cannot write.
   */
  rows<Row>(sql: string, ...parameters: (string | number)[]): Promise<Row[]>
  /** Runs a job, not a long one, while no other process runs one under the same name. */
  inTurn<Result>(name: string, job: () => Promise<Result>): Promise<Result>
  /** How many writes wait, and how many there were in how many transactions. */
  load(): Load
  /**
   * Like write, for deletions. In SQLite, the deleted bytes are overwritten in the database and in its log. Two
   * leftovers wait for {@link Database.compact}: the log's, while another process reads, and a copy that SQLite made
   * of a row when it rearranged its pages. PostgreSQL's own vacuum overwrites them in its time.
   */
  erase: Write<Transaction>
  /** Rewrites SQLite's files if anything was erased since the last time, so that nothing of it is left. */
  compact(): Promise<void>
  close(): Promise<void>
}

/** What a kind of database does in its own way. URLs are file:PATH or postgres://… */
export type Engine = {
  /** Opens a migrated database. Rejects if it does not write as durably as we promise. */
  open(url: string): Promise<Database>
  /** Connections for the schema engine. */
  connections(url: string): SqlMigrationAwareDriverAdapterFactory
  /** Gets a new database ready for its first migration. */
  prepare(url: string): Promise<void>
  /** Does the work while no other process does so for the same database. */
  inTurn<Result>(url: string, work: () => Promise<Result>): Promise<Result>
}

/** Loads PostgreSQL's only where it is used: that takes a tenth of a start. */
export async function engineOf(url: string): Promise<Engine> {
  return kindOf(url) === 'sqlite' ? sqlite : (await import('./postgresql.ts')).postgresql
}

/** What kind of database a URL names: so is its folder of prisma/ called. */
export function kindOf(url: string): 'sqlite' | 'postgresql' {
  return url.startsWith('file:') ? 'sqlite' : 'postgresql'
}

/** Where the data lies, in words for whoever runs the site: no password is in them. */
export function placeOf(url: string): string {
  if (kindOf(url) === 'sqlite') return url.slice('file:'.length)
  const { host, pathname } = new URL(url)
  return `PostgreSQL at ${host}${pathname}`
}

/** Opens a migrated database. Rejects if it does not write as durably as we promise. */
export async function openDatabase(url: string): Promise<Database> {
  return (await engineOf(url)).open(url)
}

/** Whether a table has no rows: a start looks, as most often nothing is there to be tidied, before it loads Prisma. */
export async function isEmpty({ rows }: Pick<Database, 'rows'>, table: string): Promise<boolean> {
  return (await rows(`SELECT 1 FROM "${table}" LIMIT 1`)).length === 0
}
