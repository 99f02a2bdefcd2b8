import { expect, test } from 'vitest'
import { encodingFinder } from '../../../src/web/http/encodings.ts'

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['br, gzip', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP', 'gzip'],
  ['deflate', 'identity'],
  ['zstd', 'identity'],
  ['*', 'br'],
  ['br;q=0, *', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=0, gzip;q=0', 'identity'],
  ['identity;q=0.9, gzip;q=0.2', 'identity'],
  ['identity;q=0, gzip', 'gzip'],
  ['identity;q=0, *', 'br'],
  ['*;q=0, gzip;q=0.001', 'gzip'],
  ['gzip;q=nonsense', 'identity'],
  [',;=, gzip', 'gzip'],
  ['identity;q=0', null],
  ['*;q=0', null]
])('of whoever accepts “%s”, %s is liked best', (accepted, best) => {
  const encodingOf = encodingFinder()
  expect([encodingOf(accepted), encodingOf(accepted)]).toEqual([best, best])
})

test('many different headers are all understood, remembered or not', () => {
  const encodingOf = encodingFinder()
  for (let one = 0; one < 300; one++) expect(encodingOf(`x${one}, gzip`)).toBe('gzip')
  expect(encodingOf('br')).toBe('br')
})
