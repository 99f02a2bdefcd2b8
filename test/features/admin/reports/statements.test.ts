import { load } from 'cheerio'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { loadContent } from '../../../../src/content/load.ts'
import { archetypes } from '../../../../src/content/schema.ts'
import { startVersion } from '../../../../src/content/versions.ts'
import type { Quad } from '../../../../src/scoring/numerics/quad.ts'
import { randomFrom } from '../../../../tools/simulation/random.ts'
import { addAdmin, giveSession } from '../../../support/admin.ts'
import { content, testApp } from '../../../support/app.ts'
import { contentWith, publishAll } from '../../../support/content-copy.ts'
import { addPeople, type Feeling, madeUp } from '../../../support/people.ts'

const questionnaire = content.current
const [first, second, third, fourth] = questionnaire.blocks as [Block, Block, Block, Block]
type Block = (typeof questionnaire.blocks)[number]
const statementOf = ({ statements }: Block, archetype: string) =>
  statements.find((one) => one.archetype === archetype)!

/** Four bad statements: one that all like, one that nobody likes, one that goes with nothing, one with another. */
const planted: Feeling = (u, block) => {
  if (block === first.id) return [u[0] + 3, u[1], u[2], u[3]]
  if (block === second.id) return [u[0], u[1] - 3, u[2], u[3]]
  // The statement is as often Most and Least as any other, whoever answers.
  if (block === third.id) return [u[0], u[1], 0.6 - u[2] / 2, u[3]]
  if (block === fourth.id) return [u[0], u[3], u[2], u[1]] as Quad
  return u
}

async function withPeople(count: number, { hasty = 0 } = {}) {
  const context = await testApp()
  const random = randomFrom(7)
  const people = [
    ...Array.from({ length: count }, () => madeUp(questionnaire, random, { feeling: planted })),
    ...Array.from({ length: hasty }, () => madeUp(questionnaire, random, { secondsASet: 1 }))
  ]
  if (people.length > 0) await addPeople(context.database, people, questionnaire)
  await addAdmin(context.database)
  const browser = context.visitor()
  await giveSession(context.database, browser)
  const see = async (url: string) => {
    const response = await browser.get(url)
    return { ...response, status: response.statusCode, page: load(response.body) }
  }
  return { ...context, browser, see, people }
}

type Page = ReturnType<typeof load>

/** The rows of the page's table, by the labels of their cells. */
function rowsOf(page: Page) {
  return page('.statements tbody tr')
    .toArray()
    .map((row) => {
      const cell = (label: string) => page(row).find(`[data-label="${label}"]`).clone()
      const plain = (label: string) => {
        const found = cell(label)
        found.find('.effect').remove()
        return found.text()
      }
      return {
        text: page(row).find('th .choice').text(),
        flags: page(row)
          .find('.flag strong')
          .toArray()
          .map((flag) => page(flag).text()),
        advice: page(row).find('.flag').text(),
        most: plain('Most'),
        least: plain('Least'),
        net: plain('Net'),
        netRange: cell('Net').find('.effect').text(),
        place: plain('Place effect'),
        fit: plain('Fit'),
        seconds: plain('Time of set')
      }
    })
}

const number = (text: string) => Number(text.replace('−', '-').replace(/[%s+ ]/g, ''))

test('bad statements come first, each with what is wrong in words and what to do', async () => {
  const { see } = await withPeople(400, { hasty: 20 })
  const { page } = await see('/admin/statements')
  const rows = rowsOf(page)
  expect(rows).toHaveLength(48)
  const flagged = rows.filter(({ flags }) => flags.length > 0)
  expect(rows.slice(0, flagged.length)).toEqual(flagged)

  const flagsOf = (block: Block, archetype: string) =>
    flagged.find(({ text }) => text === statementOf(block, archetype).text)?.flags
  const name = (index: 0 | 1 | 2 | 3) => content.archetypes[archetypes[index]].name
  expect(flagsOf(first, archetypes[0])).toContain('Too attractive.')
  expect(flagsOf(second, archetypes[1])).toContain('Too repellent.')
  expect(flagsOf(third, archetypes[2])).toContain('Does not go with its archetype.')
  expect(flagsOf(fourth, archetypes[1])).toContain(`Goes better with ${name(3)}.`)
  expect(flagsOf(fourth, archetypes[3])).toContain(`Goes better with ${name(1)}.`)
  // A false alarm is possible, but seldom.
  expect(flagged.length).toBeLessThan(8)
  expect(flagged[0]!.advice.length).toBeGreaterThan(60)

  // The others are in the order of the sets.
  const order = questionnaire.blocks.flatMap(({ statements }) => statements.map(({ text }) => text))
  const others = rows.slice(flagged.length).map(({ text }) => order.indexOf(text))
  expect(others).toEqual(others.toSorted((a, b) => a - b))
})

test('above them it says who was measured, how reliably, and how many were careless', async () => {
  const { see } = await withPeople(400, { hasty: 60 })
  const { page } = await see('/admin/statements')
  const figures = page('.figures')
  expect(figures.find('dd').first().text()).toBe('400')
  const [value, low, high] = figures
    .text()
    .match(/\.\d\d/g)!
    .map(Number)
  expect(low! < value! && value! < high!).toBe(true)
  expect(value).toBeGreaterThan(0.6)
  const careless = page('.mix tbody tr').first()
  expect(careless.find('.number').first().text()).toBe('60')
  expect(careless.text()).toContain(`${Math.round((100 * 60) / 460)} %`)
})

test('whoever is left out is at least five people, as the shares tell of how many they are', async () => {
  for (const [hasty, fits] of [
    [4, 64],
    [5, 60]
  ] as const) {
    const { see } = await withPeople(60, { hasty })
    const { measured, careless, statements } = JSON.parse((await see('/admin/statements.json')).body)
    expect(measured).toBe(60)
    expect(careless[0]).toMatchObject({ sign: 'left-out', people: hasty < 5 ? 'fewer than 5' : 5 })
    const shares = statements
      .map(({ most }: { most: { value: number | string } }) => most.value)
      .filter(Number.isFinite)
    const couldBe = (people: number) =>
      shares.every((share: number) => Math.abs(share * people - Math.round(share * people)) < 0.0001 * people)
    expect([58, 59, 60, 61, 62, 63, 64, 65].filter(couldBe)).toEqual([fits])
  }
})

test('a link sorts by each column, and anything else sorts as at first', async () => {
  const { see } = await withPeople(120)
  const sorted = async (sort: string, of: (row: ReturnType<typeof rowsOf>[number]) => number) =>
    rowsOf((await see(`/admin/statements?sort=${sort}`)).page).map(of)
  const descending = (values: number[]) => values.toSorted((a, b) => b - a)

  // What is hidden comes last.
  const most = await sorted('most', (row) => number(row.most) || 0)
  expect(most).toEqual(descending(most))
  const worst = await sorted('worst', (row) => number(row.least) || 0)
  expect(worst).toEqual(descending(worst))
  const place = await sorted('position', (row) => Math.abs(number(row.place)) || 0)
  expect(place).toEqual(descending(place))
  const rest = await sorted('rest', (row) => number(row.fit))
  expect(rest).toEqual(descending(rest).reverse())
  expect(new Set(most).size).toBeGreaterThan(5)

  const texts = async (query: string) =>
    rowsOf((await see(`/admin/statements${query}`)).page).map(({ text }) => text)
  const atFirst = await texts('')
  for (const query of ['?sort=set', '?sort=nothing', '?sort=most&sort=rest']) {
    expect(await texts(query)).toEqual(atFirst)
  }
  const { page } = await see('/admin/statements?sort=rest')
  expect(page('.sorts [aria-current]').text()).toBe('Fit')
  expect(page('th[aria-sort]').text()).toBe('Fit')
})

test('how few marked a statement cannot be read off, worked out from the other three, or told by the order', async () => {
  const { see, database } = await withPeople(60)
  const { statements } = JSON.parse((await see('/admin/statements.json')).body)
  const copy = await database.read.snapshot.findFirst({ where: { kind: 'results' } })
  const { blocks, measured } = JSON.parse(copy!.counts)
  let few = 0
  for (const { id } of questionnaire.blocks) {
    for (const mark of ['most', 'least'] as const) {
      const four = statements.filter(({ set }: { set: string }) => set === id)
      const counts = four.map(({ archetype }: { archetype: string }) =>
        Object.entries(blocks[id] as Record<string, number>)
          .filter(([pair]) => pair.split('>')[mark === 'most' ? 0 : 1] === archetype)
          .reduce((sum, [, count]) => sum + count, 0)
      )
      let hidden = 0
      for (const [index, count] of counts.entries()) {
        const { [mark]: share, bestMinusWorst } = four[index]
        if (typeof share.value === 'number') {
          expect(count).toBeGreaterThanOrEqual(5)
          expect(share.value).toBeCloseTo(count / measured, 4)
          continue
        }
        hidden += count
        few += Number(count > 0 && count < 5)
        expect(share).toEqual({ value: count < 5 ? 'fewer than 5' : 'withheld', low: null, high: null })
        expect(bestMinusWorst).toEqual({ value: null, low: null, high: null })
      }
      expect(hidden === 0 || hidden >= 5).toBe(true)
    }
  }
  expect(few).toBeGreaterThan(3)

  // What is hidden stands last, in the order of the sets.
  const rows = rowsOf((await see('/admin/statements?sort=most')).page)
  const order = questionnaire.blocks.flatMap(({ statements }) => statements.map(({ text }) => text))
  const words = rows.filter(({ most }) => !/^\d+ %$/.test(most))
  expect(rows.slice(-words.length)).toEqual(words)
  const places = words.map(({ text }) => order.indexOf(text))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})

test('below 50 people there is nothing about statements, on the page or in the exports', async () => {
  const { see, database } = await withPeople(49)
  const { page, status } = await see('/admin/statements')
  expect(status).toBe(200)
  expect(page('main').text()).toContain('From 50 people on')
  expect(page('.statements, .figures')).toHaveLength(0)
  expect(parse((await see('/admin/statements.csv')).body, { bom: true })).toHaveLength(1)
  expect(JSON.parse((await see('/admin/statements.json')).body)).toMatchObject({
    measured: 0,
    reliability: null,
    statements: []
  })

  // Five more are enough for the published copy to be renewed.
  const random = randomFrom(9)
  const more = Array.from({ length: 10 }, () => madeUp(questionnaire, random))
  await addPeople(database, more, questionnaire)
  expect(rowsOf((await see('/admin/statements')).page)).toHaveLength(48)
})

test('both exports hold what the page shows, in its order', async () => {
  const { see, database } = await withPeople(120)
  for (const sort of ['set', 'most', 'position']) {
    const rows = rowsOf((await see(`/admin/statements?sort=${sort}`)).page)
    const csv = await see(`/admin/statements.csv?sort=${sort}`)
    expect(csv.headers['content-disposition']).toContain('attachment')
    const records: Record<string, string>[] = parse(csv.body, { bom: true, columns: true })
    const json = JSON.parse((await see(`/admin/statements.json?sort=${sort}`)).body)
    expect(records.map(({ text }) => text)).toEqual(rows.map(({ text }) => text))
    for (const [index, row] of rows.entries()) {
      const record = records[index]!
      const exported = json.statements[index]
      // The page rounds to whole percentages, the exports to hundredths of them.
      const same = (exported: unknown, shown: string) =>
        /^[+−]?\d+( %)?$/.test(shown)
          ? expect(Math.abs(100 * Number(exported) - number(shown))).toBeLessThan(0.51)
          : expect(exported).toBe(shown === '–' ? '' : shown)
      same(record.most, row.most)
      same(record.least, row.least)
      same(record.bestMinusWorst, row.net)
      const [low = '–', high = '–'] = row.netRange ? row.netRange.split(' to ') : []
      same(record['bestMinusWorst low'], low)
      same(record['bestMinusWorst high'], high)
      same(record.positionEffect, row.place)
      expect(Math.abs(Number(record.itemRest) - number(row.fit))).toBeLessThan(0.0051)
      expect(record.medianSeconds).toBe(row.seconds.replace(' s', ''))
      expect(record.flags).toBe(row.flags.map((flag) => flag.slice(0, -1)).join('; '))
      expect(exported).toMatchObject({ statement: record.statement, set: record.set, text: record.text })
      expect(String(exported.most.value)).toBe(record.most)
      expect(String(exported.bestMinusWorst.low ?? '')).toBe(record['bestMinusWorst low'])
      expect(exported.flags.join('; ')).toBe(record.flags)
    }
  }
  const noted = await database.read.auditEntry.findMany({ where: { action: 'aggregate-exported' } })
  expect(noted).toHaveLength(6)
})

test('another version can be chosen where there are several; an unknown one is not found', async () => {
  const directory = contentWith()
  startVersion(directory, '2027-03')
  publishAll(directory)
  startVersion(directory, '2027-06')
  const several = loadContent(directory)
  const { database, visitor } = await testApp({}, several)
  const random = randomFrom(3)
  const people = Array.from({ length: 60 }, () => madeUp(several.questionnaires.get('2026-11')!, random))
  await addPeople(database, people, several.questionnaires.get('2026-11')!)
  await addAdmin(database)
  const browser = visitor()
  await giveSession(database, browser)

  const now = load((await browser.get('/admin/statements')).body)
  expect(now('main').text()).toContain('Questionnaire 2027-03')
  expect(now('main').text()).toContain('From 50 people on')
  // One that waits to be published has been put to nobody.
  const offered = now('select option').toArray()
  expect(offered.map((option) => now(option).text())).toEqual(['2027-03', '2026-11'])

  const before = load((await browser.get('/admin/statements?version=2026-11&sort=most')).body)
  expect(rowsOf(before)).toHaveLength(48)
  expect(before('option[selected]').text()).toBe('2026-11')
  for (const link of before('.sorts a').toArray()) expect(link.attribs.href).toContain('version=2026-11')
  const csv = before('main .actions a').first().attr('href')!
  const records: Record<string, string>[] = parse((await browser.get(csv)).body, { bom: true, columns: true })
  expect(records.map(({ text }) => text)).toEqual(rowsOf(before).map(({ text }) => text))

  for (const version of ['2026-12', '2027-06', '', '2026-11&version=2026-11']) {
    for (const page of ['statements', 'statements.csv', 'statements.json']) {
      expect((await browser.get(`/admin/${page}?version=${version}`)).statusCode).toBe(404)
    }
  }
  expect(load((await (await withPeople(0)).browser.get('/admin/statements')).body)('select')).toHaveLength(0)
})
