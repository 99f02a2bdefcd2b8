import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { LightMyRequestResponse } from 'fastify'
import { expect, test } from 'vitest'
import { assetsUrl } from '../../../src/web/http/assets.ts'
import { readyBytes } from '../../../src/web/http/precompressed.ts'
import { securityHeaders } from '../../../src/web/http/security.ts'
import { testApp } from '../../support/app.ts'

const asset = (name: string) => `${assetsUrl('public')}/${name}`
const pages = [
  '/',
  '/archetypes',
  '/archetypes/solver',
  '/archetypes/compare',
  '/archetypes/compare?a=solver&b=right-hand',
  '/how-it-works',
  '/privacy',
  '/robots.txt',
  '/sitemap.xml'
]
const styles = ['style.css', 'quiz.js', 'icon.svg'].map(asset)

const decoded = {
  br: ({ rawPayload }: LightMyRequestResponse) => brotliDecompressSync(rawPayload),
  gzip: ({ rawPayload }: LightMyRequestResponse) => gunzipSync(rawPayload),
  identity: ({ rawPayload }: LightMyRequestResponse) => rawPayload
}

test.each(pages)('%s is the same bytes in every encoding, each with a tag of its own', async (url) => {
  const { app } = await testApp()
  const plain = await app.inject(url)
  const tags = new Set<unknown>()
  for (const [encoding, decode] of Object.entries(decoded)) {
    const answer = await app.inject({ url, headers: { 'accept-encoding': encoding } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-encoding']).toBe(encoding === 'identity' ? undefined : encoding)
    expect(answer.headers['content-length']).toBe(`${answer.rawPayload.length}`)
    expect(answer.headers['content-type']).toBe(plain.headers['content-type'])
    expect(answer.headers.vary).toContain('accept-encoding')
    expect(answer.headers.etag).toMatch(/^"[\w-]{22}"$/)
    expect(decode(answer).equals(plain.rawPayload), encoding).toBe(true)
    tags.add(answer.headers.etag)
  }
  expect(tags.size).toBe(3)
})

test.each(pages)('%s may be kept, but is asked for again each time', async (url) => {
  const { app } = await testApp()
  expect((await app.inject(url)).headers['cache-control']).toBe('no-cache')
})

test.each(styles)('%s may be kept for ever, and is sent compressed', async (url) => {
  const { app } = await testApp()
  const plain = await app.inject(url)
  const compressed = await app.inject({ url, headers: { 'accept-encoding': 'gzip, deflate, br' } })
  expect(compressed.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'gzip',
    vary: 'accept-encoding'
  })
  expect(gunzipSync(compressed.rawPayload).equals(plain.rawPayload)).toBe(true)
})

test('what is compressed in itself is sent as it is', async () => {
  const { app } = await testApp()
  const { headers } = await app.inject({
    url: asset('fonts/besley.woff2'),
    headers: { 'accept-encoding': 'br' }
  })
  expect(headers['content-type']).toBe('font/woff2')
  expect(headers['content-encoding']).toBeUndefined()
})

test('who has the page already is told no more than that', async () => {
  const { app, config } = await testApp()
  const { etag, vary } = (await app.inject('/archetypes')).headers
  const asked = (ifNoneMatch: string, headers = {}) =>
    app.inject({ url: '/archetypes', headers: { 'if-none-match': ifNoneMatch, ...headers } })

  for (const match of [etag as string, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag} , "third"`, '*']) {
    const { statusCode, headers, body } = await asked(match)
    expect([statusCode, body], match).toEqual([304, ''])
    expect(headers).toMatchObject({ ...securityHeaders(config), 'cache-control': 'no-cache', etag, vary })
    expect(headers['content-encoding']).toBeUndefined()
    expect(headers['content-length']).toBeUndefined()
  }
  for (const miss of ['"other"', (etag as string).slice(1, -1), '']) {
    expect((await asked(miss)).statusCode, miss).toBe(200)
  }
  // The tag of one encoding says nothing of another.
  expect((await asked(etag as string, { 'accept-encoding': 'br' })).statusCode).toBe(200)
})

test('HEAD tells what GET would send, without sending it', async () => {
  const { app } = await testApp()
  const of = (method: 'GET' | 'HEAD', more = {}) =>
    app.inject({ method, url: '/archetypes', headers: { 'accept-encoding': 'br', ...more } })
  const [get, head] = [await of('GET'), await of('HEAD')]
  const { date: _, ...expected } = get.headers
  expect(head.headers).toMatchObject(expected)
  expect([head.statusCode, head.rawPayload.length]).toEqual([200, 0])
  expect((await of('HEAD', { 'if-none-match': get.headers.etag })).statusCode).toBe(304)
})

test('whoever forbids every encoding that there is gets a page that says so', async () => {
  const { app } = await testApp()
  const { statusCode, headers } = await app.inject({
    url: '/',
    headers: { 'accept-encoding': 'identity;q=0' }
  })
  expect([statusCode, headers['cache-control'], headers.etag]).toEqual([406, 'no-store', undefined])
})

test('the start page is shared with those alone whose browser has nothing here', async () => {
  const { app, visitor } = await testApp()
  const shared = await app.inject('/')
  expect(shared.headers.vary).toBe('accept-encoding, cookie')

  const taker = visitor()
  await taker.post('/quiz')
  const cookie = [...taker.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  for (const headers of [{ cookie }, { cookie, 'if-none-match': shared.headers.etag as string }]) {
    const own = await app.inject({ url: '/', headers })
    expect([own.statusCode, own.headers['cache-control'], own.headers.etag]).toEqual([
      200,
      'no-store',
      undefined
    ])
    expect(own.body).toContain('Continue where you left off')
  }
  for (const stranger of ['bearings=nonsense', 'other=1', '']) {
    const { body, headers } = await app.inject({ url: '/', headers: { cookie: stranger } })
    expect([body, headers.etag]).toEqual([shared.body, shared.headers.etag])
  }
})

test('pages of one version have one tag, and those that say something else another', async () => {
  const [one, same, other] = await Promise.all(
    [{}, {}, { MIN_CELL: '7' }].map(async (settings) => (await testApp(settings)).app)
  )
  const tagsOf = async (url: string) =>
    Promise.all([one, same, other].map(async (app) => (await app!.inject(url)).headers.etag))
  const [first, second, third] = await tagsOf('/privacy')
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test('a body is made when somebody first asks, once, and made again if that failed', () => {
  let made = 0
  const bytes = readyBytes({
    type: 'text/plain',
    body: () => {
      made++
      if (made === 1) throw new Error('not yet')
      return 'as it is'
    }
  })
  expect(made).toBe(0)
  expect(() => bytes.in('gzip')).toThrow('not yet')
  for (const encoding of ['br', 'gzip', 'identity', 'br'] as const) bytes.in(encoding)
  expect(made).toBe(2)
  expect(bytes.in('br')).toBe(bytes.in('br'))
})
