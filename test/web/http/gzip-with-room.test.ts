import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gzipWithRoom } from '../../../src/web/http/gzip-with-room.ts'

test('what is decompressed is the text with the room filled', () => {
  const text = fc.string({ unit: 'binary', maxLength: 300 })
  fc.assert(
    fc.property(text, fc.uint8Array({ minLength: 1, maxLength: 40 }), text, (before, room, after) => {
      const parts = [Buffer.from(before.repeat(9)), Buffer.from(room), Buffer.from(after.repeat(9) + before)]
      const [one, two, three] = parts as [Buffer, Buffer, Buffer]
      const gzip = gzipWithRoom(one, two.length, three)
      for (const filling of [two, Buffer.from(two).reverse()]) {
        const filled = Buffer.from(gzip.filledWith(filling.toString('latin1')), 'latin1')
        expect(filled.length).toBe(gzip.length)
        expect(gunzipSync(filled)).toEqual(Buffer.concat([one, filling, three]))
      }
    }),
    { numRuns: 300 }
  )
})

test('a long page with its room at the start is hardly larger than without', () => {
  const long = Buffer.from(
    Array.from({ length: 4_000 }, (_, line) => `<li>line ${line * line}</li>\n`).join('')
  )
  const gzip = gzipWithRoom(long.subarray(0, 40_000), 13, long.subarray(40_000))
  const filled = Buffer.from(gzip.filledWith('1795490000000'), 'latin1')
  expect(gunzipSync(filled)).toHaveLength(long.length + 13)
  expect(gzip.length).toBeLessThan(1.02 * gzipSync(long, { level: 9 }).length)
})

test('bytes that do not fit are refused', () => {
  expect(() => gzipWithRoom(Buffer.from('a'), 3, Buffer.from('b')).filledWith('four')).toThrow(RangeError)
})
