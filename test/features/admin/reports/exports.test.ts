import { load } from 'cheerio'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { loadContent } from '../../../../src/content/load.ts'
import { startVersion } from '../../../../src/content/versions.ts'
import { attemptsIn, type Brought } from '../../../../src/database/stores/attempts.ts'
import { randomFrom } from '../../../../tools/simulation/random.ts'
import { addAdmin, giveSession } from '../../../support/admin.ts'
import { content, testApp } from '../../../support/app.ts'
import { contentWith, publishAll } from '../../../support/content-copy.ts'
import { addPeople, madeUp } from '../../../support/people.ts'

const shipped = content.current

/** 60 people of the version 2026-11, most of them of small companies, and 33 who left on one of the first pages. */
async function withPeople(asked = content) {
  const context = await testApp({}, asked)
  const random = randomFrom(21)
  const sizes = ['under-20', 'under-20', 'under-20', '20-99', '20-99']
  const people = Array.from({ length: 60 }, (_, index) => {
    const size = index === 7 ? '100-299' : sizes[index % 7]
    return madeUp(shipped, random, { context: size ? { 'company-size': size } : {} })
  })
  await addPeople(context.database, people, shipped)
  const drafts = Array.from({ length: 33 }, (_, index): Brought => {
    const [name, place] = index < 9 ? ['path-1', 1] : ['path-2', index < 12 ? 2 : 3]
    const pages = index < 21 ? [{ name, place, answers: {}, seconds: 9 }] : []
    const draft = { questionnaireVersion: shipped.version, arrangement: [] }
    return { id: `draft-${index}`, day: '2026-11-09', draft, pages }
  })
  await attemptsIn(context.database, () => ({})).bring(drafts)
  await addAdmin(context.database)
  const browser = context.visitor()
  await giveSession(context.database, browser)
  const see = async (url: string) => load((await browser.get(url)).body)
  const download = async (url: string, ending: string) => {
    const { statusCode, headers, body } = await browser.get(url)
    expect(statusCode, url).toBe(200)
    expect(headers['content-disposition']).toMatch(new RegExp(`^attachment; filename="[\\w-]+\\.${ending}"$`))
    return body
  }
  /** The two files that a page offers. */
  async function filesOf(page: Awaited<ReturnType<typeof see>>) {
    const [csv, json] = page('main .actions a')
      .toArray()
      .map(({ attribs }) => attribs.href!)
    const records: Record<string, string>[] = parse(await download(csv!, 'csv'), { bom: true, columns: true })
    return { records, json: JSON.parse(await download(json!, 'json')) }
  }
  return { ...context, browser, see, filesOf }
}

type Page = ReturnType<typeof load>

/** The cells of the rows of every table within, by the labels of their columns. */
function rowsOf(page: Page, within = 'main') {
  return page(`${within} table`)
    .toArray()
    .map((table) =>
      page(table)
        .find('tbody tr')
        .toArray()
        .map((row) => ({
          name: page(row).find('th').text(),
          cells: Object.fromEntries(
            page(row)
              .find('td')
              .toArray()
              .map((cell) => [cell.attribs['data-label']!, page(cell).contents().first().text()])
          )
        }))
    )
}

test('both exports of the breakdowns hold what the page shows, and no more', async () => {
  const { see, filesOf, database } = await withPeople()
  const page = await see('/admin/breakdowns')
  const { records, json } = await filesOf(page)
  const shown = page('main section')
    .toArray()
    .flatMap((section) => {
      const question = page(section).find('h2').text()
      const [mix, path] = rowsOf(page, `section[aria-labelledby="${page(section).find('h2').attr('id')}"]`)
      return mix!.map(({ name, cells }, row) => ({ question, name, ...cells, ...path![row]!.cells }))
    })
  expect(
    records.map(({ questionnaire, answer, people, ...rest }) => ({ name: answer, People: people, ...rest }))
  ).toEqual(shown)
  expect(new Set(records.map(({ questionnaire }) => questionnaire))).toEqual(new Set(['2026-11']))

  const exported = json.questions.flatMap(({ text, answers }: { text: string; answers: Answer[] }) =>
    answers.map(({ label, people, findings, paths }) =>
      [text, label, people, ...Object.values(findings), ...Object.values(paths)].map(String)
    )
  )
  expect(exported).toEqual(records.map(({ questionnaire, ...record }) => Object.values(record)))
  // One person says something that nobody else says, and five or more are numbers.
  const [first] = json.questions
  expect(first.answers.find(({ answer }: Answer) => answer === '100-299').people).toBe('fewer than 5')
  expect(typeof first.answers.find(({ answer }: Answer) => answer === 'under-20').people).toBe('number')
  expect(Object.keys(first.answers[0].findings)).toEqual([
    ...['tech-lead', 'architect', 'solver', 'right-hand'],
    ...['blend', 'open', 'no-pattern']
  ])

  const noted = await database.read.auditEntry.findMany({ where: { action: 'aggregate-exported' } })
  expect(noted.map(({ actor, about }) => [actor, about])).toEqual([
    ['ada', 'of breakdowns'],
    ['ada', 'of breakdowns']
  ])
})

type Answer = {
  answer: string
  label: string
  people: number | string
  findings: Record<string, number | string>
  paths: Record<string, number | string>
}

test('both exports of the drop-off hold what the page shows, and no more', async () => {
  const { see, filesOf, database } = await withPeople()
  const page = await see('/admin/drop-off')
  const { records, json } = await filesOf(page)
  const [shown] = rowsOf(page)
  const figures = page('.figures dd')
    .toArray()
    .map((figure) => page(figure).text())
  const end = records.pop()!
  expect(
    records.map(({ page, reached, left, medianSeconds }) => ({
      name: page,
      cells: {
        Reached: reached,
        'Went no further': left,
        'Median time': medianSeconds ? `${medianSeconds} s` : '–'
      }
    }))
  ).toEqual(shown)
  expect([end.page, end.reached]).toEqual(['Finished', figures[1]])
  expect([json.began, json.finished].map(String)).toEqual(figures)
  expect(figures).toEqual(['93', '60'])
  expect(
    json.pages.map((one: Record<string, unknown>) =>
      [json.questionnaire, ...Object.values(one)].map((value) => String(value ?? ''))
    )
  ).toEqual(records.map((record) => Object.values(record)))
  // Twelve on the first page, nine on the second, and three on the next, which nine others hide.
  expect(json.pages.slice(0, 4).map(({ left }: { left: unknown }) => left)).toEqual([
    12,
    'withheld',
    'fewer than 5',
    9
  ])
  expect(json.pages[4].medianSeconds).toBeGreaterThan(10)
  expect(json.pages.map(({ page }: { page: string }) => page)).toEqual([
    ...['Path, page 1', 'Path, page 2', 'Path, page 3'],
    ...Array.from({ length: 12 }, (_, set) => `Set ${set + 1}`),
    ...['Where the hours went', 'Optional questions', 'Six more choices']
  ])

  const noted = await database.read.auditEntry.findMany({ where: { action: 'aggregate-exported' } })
  expect(noted.map(({ about }) => about)).toEqual(['of drop-off', 'of drop-off'])
})

test('the version that is chosen for breakdowns is the one of their exports', async () => {
  const directory = contentWith()
  startVersion(directory, '2027-03')
  publishAll(directory)
  startVersion(directory, '2027-06')
  const { see, filesOf, browser } = await withPeople(loadContent(directory))

  const now = await see('/admin/breakdowns')
  expect(
    now('select option')
      .toArray()
      .map((option) => now(option).text())
  ).toEqual(['2027-03', '2026-11'])
  expect((await filesOf(now)).json.questionnaire).toBe('2027-03')
  const before = await see('/admin/breakdowns?version=2026-11')
  const { json, records } = await filesOf(before)
  expect(json.questionnaire).toBe('2026-11')
  expect(records[0]!.questionnaire).toBe('2026-11')
  expect(records[0]!.people).toBe(rowsOf(before)[0]![0]!.cells.People)
  expect(Number(records[0]!.people)).toBeGreaterThan(20)

  for (const file of ['breakdowns', 'breakdowns.csv', 'breakdowns.json']) {
    for (const version of ['2027-06', '', 'x', '2026-11&version=2026-11']) {
      expect((await browser.get(`/admin/${file}?version=${version}`)).statusCode).toBe(404)
    }
  }
})

test('no answer that an author words is a formula in a spreadsheet', async () => {
  const changed = contentWith({
    'questionnaires/2026-11/context.yaml': (text) =>
      text.replace("'No'", '\'=HYPERLINK("http://example.org")\'')
  })
  const { filesOf, see } = await withPeople(loadContent(changed))
  const { records, json } = await filesOf(await see('/admin/breakdowns'))
  const label = '=HYPERLINK("http://example.org")'
  expect(records.map(({ answer }) => answer)).toContain(`'${label}`)
  expect(JSON.stringify(json)).toContain(JSON.stringify(label))
})

test('without anybody the exports have their rows and no number', async () => {
  const { database, visitor } = await testApp()
  await addAdmin(database)
  const browser = visitor()
  await giveSession(database, browser)
  const { questions } = (await browser.get('/admin/breakdowns.json')).json()
  expect(questions).toHaveLength(shipped.context.length)
  for (const { answers } of questions) {
    for (const { people, findings, paths } of answers) {
      expect(new Set([people, ...Object.values(findings), ...Object.values(paths)])).toEqual(
        new Set(['fewer than 5'])
      )
    }
  }
  const { began, pages } = (await browser.get('/admin/drop-off.json')).json()
  expect(began).toBe(0)
  expect(new Set(pages.map(({ left }: { left: unknown }) => left))).toEqual(new Set(['fewer than 5']))
})
