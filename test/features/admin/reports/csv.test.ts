import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvOf, csvStream, type Field, harmless } from '../../../../src/features/admin/reports/csv.ts'

const cells = 50_000
const columns = 10

/** What a spreadsheet takes as the start of a formula or a command; full-width forms are folded to these. */
const starts = ['=', '+', '-', '@', '|', '%', '\t', '\r', '\n', '＝', '＋', '－', '＠', '｜', '％']
const commands = [
  "=cmd|' /C calc'!A0",
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '%0A=1',
  '  =1',
  '\u00a0=1',
  '\0=1',
  ' \0 =1'
]

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(...starts, ' ', '\0', '"', "'", ',', ';', 'a', '1', '\u00a0', '\u3000')
  }),
  fc.constantFrom(...commands),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constant(null)
)

/** Whether a spreadsheet could do more with this text than show it. */
function isLive(cell: string): boolean {
  const seen = cell.replace(/^\s*/u, (spaces) => spaces.replace(/[^\t\r\n]/g, '')).normalize('NFKC')
  return /^[=+\-@|%\t\r\n]/.test(seen)
}

test(`${cells} cells come back as they were, and no text among them is a formula`, async () => {
  const row = fc.array(field, { minLength: columns, maxLength: columns })
  let seen = 0
  let mended = 0
  fc.assert(
    fc.property(fc.array(row, { minLength: 10, maxLength: 10 }), (rows) => {
      const csv = csvOf(rows)
      expect(csv.startsWith('\ufeff"')).toBe(true)
      const back: string[][] = parse(csv, { bom: true, record_delimiter: '\r\n', relax_quotes: false })
      for (const [r, fields] of rows.entries()) {
        for (const [c, given] of fields.entries()) {
          const found = back[r]![c]!
          seen++
          if (typeof given !== 'string') {
            expect(found).toBe(given === null ? '' : String(given))
            continue
          }
          const kept = given.replaceAll('\0', '')
          expect(isLive(found), JSON.stringify(found)).toBe(false)
          // Nothing is added but the apostrophe, and that only where it is needed.
          expect(found).toBe(isLive(kept) ? `'${kept}` : kept)
          if (found !== given) mended++
        }
      }
    }),
    { numRuns: cells / columns / 10, seed: 1 }
  )
  expect(seen).toBe(cells)
  expect(mended).toBeGreaterThan(5000)
})

test('every field is quoted, and lines end as spreadsheets expect', () => {
  const rows = [
    ['a', '', null, -5, 0.25],
    ['say "no"', '=1', '-5', 'ümlaut', 1e21]
  ]
  expect(csvOf(rows)).toBe('\ufeff"a","","","-5","0.25"\r\n"say ""no""","\'=1","\'-5","ümlaut","1e+21"\r\n')
  expect(harmless(-5)).toBe(-5)
})

test('a stream of rows comes to the same, and asks for rows only as they are read', async () => {
  let made = 0
  async function* rows() {
    for (; made < 20_000; made++) yield [`row ${made}`, '=1', made]
  }
  const all = Array.from({ length: 20_000 }, (_, index) => [`row ${index}`, '=1', index])
  expect((await buffer(csvStream(rows()))).toString()).toBe(csvOf(all))

  made = 0
  const slow = csvStream(rows())
  await new Promise((resolve) => slow.once('readable', resolve))
  slow.read(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(made).toBeLessThan(5000)
  slow.destroy()
})

test('a stream whose rows fail fails itself, and one that is given up stops asking', async () => {
  async function* failing() {
    yield ['one']
    throw new Error('no more')
  }
  await expect(buffer(csvStream(failing()))).rejects.toThrow('no more')

  let isOver = false
  async function* endless() {
    try {
      for (;;) yield ['again']
    } finally {
      isOver = true
    }
  }
  const stream: Readable = csvStream(endless())
  for await (const _ of stream) break
  await expect.poll(() => isOver).toBe(true)
})
