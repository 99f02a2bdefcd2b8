import { load } from 'cheerio'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { byServer } from '../../../../src/database/stores/audit.ts'
import { groupsIn } from '../../../../src/database/stores/groups.ts'
import { randomFrom } from '../../../../tools/simulation/random.ts'
import { addAdmin, giveSession, submit } from '../../../support/admin.ts'
import { content, testApp } from '../../../support/app.ts'
import { addPeople, madeUp } from '../../../support/people.ts'
import { devotedTo, seeded, take } from '../../../support/taker.ts'

const questionnaire = content.current
const { version } = questionnaire
const csvUrl = `/admin/responses/${version}.csv`
const ndjsonUrl = `/admin/responses/${version}.ndjson`
const random = randomFrom(11)

const people = (count: number, context = {}) =>
  Array.from({ length: count }, () => madeUp(questionnaire, random, { context }))

async function withAdmin() {
  const tested = await testApp()
  await addAdmin(tested.database)
  const browser = tested.visitor()
  await giveSession(tested.database, browser)
  return { ...tested, browser }
}

type Line = Record<string, Record<string, unknown>> & { month: string }
const linesOf = (body: string): Line[] =>
  body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

test('each response is a line with everything that was answered and found, in both forms the same', async () => {
  const { browser, database } = await withAdmin()
  const all = people(450, { planning: 'teams' })
  await addPeople(database, all, questionnaire)
  const lines = linesOf((await browser.get(ndjsonUrl)).body)
  expect(lines).toHaveLength(450)

  // By what they answered, as nothing else says which is whose.
  const key = (blocks: Record<string, { most: unknown; least: unknown }>) =>
    Object.values(blocks)
      .map(({ most, least }) => `${most} ${least}`)
      .join()
  for (const one of all) {
    const line = lines.find((line) => key(line.set as never) === key(one.answers.blocks))!
    expect(line).toMatchObject({
      questionnaire: version,
      scoring: one.scoringVersion,
      month: '2026-11',
      finding: one.finding,
      path: one.path,
      careless: one.scores.consistency.reasons,
      item: one.answers.items,
      habit: one.answers.habits,
      context: { planning: 'teams', role: null }
    })
    expect(Object.values(line.share!).map(Number)).toEqual(
      one.scores.profile.share.map((share) => expect.closeTo(share, 3))
    )
    expect(line.lean).toBeCloseTo(one.scores.lean.lean, 3)
    for (const [place, { block, statements }] of one.arrangement.entries()) {
      const { id, statements: texts } = questionnaire.blocks[block]!
      const set = line.set![id] as Record<string, unknown>
      const shown = statements.map((index) => texts[index]!.id)
      expect(set.place).toBe(place + 1)
      expect(shown[Number(set['most-at']) - 1]).toBe(set.most)
      expect(shown[Number(set['least-at']) - 1]).toBe(set.least)
    }
  }

  const csv = await browser.get(csvUrl)
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(csv.headers['content-disposition']).toBe(`attachment; filename="staff-bearings-${version}.csv"`)
  const records: Record<string, string>[] = parse(csv.body, { bom: true, columns: true })
  const { blocks } = questionnaire
  expect(records).toHaveLength(450)
  for (const [index, record] of records.entries()) {
    const line = lines[index]!
    const set = line.set![blocks[3]!.id] as Record<string, unknown>
    expect(record.finding).toBe(line.finding)
    expect(record['share.solver']).toBe(String(line.share!.solver))
    expect(record[`set.${blocks[3]!.id}.least-at`]).toBe(String(set['least-at']))
    expect(record.careless).toBe((line.careless as unknown as string[]).join(' '))
    expect(record['context.role']).toBe('')
  }
})

test('no line holds anything by which somebody could be found, or when they finished', async () => {
  const { browser, database, visitor } = await withAdmin()
  const owners = []
  for (let taker = 0; taker < 12; taker++) {
    const owner = visitor()
    const manage = await take(owner, devotedTo('solver', seeded(taker)))
    await owner.post(manage, { note: 'a note of my own' })
    owners.push({ manage, cookie: owner.cookies.get('bearings')! })
  }
  const rows = await database.read.result.findMany()
  const downloads = [(await browser.get(csvUrl)).body, (await browser.get(ndjsonUrl)).body]
  for (const body of downloads) {
    expect(body.match(/solver/g)!.length).toBeGreaterThan(12)
    for (const row of rows) {
      for (const hidden of [row.id, row.viewHash, row.manageHash, row.completedOn]) {
        expect(body).not.toContain(hidden)
      }
    }
    for (const { manage, cookie } of owners) {
      expect(body).not.toContain(manage.slice('/m/'.length))
      expect(body).not.toContain(cookie)
    }
    expect(body).not.toMatch(/a note of my own|seconds|\d{4}-\d\d-\d\d|127\.0\.0\.1/)
  }
  const [first] = linesOf(downloads[1]!)
  expect(Object.keys(first!)).toEqual([
    ...['questionnaire', 'scoring', 'month', 'finding', 'path', 'lean', 'share', 'careless'],
    ...['set', 'item', 'habit', 'context']
  ])
  // In the order of the ids, which are hashes of random numbers, and not in that of the rows.
  const items = (all: typeof rows) => all.map(({ answers }) => JSON.stringify(JSON.parse(answers).items))
  const told = linesOf(downloads[1]!).map(({ item }) => JSON.stringify(item))
  expect(told).toEqual(items(rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))))
  expect(told).not.toEqual(items(rows))
})

test('months and optional answers of few people are withheld, and what would give them away', async () => {
  const { browser, database } = await withAdmin()
  const open = async (name: string) => {
    const group = { id: `id-${name}`, name, openedOn: '2026-08-01', closesOn: '2026-12-01' }
    await groupsIn(database).open(group, `hash-${name}`, byServer(Date.now()))
    return group
  }
  const [many, few] = [await open('Many'), await open('Few')]
  const add = (count: number, context: object, day: string, group: typeof many | null = null) =>
    addPeople(database, people(count, context), questionnaire, { day, group })
  await add(40, { role: 'staff' }, '2026-09-10')
  await add(30, { role: 'senior', planning: 'teams' }, '2026-10-10')
  await add(4, { role: 'principal-or-above', planning: 'mixed' }, '2026-11-10')
  await add(3, { role: 'engineer' }, '2026-12-10')
  await add(25, { role: 'staff' }, '2026-10-20', many)
  await add(4, { role: 'manager' }, '2026-10-20', few)

  const lines = linesOf((await browser.get(ndjsonUrl)).body)
  const numbers = (values: unknown[]) => {
    const counts: Record<string, number> = {}
    for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1
    return counts
  }
  // The months of few have seven people between them; of the 29 in groups, no month is told.
  expect(numbers(lines.map(({ month }) => month))).toEqual({ '2026-09': 40, '2026-10': 30, withheld: 36 })
  expect(numbers(lines.map(({ context }) => context!.role))).toEqual({ staff: 65, senior: 30, withheld: 11 })
  // Four alone would be seen to be those who said so: the next smallest are withheld with them.
  expect(numbers(lines.map(({ context }) => context!.planning))).toEqual({ null: 72, withheld: 34 })
  expect(lines.some(({ context }) => context!.role === 'manager')).toBe(false)
  const csv = (await browser.get(csvUrl)).body
  expect(csv).not.toMatch(/"Few"|"Many"|principal-or-above|manager/)
})

test('too few responses are not exported at all, and the page says so', async () => {
  const { browser, database } = await withAdmin()
  const page = async () => load((await browser.get('/admin/responses')).body)('main')
  await addPeople(database, people(4), questionnaire)
  expect((await page()).text()).toContain('fewer than')
  expect((await page()).find('table a')).toHaveLength(0)
  for (const url of [csvUrl, ndjsonUrl]) {
    const refused = await browser.get(url)
    expect(refused.headers.location).toBe('/admin/responses')
    expect(refused.body).toBe('')
  }
  expect(await database.read.auditEntry.count({ where: { action: 'rows-exported' } })).toBe(0)

  await addPeople(database, people(10), questionnaire)
  expect((await page()).find('table a')).toHaveLength(2)
  expect((await browser.get(csvUrl)).statusCode).toBe(200)
  for (const wrong of ['2026-12', '1', '__proto__', '..%2f']) {
    expect((await browser.get(`/admin/responses/${wrong}.csv`)).statusCode).toBe(404)
  }
})

test('the password is asked for first, and leads to the download', async () => {
  const { visitor, database } = await withAdmin()
  await addPeople(database, people(12), questionnaire)
  const browser = visitor()
  for (const url of ['/admin/responses', csvUrl, ndjsonUrl]) {
    expect((await browser.get(url)).headers.location).toBe('/admin/login')
    await giveSession(database, browser, { at: Date.now() - 6 * 60 * 1000 })
    const asked = await browser.get(url)
    expect(asked.body).toBe('')
    const confirmed = await submit(
      browser,
      asked.headers.location as string,
      { password: 'a longer pass phrase' },
      '/admin/confirm'
    )
    expect(confirmed.headers.location).toBe(url)
    expect((await browser.get(url)).statusCode).toBe(200)
    browser.cookies.clear()
  }
  expect((await browser.get(csvUrl)).headers.location).toBe('/admin/login')
})

test('a download is in the audit log before its first byte, and a HEAD request is none', async () => {
  const { app, browser, database } = await withAdmin()
  await addPeople(database, people(700), questionnaire)
  const headers = {
    cookie: `bearings-admin=${browser.cookies.get('bearings-admin')}`,
    host: '127.0.0.1:3000'
  }
  expect((await app.inject({ method: 'HEAD', url: csvUrl, headers })).statusCode).toBe(404)
  const entries = () => database.read.auditEntry.findMany({ where: { action: 'rows-exported' } })
  expect(await entries()).toEqual([])

  const response = await app.inject({ url: ndjsonUrl, headers, payloadAsStream: true })
  const stream = response.stream()
  expect(await entries()).toMatchObject([{ actor: 'ada', about: `700 of ${version}` }])
  for await (const _ of stream) break
  const page = load((await browser.get('/admin/audit')).body)
  expect(page('main').text()).toContain(`Exported single results 700 of ${version}`)
})
