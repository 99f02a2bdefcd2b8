import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { assetsUrl } from '../../src/web/assets.ts'
import { testApp } from '../support/app.ts'

const asset = (name: string) => `${assetsUrl('public')}/${name}`
const headers = { 'accept-encoding': 'gzip, deflate, br' }

test.each(['/', asset('style.css'), asset('quiz.js')])(
  '%s is sent compressed to whoever can read it so',
  async (url) => {
    const { app } = await testApp()
    const [plain, compressed] = [await app.inject(url), await app.inject({ url, headers })]
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(gunzipSync(compressed.rawPayload).toString()).toBe(plain.body)
  }
)

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

test('what is compressed in itself, unchanged or asked for in part is sent as it is', async () => {
  const { app } = await testApp()
  const font = await app.inject({ url: asset('fonts/besley.woff2'), headers })
  expect(font.headers['content-encoding']).toBeUndefined()
  const part = await app.inject({ url: asset('style.css'), headers: { ...headers, range: 'bytes=0-9' } })
  expect([part.statusCode, part.body.length]).toEqual([206, 10])
  const { etag } = (await app.inject({ url: asset('style.css'), headers })).headers
  const again = await app.inject({ url: asset('style.css'), headers: { ...headers, 'if-none-match': etag } })
  expect(again.statusCode).toBe(304)
})
