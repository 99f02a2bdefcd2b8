import { isDeepStrictEqual } from 'node:util'

/** A row as both kinds of database can say it: a DateTime as 2026-11-28T12:00:00.000Z. */
export type Row = Record<string, string | number | boolean | null>

/** A table of ours, with its columns' types as SQLite declares them. */
export type Table = { name: string; columns: { name: string; type: Type }[]; key: string[] }
export const types = ['TEXT', 'INTEGER', 'BOOLEAN', 'DATETIME'] as const
export type Type = (typeof types)[number]

/** A database that rows are copied from or to, at one moment: nobody else changes what it shows. */
export type Side = {
  count(table: Table): Promise<number>
  /** All rows, some hundred at a time, in the order of a key that is a number. */
  rows(table: Table): AsyncIterable<Row[]>
  /** Those rows that have the keys of these. */
  find(table: Table, rows: readonly Row[]): Promise<Row[]>
  insert(table: Table, rows: readonly Row[]): Promise<void>
}

/** How many rows each table has. */
export type Counts = Map<string, number>

/** Shows how far the work is, when it is told how many of `total` steps are done. */
export type Progress = (total: number) => (done: number) => void

/** Something that is not done because of what was found. The message tells whoever runs the site what to do. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/** How many rows are in memory at a time. */
export const atOnce = 500

/**
 * Copies every row of these tables, which come in an order that references allow, to a side where they are empty. Then
 * reads every row again on both sides. Resolves to how many there are, and rejects if any is not equal.
 */
export async function copy(
  tables: readonly Table[],
  from: Side,
  to: Side,
  progress: Progress
): Promise<Counts> {
  const counts = await countsOf(tables, from)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const show = progress(2 * total)
  let done = 0
  for (const table of tables) {
    for await (const rows of from.rows(table)) {
      await to.insert(table, rows)
      done += rows.length
      show(done)
    }
  }
  const different = await difference(tables, from, to, (compared) => show(total + compared))
  if (different !== null) throw new Error(`The copy is not equal: ${different}`)
  return counts
}

/** In which table something is not equal, and what; null if every row is. */
export async function difference(
  tables: readonly Table[],
  from: Side,
  to: Side,
  show: (compared: number) => void
): Promise<string | null> {
  let compared = 0
  for (const table of tables) {
    const [here, there] = [await from.count(table), await to.count(table)]
    if (here !== there) return `${table.name} has ${here} rows here and ${there} there`
    for await (const rows of from.rows(table)) {
      const found = new Map((await to.find(table, rows)).map((row) => [keyOf(table, row), row]))
      const odd = rows.find((row) => !isDeepStrictEqual(row, found.get(keyOf(table, row))))
      if (odd) return `${table.name} has another row there at ${keyOf(table, odd)}`
      compared += rows.length
      show(compared)
    }
  }
  return null
}

export async function countsOf(tables: readonly Table[], side: Side): Promise<Counts> {
  const counts: Counts = new Map()
  for (const table of tables) counts.set(table.name, await side.count(table))
  return counts
}

function keyOf({ key }: Table, row: Row): string {
  return JSON.stringify(key.map((name) => row[name]))
}
