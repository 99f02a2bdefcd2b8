import { load } from 'cheerio'
import { URI } from 'otpauth'
import decodeQR from 'qr/decode.js'
import { afterEach, expect, test, vi } from 'vitest'
import { auditIn } from '../../../../src/database/stores/audit.ts'
import { addAdmin, addTotp, codeAt, logIn, password, submit } from '../../../support/admin.ts'
import { testApp } from '../../../support/app.ts'

afterEach(() => {
  vi.useRealTimers()
})

const day = 24 * 60 * 60 * 1000
const chosen = 'four words nobody expects'

async function loggedIn(environment = {}) {
  const context = await testApp(environment)
  await addAdmin(context.database)
  const browser = context.visitor()
  await logIn(browser)
  return { ...context, browser }
}

const faultOf = (body: string) => load(body)('.error-summary li').text()

test('an added account gets a password that is shown once and changed at the first login', async () => {
  const { browser, database, visitor } = await loggedIn()
  const added = await submit(browser, '/admin/accounts/new', { name: 'grace' })
  expect(added.statusCode).toBe(200)
  const handedOver = load(added.body)('.secret').text()
  expect(handedOver).toMatch(/^([a-z2-7]{4}-){5}[a-z2-7]{4}$/)
  expect(JSON.stringify(await database.read.admin.findMany())).not.toContain(handedOver)
  expect((await browser.get('/admin/accounts')).body).not.toContain(handedOver)

  const grace = visitor()
  await grace.post('/admin/login', { name: 'grace', password: handedOver })
  for (const url of ['/admin', '/admin/accounts', '/admin/aggregate.csv', '/admin/account']) {
    expect((await grace.get(url)).headers.location).toBe('/admin/password')
  }
  const same = { current: handedOver, password: handedOver, again: handedOver }
  expect((await submit(grace, '/admin/password', same)).statusCode).toBe(422)
  const fields = { current: handedOver, password: chosen, again: chosen }
  expect((await submit(grace, '/admin/password', fields)).headers.location).toBe('/admin/account')
  expect((await grace.get('/admin')).statusCode).toBe(200)
})

test('a password that was handed over opens the account for a week', async () => {
  const { browser, visitor } = await loggedIn()
  const added = await submit(browser, '/admin/accounts/new', { name: 'grace' })
  const fields = { name: 'grace', password: load(added.body)('.secret').text() }
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7 * day - 60_000 })
  expect((await visitor().post('/admin/login', fields)).statusCode).toBe(303)
  vi.setSystemTime(Date.now() + 120_000)
  expect((await visitor().post('/admin/login', fields)).statusCode).toBe(422)
})

test.each(['', ' ', '../ada', '.ada', 'a/b', 'ada lovelace', 'a'.repeat(61), '<b>'])(
  'nobody can be called “%s”',
  async (name) => {
    const { browser, database } = await loggedIn()
    const response = await submit(browser, '/admin/accounts/new', { name })
    expect(response.statusCode).toBe(422)
    expect(load(response.body)('#name').val()).toBe(name)
    expect(await database.read.admin.count()).toBe(1)
  }
)

test('a name is given once', async () => {
  const { browser } = await loggedIn()
  const response = await submit(browser, '/admin/accounts/new', { name: 'ada' })
  expect(response.statusCode).toBe(422)
  expect(faultOf(response.body)).toBe('There is an account ada already')
})

test('an account with the longest name can be removed, and its sessions end', async () => {
  const { browser, database, visitor } = await loggedIn()
  const name = `g.@-${'a'.repeat(56)}`
  await addAdmin(database, name)
  const other = visitor()
  await logIn(other, name)
  const url = load((await browser.get('/admin/accounts')).body)(`a[href*="${name}"]`).attr('href')!
  expect((await submit(browser, url)).headers.location).toBe('/admin/accounts')
  expect((await other.get('/admin')).headers.location).toBe('/admin/login')
  expect((await browser.get(url)).statusCode).toBe(404)
})

test('the last account cannot be removed', async () => {
  const { browser, database } = await loggedIn()
  expect((await browser.get('/admin/accounts')).body).not.toContain('Remove')
  const response = await submit(browser, '/admin/accounts/ada/remove')
  expect(response.statusCode).toBe(422)
  expect(faultOf(response.body)).toContain('last account')
  expect(await database.read.admin.count()).toBe(1)
})

test('a new password ends the sessions on other devices', async () => {
  const { browser, visitor } = await loggedIn()
  const other = visitor()
  await logIn(other)
  const before = browser.cookies.get('bearings-admin')
  await submit(browser, '/admin/password', { current: password, password: chosen, again: chosen })
  expect((await browser.get('/admin')).statusCode).toBe(200)
  expect(browser.cookies.get('bearings-admin')).not.toBe(before)
  expect((await other.get('/admin')).headers.location).toBe('/admin/login')
  expect((await logIn(other)).statusCode).toBe(422)
  expect((await other.post('/admin/login', { name: 'ada', password: chosen })).statusCode).toBe(303)
})

test.each([
  ['the current one is wrong', { current: 'not the right one' }, 'current'],
  ['the new one is too weak', { password: 'iloveyouiloveyou', again: 'iloveyouiloveyou' }, 'password'],
  ['the new one is not repeated', { again: 'four words nobody suspects' }, 'again'],
  ['the new one is the current one', { password, again: password }, 'password']
])('a password stays when %s', async (_why, fields, field) => {
  const { browser, database } = await loggedIn()
  const before = await database.read.admin.findMany()
  const all = { current: password, password: chosen, again: chosen, ...fields }
  const response = await submit(browser, '/admin/password', all)
  expect(response.statusCode).toBe(422)
  const page = load(response.body)
  expect(page('.error-summary a').attr('href')).toBe(`#${field}`)
  expect(page('.error-message').attr('id')).toBe(`${field}-fault`)
  for (const value of Object.values(all)) expect(response.body).not.toContain(value)
  expect(await database.read.admin.findMany()).toEqual(before)
})

test('an authenticator app is set up from a QR code, a link or text that all say the same', async () => {
  const { browser, database, visitor } = await loggedIn()
  const other = visitor()
  await logIn(other)
  const page = load((await browser.get('/admin/authenticator')).body)
  const link = page('a[href^="otpauth:"]').attr('href')!
  const totp = URI.parse(link)
  expect(totp).toMatchObject({
    issuer: 'Staff Bearings',
    label: 'ada',
    algorithm: 'SHA1',
    digits: 6,
    period: 30
  })
  expect(totp.secret.bytes).toHaveLength(20)
  expect(page('.secret').text().replaceAll(' ', '')).toBe(totp.secret.base32)
  expect(decodeQR(pixelsOf(page('svg.qr').attr('viewBox')!, page('svg.qr path').attr('d')!))).toBe(link)
  // Whoever reloads the page has not scanned in vain.
  expect((await browser.get('/admin/authenticator')).body).toContain(totp.secret.base32)

  const wrong = await submit(browser, '/admin/authenticator', { code: '000000' })
  expect(wrong.statusCode).toBe(422)
  expect((await database.read.admin.findMany())[0]?.totpSecret).toBeNull()

  const code = codeAt(Date.now(), totp.secret.base32)
  const on = await submit(browser, '/admin/authenticator', { code })
  const codes = load(on.body)('.codes code')
    .toArray()
    .map((element) => load(element).text())
  expect(new Set(codes).size).toBe(10)
  for (const one of codes) expect(one).toMatch(/^([a-z2-7]{4}-){5}[a-z2-7]{4}$/)
  expect(JSON.stringify(await database.read.recoveryCode.findMany())).not.toContain(codes[0])
  expect((await other.get('/admin')).headers.location).toBe('/admin/login')
  expect((await browser.get('/admin/account')).body).toContain('Recovery codes left: 10')

  // The code that proved the app is used up.
  await logIn(other)
  expect((await submit(other, '/admin/login/code', { code })).statusCode).toBe(422)
  expect((await submit(other, '/admin/login/code', { code: codes[9]! })).statusCode).toBe(303)
})

test('an app that is turned off is no longer asked for, and another one has another secret', async () => {
  const { browser, visitor } = await loggedIn()
  const secretOn = async () =>
    URI.parse(load((await browser.get('/admin/authenticator')).body)('a[href^="otpauth:"]').attr('href')!)
      .secret.base32
  const secret = await secretOn()
  await submit(browser, '/admin/authenticator', { code: codeAt(Date.now(), secret) })
  expect((await browser.get('/admin/authenticator')).headers.location).toBe('/admin/account')
  await submit(browser, '/admin/authenticator/off')
  expect((await logIn(visitor())).headers.location).toBe('/admin')
  expect(await secretOn()).not.toBe(secret)
})

test('new recovery codes take the place of the old ones', async () => {
  const { browser, database, visitor } = await loggedIn()
  const [old] = (await addTotp(database)) as [string]
  await logIn(browser)
  await submit(browser, '/admin/login/code', { code: codeAt(Date.now()) })
  const page = await submit(browser, '/admin/authenticator/recovery-codes')
  const other = visitor()
  await logIn(other)
  expect((await submit(other, '/admin/login/code', { code: old })).statusCode).toBe(422)
  const code = load(page.body)('.codes code').last().text()
  expect((await submit(other, '/admin/login/code', { code })).statusCode).toBe(303)
})

test('where every admin needs an app, one without it can do nothing but set it up', async () => {
  const { browser } = await loggedIn({ REQUIRE_TOTP: 'true' })
  for (const url of [
    '/admin',
    '/admin/accounts/new',
    '/admin/audit',
    '/admin/aggregate.csv',
    '/admin/account'
  ]) {
    expect((await browser.get(url)).headers.location).toBe('/admin/authenticator')
  }
  const page = await browser.get('/admin/authenticator')
  expect(page.body).toContain('Every admin of this site needs one')
  const { secret } = URI.parse(load(page.body)('a[href^="otpauth:"]').attr('href')!)
  await submit(browser, '/admin/authenticator', { code: codeAt(Date.now(), secret.base32) })
  expect((await browser.get('/admin')).statusCode).toBe(200)
})

test('the audit page tells what was done, newest first, page by page', async () => {
  const { browser, database } = await loggedIn()
  await browser.get('/admin/aggregate.csv')
  await submit(browser, '/admin/accounts/new', { name: 'grace' })
  await submit(browser, '/admin/accounts/grace/remove')
  const rowsOn = async (url: string) => {
    const page = load((await browser.get(url)).body)
    return {
      rows: page('tbody tr')
        .toArray()
        .map((row) =>
          page(row)
            .find('th, td:nth-child(3)')
            .contents()
            .toArray()
            .filter(({ type }) => type === 'text')
            .map((node) => page(node).text())
            .join(': ')
        ),
      links: page('nav[aria-label^="Pages"] a')
        .toArray()
        .map(({ attribs }) => attribs.href)
    }
  }
  expect(await rowsOn('/admin/audit')).toEqual({
    rows: [
      'ada: Removed the account grace',
      'ada: Added the account grace',
      'ada: Exported the aggregate of the overview',
      'ada: Logged in',
      '(server): Added the account ada'
    ],
    links: []
  })

  const audit = auditIn(database)
  const by = { actor: 'ada', at: Date.now(), requestId: null }
  for (let entry = 6; entry <= 120; entry++) await audit.note(by, 'results-expired', `${entry}`)
  const first = await rowsOn('/admin/audit')
  expect(first.rows).toHaveLength(50)
  expect(first.links).toEqual(['/admin/audit?before=71'])
  expect(await rowsOn('/admin/audit?before=71')).toMatchObject({
    links: ['/admin/audit', '/admin/audit?before=21']
  })
  expect((await rowsOn('/admin/audit?before=21')).rows.at(-1)).toBe('(server): Added the account ada')
  for (const odd of ['x', '-1', '1.5', '1&before=2', '99999999999999999999']) {
    expect((await browser.get(`/admin/audit?before=${odd}`)).statusCode).toBe(200)
  }
})

test('all that an admin does is in the log, with the request but without an address', async () => {
  const { browser, database } = await loggedIn()
  await browser.post('/admin/login', { name: 'a canary typed here', password: 'x' })
  const codes = load((await enrol(browser)).body)('.codes code')
  await submit(browser, '/admin/authenticator/recovery-codes')
  await submit(browser, '/admin/password', { current: password, password: chosen, again: chosen })
  await submit(browser, '/admin/authenticator/off')
  await submit(browser, '/admin/account', {}, '/admin/logout-everywhere')
  await browser.post('/admin/login', { name: 'ada', password: chosen })
  await submit(browser, '/admin', {}, '/admin/logout')
  const entries = await database.read.auditEntry.findMany({ orderBy: { number: 'asc' } })
  expect(entries.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    '(server) account-added',
    'ada login',
    '(unknown) login-failed',
    'ada totp-on',
    'ada recovery-codes-renewed',
    'ada password-changed',
    'ada totp-off',
    'ada logout-everywhere',
    'ada login',
    'ada logout'
  ])
  for (const { requestId } of entries.slice(1)) expect(requestId).toMatch(/^[\w-]{8}-\d+$/)
  expect(codes).toHaveLength(10)
  expect(JSON.stringify(entries)).not.toMatch(/canary|127\.0\.0\.1/)
  expect(await auditIn(database).verify()).toMatchObject({ entries: 10, broken: null })
})

async function enrol(browser: Awaited<ReturnType<typeof loggedIn>>['browser']) {
  const page = load((await browser.get('/admin/authenticator')).body)
  const { secret } = URI.parse(page('a[href^="otpauth:"]').attr('href')!)
  return submit(browser, '/admin/authenticator', { code: codeAt(Date.now(), secret.base32) })
}

/** The picture that a camera would take of these squares, four pixels each. */
function pixelsOf(viewBox: string, path: string) {
  const size = Number(viewBox.split(' ')[2])
  const scale = 4
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < scale; row++) {
      const start = ((Number(y) * scale + row) * width + Number(x) * scale) * 4
      for (let pixel = 0; pixel < scale; pixel++) data.fill(0, start + pixel * 4, start + pixel * 4 + 3)
    }
  }
  return { width, height: width, data }
}
