import { pipeline, Readable } from 'node:stream'
import { type Options, stringify } from 'csv-stringify'
import { stringify as stringifyAll } from 'csv-stringify/sync'

export type Field = string | number | null

// Spreadsheets take a byte order mark as UTF-8, and CRLF is what RFC 4180 asks for.
const format: Options = { bom: true, quoted: true, quoted_empty: true, record_delimiter: 'windows' }

/** What spreadsheets begin a formula, a command or a new cell with, in ASCII and in full width. */
const live = /^\s*[=+\-@|%＝＋－＠｜％]|^\s*[\t\r\n]/

/**
 * A field that no spreadsheet runs: text that could be a formula gets a leading apostrophe (OWASP ASVS 1.2.10).
 * Numbers stay numbers, and NUL, which cuts a cell short in some programs, goes.
 */
export function harmless(field: Field): Field {
  if (typeof field !== 'string') return field
  const text = field.replaceAll('\0', '')
  return live.test(text) ? `'${text}` : text
}

/** Rows, the first of them with the names of the columns, as CSV. */
export function csvOf(rows: readonly (readonly Field[])[]): string {
  return stringifyAll(
    rows.map((row) => row.map(harmless)),
    format
  )
}

/** Like csvOf, for more rows than should be in memory: they are asked for as fast as they are read. */
export function csvStream(rows: AsyncIterable<readonly Field[]>): Readable {
  async function* harmlessRows() {
    for await (const row of rows) yield row.map(harmless)
  }
  // Whichever of the two fails or is given up destroys the other, so there is nothing left to do then.
  return pipeline(Readable.from(harmlessRows()), stringify(format), () => {})
}
