import { gunzipSync } from 'node:zlib'
import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'

const headers = { 'accept-encoding': 'gzip, deflate, br' }

test('a personal page is sent compressed to whoever can read it so', async () => {
  const { app, visitor } = await testApp()
  const taker = visitor()
  await taker.post('/quiz')
  const cookies = Object.fromEntries(taker.cookies)
  for (const url of ['/', '/quiz/path/1']) {
    const plain = await app.inject({ url, cookies })
    const compressed = await app.inject({ url, cookies, headers })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    const title = (html: string) => load(html)('title').text()
    expect(title(gunzipSync(compressed.rawPayload).toString())).toBe(title(plain.body))
  }
})

test('a page that comes back after a fault is sent compressed as well', async () => {
  const { app } = await testApp()
  const answer = await app.inject({
    method: 'POST',
    url: '/admin/login',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'name=ada&password=wrong'
  })
  expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([422, 'gzip'])
})
