import { load } from 'cheerio'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { loadContent } from '../../../../src/content/load.ts'
import { publishVersion, startCalibratedVersion, startVersion } from '../../../../src/content/versions.ts'
import { type Calibration, calibrationsIn } from '../../../../src/database/stores/calibrations.ts'
import { randomFrom } from '../../../../tools/simulation/random.ts'
import { addAdmin, giveSession } from '../../../support/admin.ts'
import { content, testApp } from '../../../support/app.ts'
import { madeUpCalibration } from '../../../support/calibration.ts'
import { contentWith } from '../../../support/content-copy.ts'
import { addPeople, madeUp } from '../../../support/people.ts'

const questionnaire = content.current
const names = Object.values(content.archetypes).map(({ name }) => name)

async function withAdmin(asked = content) {
  const context = await testApp({}, asked)
  await addAdmin(context.database)
  const browser = context.visitor()
  await giveSession(context.database, browser)
  const see = async (url: string) => {
    const response = await browser.get(url)
    expect(response.statusCode).toBe(200)
    const page = load(response.body)
    return { ...response, page, text: page('main').text().replace(/\s+/g, ' ') }
  }
  const keep = (found: Calibration, version = questionnaire.version) =>
    calibrationsIn(context.database, 5).keep(version, found)
  return { ...context, browser, see, keep }
}

type Page = ReturnType<typeof load>

/** The rows of the table of statements, by the labels of their cells. */
function rowsOf(page: Page) {
  return page('.statements tbody tr')
    .toArray()
    .map((row) => ({
      text: page(row).find('.choice').text(),
      cells: Object.fromEntries(
        page(row)
          .find('[data-label]')
          .toArray()
          .map((cell) => [cell.attribs['data-label'], page(cell).text()])
      )
    }))
}

const number = (text: string) => Number(text.replace('−', '-').replace(' %', ''))

test('without an estimate it says whether there are enough people, and how one is made', async () => {
  const { database, see } = await withAdmin()
  const nobody = await see('/admin/calibration')
  expect(nobody.page('[aria-current=page]').text()).toBe('Calibration')
  expect(nobody.text).toContain('From 300 people on')
  expect(nobody.text).toContain('So far there are fewer than 50.')
  expect(nobody.page('table, .actions, code')).toHaveLength(0)

  const random = randomFrom(5)
  const people = (count: number) => Array.from({ length: count }, () => madeUp(questionnaire, random))
  await addPeople(database, people(200), questionnaire)
  expect((await see('/admin/calibration')).text).toMatch(/So far there are about (190|200)\./)

  await addPeople(database, people(130), questionnaire)
  const ready = await see('/admin/calibration')
  expect(ready.text).toMatch(/there are enough people: about 3\d0\./)
  expect(ready.page('code').text()).toBe('npm run calibrate')
  expect(ready.page('table, .actions')).toHaveLength(0)
})

test('an estimate that is worth it is shown with every statement, and with how to write a version', async () => {
  const { see, keep } = await withAdmin()
  const found = madeUpCalibration(questionnaire, { people: 407, available: 407 })
  await keep(found)
  const { page, text } = await see('/admin/calibration')
  expect(text).toContain('Estimated on 20 November 2026 from the answers of about 400 people.')
  expect(page('.panel h2').text()).toBe('Worth a new version')
  // e^0.25
  expect(text).toContain('1.28 times as likely')
  const [write, check, publish] = page('.panel code')
    .toArray()
    .map((code) => page(code).text())
  const [, name] = /^npm run calibrate -- --write (\d{4}-\d\d)$/.exec(write!)!
  expect(name! > questionnaire.version).toBe(true)
  expect([check, publish]).toEqual(['npm run content:check', `npm run content:publish -- ${name}`])

  // 24 of 407; 3 are fewer than 5.
  expect(text).toMatch(/5\.9 % would be told another archetype.*fewer than 5 people would have another one/)
  expect(text).toContain('would change by 1.2 percentage points')
  const mix = page('h2#effect ~ table').first().find('tbody tr').toArray()
  expect(mix.map((row) => page(row).find('th').text())).toEqual(names)
  expect(mix.map((row) => page(row).find('td').last().text())).toEqual(['−2.0', '+1.0', '0.0', '+1.0'])

  const rows = rowsOf(page)
  const statements = questionnaire.blocks.flatMap((block) => block.statements)
  expect(rows.map((row) => row.text)).toEqual(statements.map((statement) => statement.text))
  for (const [index, { cells }] of rows.entries()) {
    expect(Object.keys(cells)).toEqual(['Estimate', 'Most'])
    expect(number(cells.Estimate!)).toBe(found.attractiveness[statements[index]!.id]!)
  }
  // One who is evenly mixed marks one of the four.
  for (let set = 0; set < rows.length; set += 4) {
    const most = rows.slice(set, set + 4).map(({ cells }) => number(cells.Most!))
    expect(Math.abs(most.reduce((sum, value) => sum + value) - 100)).toBeLessThanOrEqual(2)
  }
  expect(text).toContain('at least 5 people more or fewer')
})

test('one that is not worth it says so, and tells no way to write it', async () => {
  const { see, keep } = await withAdmin()
  await keep(
    madeUpCalibration(questionnaire, { ship: false, gain: -0.02, people: 20_013, available: 40_021 })
  )
  const { page, text } = await see('/admin/calibration')
  expect(page('.panel h2').text()).toBe('Not worth a new version')
  expect(text).toContain('0.98 times as likely')
  expect(text).toContain('about 20,010 people, a fair sample of about 40,020')
  expect(page('code')).toHaveLength(0)
  expect(rowsOf(page)).toHaveLength(48)
})

test('both exports hold what the page shows, and are noted', async () => {
  const { database, see, keep } = await withAdmin()
  const csvOf = async () =>
    parse((await see('/admin/calibration.csv')).body, { bom: true, columns: true }) as Record<
      string,
      string
    >[]
  const jsonOf = async () => JSON.parse((await see('/admin/calibration.json')).body)
  expect(await csvOf()).toEqual([])
  expect(await jsonOf()).toEqual({ questionnaire: '2026-11', estimatedOn: null, statements: [] })

  await keep(madeUpCalibration(questionnaire, { people: 407, available: 407 }))
  const { page } = await see('/admin/calibration')
  const rows = rowsOf(page)
  const [csv, json] = [await csvOf(), await jsonOf()]
  expect(json).toMatchObject({
    estimatedOn: '2026-11-20',
    people: 400,
    available: 400,
    gain: 0.25,
    isWorthANewVersion: true,
    effect: { otherLeading: 0.059, otherFirst: 'fewer than 5', meanChange: 0.0123 }
  })
  expect(json.effect.mix[1]).toEqual({ archetype: 'architect', before: 0.28, after: 0.29 })
  expect(csv.map(({ text }) => text)).toEqual(rows.map(({ text }) => text))
  for (const [index, { cells }] of rows.entries()) {
    const { logits, most, inUse } = csv[index]!
    expect(Number(logits)).toBe(number(cells.Estimate!))
    expect(Math.abs(100 * Number(most) - number(cells.Most!))).toBeLessThan(0.51)
    expect(json.statements[index]).toMatchObject({
      logits: Number(logits),
      most: Number(most),
      inUse: Number(inUse)
    })
  }
  const about = { action: 'aggregate-exported', about: 'of the calibration' }
  expect(await database.read.auditEntry.count({ where: about })).toBe(4)
})

test('a version that has its own attractiveness shows both; another can be chosen, an unknown one is not found', async () => {
  const directory = contentWith()
  const { attractiveness } = madeUpCalibration(questionnaire)
  startCalibratedVersion(directory, '2027-03', '2026-11', { values: attractiveness, origin: '' })
  publishVersion(directory, '2027-03')
  startVersion(directory, '2030-01')
  const several = loadContent(directory)
  const { browser, see, keep } = await withAdmin(several)
  const found = madeUpCalibration(questionnaire)
  const turned = Object.fromEntries(Object.entries(attractiveness).map(([id, d]) => [id, -d]))
  await keep({ ...found, attractiveness: turned }, '2027-03')

  const { page } = await see('/admin/calibration')
  expect(
    page('select option')
      .toArray()
      .map((option) => page(option).text())
  ).toEqual(['2027-03', '2026-11'])
  expect(page('.panel code').first().text()).toBe('npm run calibrate -- --write 2030-02')
  const rows = rowsOf(page)
  expect(rows).toHaveLength(48)
  expect(rows.some(({ cells }) => number(cells['In use']!) > 0.3)).toBe(true)
  for (const { cells } of rows) expect(number(cells['In use']!)).toBe(0 - number(cells.Estimate!))

  await keep(found, '2026-11')
  const before = await see('/admin/calibration?version=2026-11')
  expect(before.page('.panel code').first().text()).toBe(
    'npm run calibrate -- --version 2026-11 --write 2030-02'
  )
  expect(before.page('option[selected]').text()).toBe('2026-11')
  const csv = before.page('.actions a').first().attr('href')!
  const records: Record<string, string>[] = parse((await see(csv)).body, { bom: true, columns: true })
  expect(records.map(({ logits }) => Number(logits))).toEqual(
    questionnaire.blocks.flatMap(({ statements }) => statements.map(({ id }) => attractiveness[id]!))
  )
  for (const version of ['2030-01', '2020-01', '']) {
    for (const kind of ['', '.csv', '.json']) {
      expect((await browser.get(`/admin/calibration${kind}?version=${version}`)).statusCode).toBe(404)
    }
  }
})
