import { verify } from '@node-rs/argon2'
import { load } from 'cheerio'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { buildApp } from '../../../../src/app.ts'
import { openDatabase } from '../../../../src/database/engine/client.ts'
import { addAdmin, addTotp, codeAt, giveSession, logIn, password, submit } from '../../../support/admin.ts'
import { content, testApp, visitor as visitorOf } from '../../../support/app.ts'

vi.hoisted(() => vi.resetModules())
const running = vi.hoisted(() => ({ now: 0, most: 0 }))

// The real Argon2, watched: that it ran cannot be seen from outside but by a stopwatch.
vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original<typeof import('@node-rs/argon2')>()
  return {
    ...argon2,
    verify: vi.fn(async (hash: string, password: string) => {
      running.most = Math.max(running.most, ++running.now)
      return argon2.verify(hash, password).finally(() => running.now--)
    })
  }
})
afterEach(() => {
  vi.useRealTimers()
  vi.mocked(verify).mockClear()
})

const minute = 60 * 1000

async function withAdmin(environment = {}) {
  const context = await testApp(environment)
  await addAdmin(context.database)
  return { ...context, browser: context.visitor() }
}

function setTime(time: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: time })
}

const faultOf = (body: string) => load(body)('.error-summary li').text()
const failing = { password: 'not the right one' }

test('a wrong name, a wrong password and one that has run out are told the same, after the same work', async () => {
  const { database, visitor } = await withAdmin()
  await addAdmin(database, 'grace', Date.now() - 1)
  const seen = new Set<string>()
  for (const fields of [
    { name: 'nobody', ...failing },
    { name: 'ada', ...failing },
    { name: 'grace', password }
  ]) {
    vi.mocked(verify).mockClear()
    const browser = visitor()
    const { statusCode, headers, body } = await browser.post('/admin/login', fields)
    const page = load(body)
    expect(page('input[type=password]').attr('value')).toBeUndefined()
    expect(browser.cookies.size).toBe(0)
    page('#name').removeAttr('value')
    const work = vi.mocked(verify).mock.calls.map(([hash]) => String(hash).split('$').slice(0, 4))
    seen.add(
      JSON.stringify([
        statusCode,
        { ...headers, date: '', ...limits, 'content-length': '' },
        page.html(),
        work
      ])
    )
  }
  expect([...seen]).toHaveLength(1)
})

/** What counts the requests, not the logins. */
const limits = { 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '', 'x-ratelimit-limit': '' }

test('after five failures an account has to wait, existing or not, and even with the right password', async () => {
  const { app } = await withAdmin()
  for (const name of ['ada', 'nobody']) {
    const statuses = []
    for (let failure = 0; failure < 6; failure++) {
      const remoteAddress = `203.0.113.${failure}`
      statuses.push((await post(app, { name, ...failing }, remoteAddress)).statusCode)
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429])
    const refused = await post(app, { name, password }, '203.0.113.99')
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('1')
  }
})

test.each([
  ['one address', () => '203.0.113.7', '203.0.113.8'],
  ['one IPv6 network', (index: number) => `2001:db8:1:2:${index}::1`, '2001:db8:1:3::1'],
  [
    'one address, written in two ways',
    (index: number) => `${index % 2 ? '::ffff:' : ''}203.0.113.7`,
    '::ffff:203.0.113.8'
  ]
])(
  'after five failures from %s, whoever they were for, it has to wait',
  async (_from, addressOf, another) => {
    const { app } = await withAdmin()
    for (let failure = 0; failure < 5; failure++) {
      const name = `name-${failure}`
      expect((await post(app, { name, ...failing }, addressOf(failure))).statusCode).toBe(422)
    }
    expect((await post(app, { name: 'ada', password }, addressOf(6))).statusCode).toBe(429)
    expect((await post(app, { name: 'ada', password }, another)).statusCode).toBe(303)
  }
)

test('whoever waits gets in', async () => {
  const { browser } = await withAdmin()
  for (let failure = 0; failure < 5; failure++)
    await browser.post('/admin/login', { name: 'ada', ...failing })
  expect((await logIn(browser)).statusCode).toBe(429)
  setTime(Date.now() + 1001)
  expect((await logIn(browser)).headers.location).toBe('/admin')
})

test('a restart does not shorten the wait', async () => {
  const { browser, config, app, database, url } = await withAdmin()
  for (let failure = 0; failure < 7; failure++) {
    setTime(Date.now() + failure * 2000)
    expect((await browser.post('/admin/login', { name: 'ada', ...failing })).statusCode).toBe(422)
  }
  await app.close()
  await database.close()

  const reopened = await openDatabase(url)
  const restarted = await buildApp(config, reopened, content)
  onTestFinished(async () => {
    await restarted.close()
    await reopened.close()
  })
  const response = await logIn(visitorOf(restarted))
  expect(response.statusCode).toBe(429)
  expect(response.headers['retry-after']).toBe('4')
  setTime(Date.now() + 4001)
  expect((await logIn(visitorOf(restarted))).statusCode).toBe(303)
})

test('two passwords are checked at a time, few wait, and the others are told to come back', async () => {
  const { app } = await withAdmin()
  running.most = 0
  const attempts = Array.from({ length: 30 }, (_, index) =>
    post(app, { name: `name-${index}`, ...failing }, `203.0.113.${index}`)
  )
  const responses = await Promise.all(attempts)
  const refused = responses.filter(({ statusCode }) => statusCode === 503)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.every(({ headers }) => headers['retry-after'] === '5')).toBe(true)
  expect(responses.length - refused.length).toBeGreaterThanOrEqual(20)
  expect(running.most).toBe(2)
})

test('attempts at the same moment count each other', async () => {
  const { app } = await withAdmin()
  const attempts = Array.from({ length: 12 }, (_, index) =>
    post(app, { name: 'ada', ...failing }, `203.0.113.${index}`)
  )
  const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode)
  // Two are checked at a time, so one may begin before the fifth failure is noted.
  expect(statuses.filter((status) => status === 422).length).toBeLessThanOrEqual(6)
})

test('a session that a browser was given before the login is not used, and ends', async () => {
  const { browser, database, visitor } = await withAdmin()
  await addAdmin(database, 'mallory')
  const attacker = visitor()
  await logIn(attacker, 'mallory')
  const planted = attacker.cookies.get('bearings-admin')!
  browser.cookies.set('bearings-admin', planted)
  await logIn(browser)
  expect(browser.cookies.get('bearings-admin')).not.toBe(planted)
  expect((await attacker.get('/admin')).headers.location).toBe('/admin/login')

  // A token that we never gave out is worth nothing either.
  const stranger = visitor()
  stranger.cookies.set('bearings-admin', 'A'.repeat(22))
  await logIn(stranger)
  expect(stranger.cookies.get('bearings-admin')).not.toBe('A'.repeat(22))
})

test('over TLS the session’s cookie is bound to the host, and never sent from other sites', async () => {
  const { app } = await withAdmin({ PUBLIC_URL: 'https://bearings.example.org' })
  const [cookie] = (await post(app, { name: 'ada', password }, '127.0.0.1')).cookies
  expect(cookie).toMatchObject({
    name: '__Host-bearings-admin',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    path: '/'
  })
  expect(cookie?.domain).toBeUndefined()
})

test('signing out everywhere ends the sessions on all devices', async () => {
  const { browser, visitor } = await withAdmin()
  const other = visitor()
  for (const device of [browser, other]) await logIn(device)
  const out = await submit(browser, '/admin/account', {}, '/admin/logout-everywhere')
  expect(out.headers['clear-site-data']).toContain('"cookies"')
  expect((await other.get('/admin')).headers.location).toBe('/admin/login')
})

test('with an authenticator app, the password alone opens nothing', async () => {
  const { browser, database } = await withAdmin()
  await addTotp(database)
  expect((await logIn(browser)).headers.location).toBe('/admin/login/code')
  for (const url of ['/admin', '/admin/accounts', '/admin/password', '/admin/authenticator']) {
    expect((await browser.get(url)).headers.location).toBe('/admin/login/code')
  }
  const halfway = browser.cookies.get('bearings-admin')
  const now = Date.now()
  expect((await submit(browser, '/admin/login/code', { code: codeAt(now) })).headers.location).toBe('/admin')
  expect((await browser.get('/admin')).statusCode).toBe(200)
  expect(browser.cookies.get('bearings-admin')).not.toBe(halfway)
})

test('a code is good for its half minute and one on either side', async () => {
  const { database, visitor } = await withAdmin()
  const start = Date.parse('2026-11-23T12:00:15Z')
  setTime(start)
  await addTotp(database)
  const statuses = []
  for (const seconds of [-60, -30, 0, 30, 60]) {
    const browser = visitor()
    await giveSession(database, browser, { awaitsCode: true })
    statuses.push(
      (await submit(browser, '/admin/login/code', { code: codeAt(start + seconds * 1000) })).statusCode
    )
  }
  expect(statuses).toEqual([422, 303, 303, 303, 422])
})

test('a code that was used once is refused', async () => {
  const { database, visitor } = await withAdmin()
  await addTotp(database)
  const code = codeAt(Date.now())
  const [first, second] = [visitor(), visitor()]
  for (const browser of [first, second]) await logIn(browser)
  expect((await submit(first, '/admin/login/code', { code })).statusCode).toBe(303)
  const replayed = await submit(second, '/admin/login/code', { code })
  expect(replayed.statusCode).toBe(422)
  expect(faultOf(replayed.body)).toContain('used before')
  expect((await second.get('/admin')).headers.location).toBe('/admin/login/code')
})

test('wrong codes make the account wait as wrong passwords do, and a right password forgives none', async () => {
  const { browser, database, visitor } = await withAdmin()
  await addTotp(database)
  await logIn(browser)
  for (let failure = 0; failure < 5; failure++) {
    expect((await submit(browser, '/admin/login/code', { code: '000000' })).statusCode).toBe(422)
    if (failure < 4) expect((await logIn(visitor())).statusCode).toBe(303)
  }
  const refused = await submit(browser, '/admin/login/code', { code: codeAt(Date.now()) })
  expect(refused.statusCode).toBe(429)
  expect(refused.headers['retry-after']).toBe('1')
  expect((await logIn(visitor())).statusCode).toBe(429)
})

test('a recovery code takes the place of the app, once', async () => {
  const { browser, database } = await withAdmin()
  const [code] = (await addTotp(database)) as [string]
  await logIn(browser)
  const typed = code.toUpperCase().replaceAll('-', ' ')
  expect((await submit(browser, '/admin/login/code', { code: typed })).headers.location).toBe('/admin')
  expect((await browser.get('/admin/account')).body).toContain('Recovery codes left: 9')
  await submit(browser, '/admin', {}, '/admin/logout')
  await logIn(browser)
  expect((await submit(browser, '/admin/login/code', { code })).statusCode).toBe(422)
})

test('what concerns accounts asks for the password, if that was not asked for in the last five minutes', async () => {
  const { browser, database } = await withAdmin()
  await giveSession(database, browser, { at: Date.now() - 5 * minute - 1 })
  expect((await browser.get('/admin/accounts')).statusCode).toBe(200)
  const sent = await browser.get('/admin/accounts/new')
  const confirm = sent.headers.location as string
  expect(confirm).toBe('/admin/confirm?next=%2Fadmin%2Faccounts%2Fnew')

  const before = browser.cookies.get('bearings-admin')!
  const wrong = await submit(browser, confirm, failing, '/admin/confirm')
  expect(wrong.statusCode).toBe(422)
  const right = await submit(browser, confirm, { password }, '/admin/confirm')
  expect(right.headers.location).toBe('/admin/accounts/new')
  expect((await browser.get('/admin/accounts/new')).statusCode).toBe(200)
  expect(browser.cookies.get('bearings-admin')).not.toBe(before)
  browser.cookies.set('bearings-admin', before)
  expect((await browser.get('/admin')).headers.location).toBe('/admin/login')
})

test.each([
  'https://evil.example/',
  '//evil.example',
  '/admin/../m/x',
  '/admin//evil.example',
  '/quiz',
  '/admin?x',
  ''
])('confirming never leads to %s', async (next) => {
  const { browser } = await withAdmin()
  await logIn(browser)
  const page = `/admin/confirm?next=${encodeURIComponent(next)}`
  expect((await submit(browser, page, { password, next }, '/admin/confirm')).headers.location).toBe('/admin')
})

test('a form of another session, of before the confirmation or without a token changes nothing', async () => {
  const { browser, database, visitor } = await withAdmin()
  await logIn(browser)
  await addAdmin(database, 'grace')
  const other = visitor()
  await logIn(other, 'grace')
  const tokenOf = async (owner: typeof browser) =>
    load((await owner.get('/admin/accounts/new')).body)('main input[name=token]')
      .first()
      .val() as string
  const own = await tokenOf(browser)
  const foreign = await tokenOf(other)
  for (const fields of [{}, { token: '' }, { token: 'x' }, { token: foreign }, `token=${own}&token=${own}`]) {
    const body = typeof fields === 'string' ? `${fields}&name=mallory` : { ...fields, name: 'mallory' }
    const response = await browser.post('/admin/accounts/new', body)
    expect(response.statusCode).toBe(403)
    expect(response.body).toContain('This page was open too long')
  }
  await submit(browser, '/admin/confirm', { password })
  expect((await browser.post('/admin/accounts/new', { token: own, name: 'mallory' })).statusCode).toBe(403)
  expect(await database.read.admin.count()).toBe(2)
  expect((await submit(browser, '/admin/accounts/new', { name: 'mallory' })).statusCode).toBe(200)
})

type App = Awaited<ReturnType<typeof testApp>>['app']

function post(app: App, fields: Record<string, string>, remoteAddress: string) {
  return app.inject({
    method: 'POST',
    url: '/admin/login',
    remoteAddress,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' }
  })
}
