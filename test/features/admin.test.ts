import { parse } from 'node:querystring'
import { load } from 'cheerio'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suppressed } from '../../src/features/admin/suppression.ts'
import { addAdmin, password, submit } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { devotedTo, seeded, take } from '../support/taker.ts'

async function withAdmin() {
  const context = await testApp()
  await addAdmin(context.database)
  const browser = context.visitor()
  return {
    ...context,
    browser,
    login: (fields = { name: 'ada', password }) => browser.post('/admin/login', fields)
  }
}

test('nobody sees the aggregates without logging in', async () => {
  const { visitor } = await testApp()
  const stranger = visitor()
  for (const url of ['/admin', '/admin/aggregate.csv']) {
    const response = await stranger.get(url)
    expect(response.headers.location).toBe('/admin/login')
    expect(response.body).toBe('')
  }
  stranger.cookies.set('bearings-admin', 'A'.repeat(22))
  expect((await stranger.get('/admin')).headers.location).toBe('/admin/login')
})

test('logging in opens the dashboard, logging out closes it for good', async () => {
  const { browser, login, database } = await withAdmin()
  expect((await login()).headers.location).toBe('/admin')
  const token = browser.cookies.get('bearings-admin')!
  expect((await browser.get('/admin')).statusCode).toBe(200)
  expect(JSON.stringify(await database.read.session.findMany())).not.toContain(token)
  const out = await submit(browser, '/admin', {}, '/admin/logout')
  expect(out.headers['clear-site-data']).toContain('"cookies"')
  browser.cookies.set('bearings-admin', token)
  expect((await browser.get('/admin')).headers.location).toBe('/admin/login')
})

test.each([
  ['nothing', ''],
  ['a repeated field', 'name=ada&name=bob&password=x'],
  ['only a name', 'name=ada']
])('a login with %s is a bad request', async (_what, body) => {
  const { browser } = await withAdmin()
  expect(Object.keys(parse(body)).length).toBeLessThan(3)
  expect((await browser.post('/admin/login', body)).statusCode).toBe(400)
})

test('the dashboard and its export show what was submitted, small groups hidden', async () => {
  const { browser, login, visitor } = await withAdmin()
  const random = seeded(5)
  for (let taker = 0; taker < 12; taker++) await take(visitor(), devotedTo('architect', random))
  for (let taker = 0; taker < 7; taker++) await take(visitor(), devotedTo('solver', random))
  for (let taker = 0; taker < 2; taker++) await take(visitor(), devotedTo('right-hand', random))
  const unfinished = visitor()
  await unfinished.post('/quiz')
  await login()

  const page = load((await browser.get('/admin')).body)
  const figures = page('.figures dd')
    .toArray()
    .map((figure) => page(figure).text())
  expect(figures).toEqual(['21', '0'])
  const mix = Object.fromEntries(
    page('#archetype-mix')
      .parent()
      .find('tbody tr')
      .toArray()
      .map((row) => [page(row).find('th').text(), page(row).find('td.number').first().text()])
  )
  // Two people are hidden, and the seven with them: alone, they could be worked out from the total.
  expect(mix).toMatchObject({ Architect: '12', Solver: 'hidden', 'Right Hand': 'hidden', 'Tech Lead': '0' })

  const csv = (await browser.get('/admin/aggregate.csv')).body
  expect(csv).toContain('"Archetype mix","Architect","12","57"')
  expect(csv).toContain('"Archetype mix","Right Hand","hidden",')
  expect(csv).toContain('"Totals","Completed","21",')
}, 60_000)

test('while everybody is in one small group, not even the empty groups are shown', () => {
  expect(suppressed({ solver: 1, architect: 0, blend: 0 })).toEqual({
    solver: null,
    architect: null,
    blend: null
  })
  expect(suppressed({ solver: 5, architect: 0, blend: 0 })).toEqual({ solver: 5, architect: 0, blend: 0 })
})

test('a draft counts once it has an answer', async () => {
  const { browser, login, visitor } = await withAdmin()
  await login()
  const drafts = async () =>
    load((await browser.get('/admin')).body)('.figures dd')
      .last()
      .text()
  const taker = visitor()
  await taker.post('/quiz')
  expect(await drafts()).toBe('0')
  const ids = load((await taker.get('/quiz/sets/1')).body)('input[name=most]').toArray()
  await taker.post('/quiz/sets/1', { most: ids[0]!.attribs.value!, least: ids[1]!.attribs.value! })
  expect(await drafts()).toBe('1')
})

test('an empty dashboard says so', async () => {
  const { browser, login } = await withAdmin()
  await login()
  expect((await browser.get('/admin')).body).toContain('Nobody has completed this questionnaire yet')
})

test('in 50,000 tables, nothing hidden can be worked out from what is shown', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(counts, fc.integer({ min: 3, max: 10 }), (values, minimum) => {
      const table = Object.fromEntries(values.map((value, index) => [`group ${index}`, value]))
      const shown = suppressed(table, minimum)
      const hidden = Object.entries(table).filter(([group]) => shown[group] === null)
      const held = hidden.reduce((sum, [, value]) => sum + value, 0)
      for (const [group, value] of Object.entries(shown)) {
        if (value !== null) expect(value === 0 || value >= minimum).toBe(true)
        if (value !== null) expect(value).toBe(table[group])
      }
      // Hidden groups: none, or the whole table, or at least two that hold enough people together.
      const everything = hidden.length === values.length
      expect(hidden.length === 0 || everything || (hidden.length >= 2 && held >= minimum)).toBe(true)
    }),
    { numRuns: 50_000, seed: 1 }
  )
})
