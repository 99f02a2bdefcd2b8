import helmet from '@fastify/helmet'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { assetsUrl } from '../../../src/web/http/assets.ts'
import { securityHeaders } from '../../../src/web/http/security.ts'
import { testApp } from '../../support/app.ts'

const pages = ['/quiz/path/1', '/r/x', '/m/x', '/nowhere', '/admin/login', '/healthz']

const shared = [
  '/',
  '/archetypes',
  '/archetypes/compare',
  '/privacy',
  '/robots.txt',
  `${assetsUrl('public')}/quiz.js`
]

test.each([...pages, ...shared])('%s carries every security header', async (url) => {
  const { app, config } = await testApp()
  const { headers } = await app.inject(url)
  const { 'cache-control': unkept, ...expected } = securityHeaders(config)
  expect(headers).toMatchObject(expected)
  // Only what is the same for everybody may be kept by anybody.
  if (!shared.includes(url)) expect(headers['cache-control']).toBe(unkept)
})

test('the headers are what helmet would send for the same policy', async () => {
  const ours = securityHeaders({ https: true })
  const app = Fastify()
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        upgradeInsecureRequests: []
      }
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: { maxAge: 63_072_000, includeSubDomains: true }
  })
  app.get('/', () => '')
  const { headers } = await app.inject('/')
  const normal = (value: unknown) => String(value).replace(/;\s*/g, ';').toLowerCase()
  const shared = Object.keys(ours).filter((name) => name in headers)
  expect(shared.length).toBeGreaterThanOrEqual(7)
  for (const name of shared) expect(normal(headers[name]), name).toBe(normal(ours[name]))
})

test('over plain HTTP, nobody is told to use TLS', () => {
  const headers = securityHeaders({ https: false })
  expect(headers['strict-transport-security']).toBeUndefined()
  expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
})

test.each([
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  ['a sibling host', { 'sec-fetch-site': 'same-site' }, 403],
  ['a navigation without a page', { 'sec-fetch-site': 'none' }, 403],
  ['an old browser on another site', { origin: 'https://evil.example' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  ['our own page', { 'sec-fetch-site': 'same-origin' }, 303],
  ['our own page in an old browser', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, 303],
  ['no browser at all', {}, 303]
])('a form sent from %s', async (_from, headers, status) => {
  const { app, database } = await testApp()
  const response = await app.inject({
    method: 'POST',
    url: '/quiz',
    headers: headers as Record<string, string>
  })
  expect(response.statusCode).toBe(status)
  expect(await database.read.attempt.count()).toBe(status === 303 ? 1 : 0)
})

test('cookies are for the server alone, and over TLS bound to the host', async () => {
  const plain = await testApp()
  const { cookies, headers } = await plain.app.inject({ method: 'POST', url: '/quiz' })
  expect([headers['set-cookie']].flat()).toHaveLength(1)
  const [cookie] = cookies
  expect(cookie).toMatchObject({ name: 'bearings', httpOnly: true, sameSite: 'Lax', path: '/' })
  expect(cookie?.secure).toBeUndefined()

  const tls = await testApp({ PUBLIC_URL: 'https://bearings.example.org' })
  const [secure] = (await tls.app.inject({ method: 'POST', url: '/quiz' })).cookies
  expect(secure).toMatchObject({ name: '__Host-bearings', httpOnly: true, secure: true, path: '/' })
})

test('who guesses links is slowed down, whatever address they claim to have', async () => {
  const { app } = await testApp()
  const statuses = []
  for (let guess = 0; guess < 61; guess++) {
    const headers = { 'x-forwarded-for': `203.0.113.${guess}` }
    statuses.push((await app.inject({ url: `/r/${String(guess).padStart(22, 'a')}`, headers })).statusCode)
  }
  expect(statuses.slice(0, 60).every((status) => status === 404)).toBe(true)
  expect(statuses[60]).toBe(429)
  expect((await app.inject('/')).statusCode).toBe(200)
})

test('too many requests get a page that says so', async () => {
  const { app } = await testApp({ RATE_LIMIT: '3' })
  for (let request = 0; request < 3; request++) expect((await app.inject('/')).statusCode).toBe(200)
  const { statusCode, headers, body } = await app.inject('/')
  expect(statusCode).toBe(429)
  expect(headers['retry-after']).toBeDefined()
  expect(body).toContain('Too many requests')
})

test('a body that is too large is refused with a page', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await browser.post('/quiz')
  const { statusCode, body } = await browser.post('/quiz/path/1', `x=${'y'.repeat(33 * 1024)}`)
  expect(statusCode).toBe(413)
  expect(body).toContain('too much to read')
})
