import { parse } from 'node:querystring'
import { load } from 'cheerio'
import { parse as parseCsv } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { archetypes } from '../../../../src/content/schema.ts'
import type { Database } from '../../../../src/database/engine/client.ts'
import { dayOf } from '../../../../src/days.ts'
import type { Quad } from '../../../../src/scoring/numerics/quad.ts'
import { addAdmin, password, submit } from '../../../support/admin.ts'
import { content, testApp } from '../../../support/app.ts'
import { addPeople, madeUp } from '../../../support/people.ts'
import { devotedTo, seeded, take } from '../../../support/taker.ts'

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

/** Twelve Architects, seven Solvers and two Right Hands. */
const twentyOne = [...Array(12).fill('architect'), ...Array(7).fill('solver'), ...Array(2).fill('right-hand')]

/** The same people, made up, as each quiz takes a while. */
async function addTwentyOne(database: Database) {
  const random = seeded(5)
  const people = twentyOne.map((archetype) => {
    const utility = archetypes.map((id) => (id === archetype ? 12 : 0)) as unknown as Quad
    return madeUp(content.current, random, { feeling: () => utility })
  })
  expect(people.map(({ finding }) => finding)).toEqual(twentyOne)
  await addPeople(database, people, content.current, { day: dayOf(Date.now()) })
}

const figuresOf = (html: string) => {
  const page = load(html)
  return Object.fromEntries(
    page('.figures dt')
      .toArray()
      .map((term) => [page(term).text(), page(term).next('dd').text()])
  )
}

function tableOf(html: string, id: string) {
  const page = load(html)
  return Object.fromEntries(
    page(`#${id}`)
      .parent()
      .find('tbody tr')
      .toArray()
      .map((row) => [page(row).find('th').text(), page(row).find('td.number').first().text()])
  )
}

test('the overview and its exports show what was submitted, small groups hidden', async () => {
  const { browser, login, visitor } = await withAdmin()
  const random = seeded(5)
  for (const archetype of twentyOne) await take(visitor(), devotedTo(archetype, random))
  await visitor().post('/quiz')
  await login()

  const { body } = await browser.get('/admin')
  expect(figuresOf(body)).toMatchObject({ Completed: '21', 'Begun and not completed': '0' })
  // Two people are few, and the seven with them withheld: else the two could be worked out from the total.
  expect(tableOf(body, 'archetype-mix')).toMatchObject({
    Architect: '12',
    Solver: 'withheld',
    'Right Hand': 'fewer than 5',
    'Tech Lead': 'fewer than 5'
  })

  const csv = (await browser.get('/admin/aggregate.csv')).body
  expect(csv).toContain('"Archetype mix","Architect","12","57","37","76"')
  expect(csv).toContain('"Archetype mix","Right Hand","fewer than 5",')
  expect(csv).toContain('"Now","Completed","21",')
  const json = (await browser.get('/admin/aggregate.json')).json()
  expect(json).toMatchObject({ completions: 21, about: 'Everybody', published: 21 })
  expect(json.tables[0].rows).toContainEqual({
    ...{ name: 'Solver', people: 'withheld' },
    ...{ percent: null, low: null, high: null }
  })
  // Nobody who left is published, which does not mean that all finished.
  expect(figuresOf(body)).not.toHaveProperty('Of those who began, finished')
  expect(json.percentFinished).toBeNull()
  const published = parseCsv(csv, { bom: true }) as string[][]
  expect(published).toContainEqual(['As counted last', 'Completed', '21', '', '', ''])
  expect(json.months).toHaveLength(1)
  expect(json.months[0]).toMatchObject({ people: 21 })
  expect(json.months[0].findings[1]).toEqual({ name: 'Architect', people: 12 })

  const month = load(body)('#months ~ table th a').attr('href')!
  expect(tableOf((await browser.get(month)).body, 'archetype-mix')).toMatchObject({ Architect: '12' })
}, 60_000)

test('MIN_CELL says of how many people something is told', async () => {
  const { visitor, database } = await testApp({ MIN_CELL: '8' })
  await addAdmin(database)
  await addTwentyOne(database)
  const browser = visitor()
  await browser.post('/admin/login', { name: 'ada', password })
  const mix = tableOf((await browser.get('/admin')).body, 'archetype-mix')
  expect(mix).toMatchObject({ Architect: '12', Solver: 'fewer than 8', 'Right Hand': 'fewer than 8' })
  expect((await browser.get('/privacy')).body).toContain('fewer than 8 people')
}, 60_000)

test('who comes or goes changes nothing that is shown until enough have', async () => {
  const { browser, login, visitor, database } = await withAdmin()
  await addTwentyOne(database)
  await login()
  const pages = ['/admin', '/admin/breakdowns', '/admin/drop-off', '/admin/statements']
  const shown = () =>
    Promise.all(
      pages.map(async (url) =>
        load((await browser.get(url)).body)('main')
          .text()
          .replace(/Completed\d+/, '')
      )
    )
  const before = await shown()
  const random = seeded(6)
  const results: string[] = []
  const finish = async () => results.push(await take(visitor(), devotedTo('tech-lead', random)))
  for (let taker = 0; taker < 4; taker++) await finish()
  expect(await shown()).toEqual(before)
  // Somebody who comes and goes makes nobody else visible.
  for (let time = 0; time < 3; time++) {
    await finish()
    await visitor().post(`${results.pop()}/delete`)
  }
  expect(await shown()).toEqual(before)
  await finish()
  expect((await shown())[0]).not.toBe(before[0])
}, 60_000)

test('breakdowns and drop-off tell of many only', async () => {
  const { browser, login, visitor } = await withAdmin()
  const random = seeded(7)
  for (let taker = 0; taker < 16; taker++) {
    const manner = devotedTo(taker % 2 ? 'architect' : 'solver', random)
    const option = (values: string[], name: string) =>
      name === 'company-size' ? (taker < 12 ? '20-99' : '100-299') : manner.option(values, name)
    await take(visitor(), { ...manner, option })
  }
  for (let taker = 0; taker < 6; taker++) await visitor().post('/quiz')
  await login()
  const page = load((await browser.get('/admin/breakdowns')).body)
  const rows = page('#company-size').parent().find('table').first().find('tbody tr').toArray()
  const people = Object.fromEntries(
    rows.map((row) => [page(row).find('th').text(), page(row).find('td').first().text()])
  )
  expect(people['20 to 99']).toBe('withheld')
  expect(people['100 to 299']).toBe('fewer than 5')

  const dropOff = await browser.get('/admin/drop-off')
  expect(figuresOf(dropOff.body)).toEqual({ Began: '22', Finished: '16' })
  const first = load(dropOff.body)('tbody tr').first()
  expect(first.text()).toMatch(/^Path, page 1226/)
}, 60_000)

test('a draft counts once it has an answer', async () => {
  const { browser, login, visitor } = await withAdmin()
  await login()
  const drafts = async () => figuresOf((await browser.get('/admin')).body)['Begun and not completed']
  const taker = visitor()
  await taker.post('/quiz')
  expect(await drafts()).toBe('0')
  const ids = load((await taker.get('/quiz/sets/1')).body)('input[name=most]').toArray()
  await taker.post('/quiz/sets/1', { most: ids[0]!.attribs.value!, least: ids[1]!.attribs.value! })
  expect(await drafts()).toBe('1')
})

test('every section of the navigation, and the own name, is marked on its page and nowhere else', async () => {
  const { browser, login } = await withAdmin()
  await login()
  const marked = '.admin-header [aria-current=page]'
  const links = load((await browser.get('/admin')).body)('.admin-header a').toArray()
  expect(links).toHaveLength(10)
  for (const { attribs } of links) {
    const page = load((await browser.get(attribs.href!)).body)
    expect(page(marked).length, attribs.href).toBe(1)
    expect(page(marked).attr('href')).toBe(attribs.href)
  }
  expect(load((await browser.get('/admin/account')).body)(marked).text()).toBe('Your account: ada')
})

test('as long as there is nothing to tell, pages say what will be there, and from how many people on', async () => {
  const { browser, login, visitor } = await withAdmin()
  await login()
  const panels = async () =>
    Promise.all(
      ['/admin', '/admin/breakdowns', '/admin/drop-off'].map(async (url) => {
        const page = load((await browser.get(url)).body)
        expect(page('table, section').length, url).toBe(0)
        return page('.panel')
      })
    )
  const ofNobody = await panels()
  for (const panel of ofNobody) expect(panel.text()).toMatch(/appears? here once 5 people/)
  expect(ofNobody[0]!.text()).toContain('Nobody has completed this questionnaire yet')
  expect(
    ofNobody[0]!
      .find('a')
      .toArray()
      .map(({ attribs }) => attribs.href)
  ).toEqual(['/', '/admin/groups/new'])
  const random = seeded(5)
  for (let taker = 0; taker < 3; taker++) await take(visitor(), devotedTo('solver', random))
  expect((await panels())[0]!.text()).not.toContain('Nobody')
  expect(figuresOf((await browser.get('/admin')).body)).toMatchObject({ Completed: '3' })
})
