import { gunzipSync } from 'node:zlib'
import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { securityHeaders } from '../../../src/web/http/security.ts'
import { testApp } from '../../support/app.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

const gzip = { 'accept-encoding': 'gzip, deflate, br' }

async function site() {
  const { app, config, visitor } = await testApp()
  const taker = visitor()
  await taker.post('/quiz')
  const result = await take(visitor(), devotedTo('solver', seeded(4)))
  const cookies = Object.fromEntries(taker.cookies)
  return { app, config, taker, result, cookies }
}

test('a page of the quiz is the same from what was kept, but for the time at which it was sent', async () => {
  const { app, cookies } = await site()
  for (const url of ['/quiz/path/1', '/quiz/sets/3', '/quiz/habits']) {
    const before = Date.now()
    const answers = [await app.inject({ url, cookies }), await app.inject({ url, cookies, headers: gzip })]
    const bodies = [answers[0]!.body, gunzipSync(answers[1]!.rawPayload).toString()]
    for (const [index, body] of bodies.entries()) {
      const shown = Number(load(body)('input[name=shown]').val())
      expect(shown).toBeGreaterThanOrEqual(before)
      expect(shown).toBeLessThanOrEqual(Date.now())
      bodies[index] = body.replace(String(shown), 'then')
    }
    expect(bodies[0]).toBe(bodies[1])
  }
})

test('what was answered is in the page that comes after it, and in nobody else’s', async () => {
  const { app, taker, cookies } = await site()
  await taker.get('/quiz/path/1')
  const items = load((await taker.get('/quiz/path/1')).body)('fieldset input[value="4"]')
  const fields = Object.fromEntries(items.toArray().map(({ attribs }) => [attribs.name!, '4']))
  await taker.post('/quiz/path/1', fields)
  const checked = async (cookies: Record<string, string>) =>
    load((await app.inject({ url: '/quiz/path/1', cookies })).body)('input[checked]').length
  expect(await checked(cookies)).toBe(items.length)
  const other = await app.inject({ method: 'POST', url: '/quiz' })
  expect(await checked({ [other.cookies[0]!.name]: other.cookies[0]!.value })).toBe(0)
})

test('it has every header of ours, is stored nowhere, and a HEAD is told all but the page', async () => {
  const { app, config, cookies, result } = await site()
  for (const url of ['/quiz/sets/1', result]) {
    const { headers } = await app.inject({ url, cookies, headers: gzip })
    expect(headers).toMatchObject({
      ...securityHeaders(config),
      'cache-control': 'no-store',
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
      'x-robots-tag': 'noindex'
    })
    const head = await app.inject({ method: 'HEAD', url, cookies, headers: gzip })
    expect([head.statusCode, head.body]).toEqual([200, ''])
    expect(head.headers['content-length']).toBe(headers['content-length'])
  }
  const refused = await app.inject({ url: result, headers: { 'accept-encoding': 'br, identity;q=0' } })
  expect(refused.statusCode).toBe(406)
})

test('the owner’s page shows each note as soon as it is there, and a deleted result is gone at once', async () => {
  const { app, taker, result } = await site()
  const shared = new URL(load((await taker.get(result)).body)('#share').attr('value')!).pathname
  expect((await app.inject(shared)).statusCode).toBe(200)
  // The number that stands for the time is a note like any other.
  for (const note of ['Asked my manager', '8093561724905 8093561724905']) {
    await taker.post(result, { note })
    expect((await taker.get(result)).body).toContain(note)
  }
  await taker.post(`${result}/delete`)
  expect([(await app.inject(result)).statusCode, (await app.inject(shared)).statusCode]).toEqual([404, 404])
})
