import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { loadContent } from '../../../../src/content/load.ts'
import { startVersion } from '../../../../src/content/versions.ts'
import { dayOf } from '../../../../src/days.ts'
import { addAdmin, addGroup, giveSession } from '../../../support/admin.ts'
import { testApp } from '../../../support/app.ts'
import { content, contentWith, publishAll } from '../../../support/content-copy.ts'
import { addPeople, madeUp } from '../../../support/people.ts'
import { seeded } from '../../../support/taker.ts'

const today = dayOf(Date.now())
const pages = ['', '/breakdowns', '/drop-off', '/statements', '/calibration'].map((page) => `/admin${page}`)

/** 60 people of October 2026, 25 of September and 12 of a group, and an admin. */
async function withPeople(asked = content) {
  const { database, visitor } = await testApp({}, asked)
  const first = asked.questionnaires.get('2026-11')!
  const random = seeded(4)
  const add = (count: number, of: Parameters<typeof addPeople>[3]) =>
    addPeople(
      database,
      Array.from({ length: count }, () => madeUp(first, random)),
      first,
      of
    )
  await add(60, { day: '2026-10-05' })
  await add(25, { day: '2026-09-05' })
  const { id } = await addGroup(database, 'Guild & friends')
  await add(12, { group: { id, openedOn: today } })
  await addAdmin(database)
  const browser = visitor()
  await giveSession(database, browser)

  /** A page, and what a browser asks for when its form is sent with these choices in place of others. */
  async function see(url: string) {
    const { body, statusCode } = await browser.get(url)
    const page = load(body)
    const sent = (choices: Record<string, string> = {}) => {
      const form = page('main form.choose')
      expect(form.attr('method')).toBe('get')
      const fields = Object.fromEntries(
        form
          .find('select, input')
          .toArray()
          .map((field) => [
            field.attribs.name,
            page(field).find('option[selected]').attr('value') ?? field.attribs.value
          ])
      )
      return `${form.attr('action')}?${new URLSearchParams({ ...fields, ...choices })}`
    }
    const chosen = page('select')
      .toArray()
      .map((select) => page(select).find('option[selected]').text())
    return { page, statusCode, sent, chosen, people: page('.mix caption').first().text() }
  }
  return { see, browser, group: id }
}

function severalVersions() {
  const directory = contentWith()
  startVersion(directory, '2027-03')
  publishAll(directory)
  return loadContent(directory)
}

test('a form chooses everybody, a month or a group, and its address shows the same to whoever opens it', async () => {
  const { see, browser, group } = await withPeople()
  const everybody = await see('/admin')
  expect(everybody.chosen).toEqual(['Everybody'])
  expect(everybody.people).toMatch(/^What 97 people/)
  expect(
    everybody
      .page('optgroup')
      .toArray()
      .map(({ attribs }) => attribs.label)
  ).toEqual(['Without a group', 'Groups'])
  expect(everybody.page('main form.choose a')).toHaveLength(0)

  for (const [people, name, number] of [
    ['2026-10', 'October 2026', 60],
    ['2026-09', 'September 2026', 25],
    [group, 'Guild & friends', 12]
  ] as const) {
    const { page, chosen, sent, people: told } = await see(everybody.sent({ people }))
    expect(chosen).toEqual([name])
    expect(told).toMatch(new RegExp(`^What ${number} people`))
    expect(page('.lead').text()).toContain(name)
    // How many have finished is always there, and does not pass for a number of these people.
    expect(page('.figures').text()).toBe(`In these tables${number}Completed by everybody97`)
    expect(page('main form.choose a').attr('href')).toBe('/admin')
    expect((await see(sent())).people).toBe(told)
    for (const link of page('main .actions a').toArray()) {
      expect(link.attribs.href).toContain(`people=${people}`)
    }
    const json = page('main .actions a').last().attr('href')!
    expect((await browser.get(json)).json().people).toBe(number)
  }
})

test('another choice keeps the others: the version the people, the people the version, both the order', async () => {
  const { see, group } = await withPeople(severalVersions())
  const now = await see('/admin')
  expect(now.chosen).toEqual(['2027-03', 'Everybody'])
  const before = await see(now.sent({ version: '2026-11', people: '' }))
  expect(before.people).toMatch(/^What 97 people/)
  const grouped = await see(before.sent({ people: group }))
  expect(grouped.chosen).toEqual(['2026-11', 'Guild & friends'])
  expect((await see(grouped.sent({ version: '2027-03' }))).chosen).toEqual(['2027-03', 'Guild & friends'])
  const ordered = await see('/admin/statements?version=2027-03&sort=most')
  expect((await see(ordered.sent({ version: '2026-11' }))).page('[aria-current=true]').text()).toBe('Most')
  for (const page of pages) {
    const { sent } = await see(page)
    const { page: shown, chosen } = await see(sent({ version: '2026-11' }))
    expect(chosen[0]).toBe('2026-11')
    expect(shown('.lead').text()).toContain('2026-11')
    for (const { attribs } of shown('main .actions a').toArray()) {
      expect(attribs.href).toContain('version=2026-11')
    }
  }
})

test.each([
  ['a month without people', 'people=1999-01', 'There are no figures of this month'],
  ['a month that is none', 'people=2026-13', 'There are no figures of this month'],
  ['an unknown group', 'people=nobody', 'There is no such group'],
  ['an unknown version', 'version=1999', 'There is no such questionnaire'],
  ['two versions', 'version=2026-11&version=2026-11', 'There is no such questionnaire'],
  ['two groups', 'people=one&people=two', 'Choose people once'],
  ['a month of a group', 'month=2026-10&group=one', 'something that cannot be chosen here']
])('%s cannot be had: the page says so, and leads back', async (_what, query, message) => {
  const { see, browser } = await withPeople()
  const { page, statusCode, people } = await see(`/admin?${query}`)
  expect(statusCode).toBe(404)
  expect(page('h1').text()).toBe('No such figures')
  expect(page('main').text()).toContain(message)
  expect(people).toBe('')
  const ways = [page('main form.choose').attr('action'), page('main p a').attr('href')]
  expect(ways).toContain('/admin')
  expect(page('nav [aria-current=page]').text()).toBe('Overview')
  for (const file of ['aggregate.csv', 'aggregate.json']) {
    expect((await browser.get(`/admin/${file}?${query}`)).statusCode).toBe(404)
  }
})

test('what pages of everybody cannot be asked for is refused, and not left out without a word', async () => {
  const { see, browser } = await withPeople()
  for (const page of pages.slice(1)) {
    const { statusCode, page: shown } = await see(`${page}?people=2026-10`)
    expect(statusCode).toBe(404)
    expect(shown('main').text()).toContain('something that cannot be chosen here')
    expect(shown('main p a').attr('href')).toBe(page)
  }
  expect((await browser.get('/admin/drop-off.csv?version=1999')).statusCode).toBe(404)
})
