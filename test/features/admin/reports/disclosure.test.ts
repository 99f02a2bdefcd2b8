import { load } from 'cheerio'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { archetypes } from '../../../../src/content/schema.ts'
import { attemptsIn } from '../../../../src/database/stores/attempts.ts'
import { resultsIn } from '../../../../src/database/stores/results.ts'
import { countAt } from '../../../../src/statistics/counts.ts'
import { notSaid, tallyOf } from '../../../../src/statistics/tally.ts'
import { addAdmin, addGroup, giveSession } from '../../../support/admin.ts'
import { exposedIn, type Figures, type Mark } from '../../../support/adversary.ts'
import { content as shipped, testApp } from '../../../support/app.ts'
import { numbers } from '../../../support/numbers.ts'
import { addPeople, madeUp } from '../../../support/people.ts'
import { seeded } from '../../../support/taker.ts'

/*
 * Nothing about fewer people than MIN_CELL can be read off the pages for admins or computed from them.
 *
 * Small random deployments (two versions, months, groups, optional questions, drafts) live for a while in the real
 * app. Then every page of aggregates and every export is fetched, one random person joins or leaves, and everything
 * is fetched again. Each time,
 *
 * - no number from 1 up to MIN_CELL, without it, is shown, and the page, its CSV and its JSON show the same;
 * - what a line hides of its total is nobody, or at least MIN_CELL people;
 * - for each hidden count below MIN_CELL there are other people than the true ones, of whom all pages of the version
 *   together would show just the same, with another count there (test/support/adversary.ts says how they are found);
 *
 * and of the two times, whatever has changed is about at least MIN_CELL people; but the two numbers that are always
 * shown, how many have finished and how many have begun.
 *
 * The estimate of who is truly first is shown of everybody and of many only, and changes with the rest.
 *
 * What this does not try: medians of seconds, which are no counts; whether six two-way tables that fit each other could
 * be those of one group of people; what somebody infers who knows why src/tallies hides one number rather than another,
 * or who came and went between two views. Statements are told for whole versions only, and are not part of this.
 *
 * DEPLOYMENTS=200 npx vitest run test/features/admin/reports/disclosure.test.ts tries more of them.
 */

const { deployments } = numbers

const later = { ...shipped.current, version: '2027-03' }
const content = {
  ...shipped,
  questionnaires: new Map([...shipped.questionnaires, [later.version, later]]),
  current: later
}
const { current } = content
const versions = [...content.questionnaires.keys()]
const random = seeded(1)
const templates = Array.from({ length: 20 }, () => madeUp(current, random))

const findings = [...archetypes, 'blend', 'open', 'no-pattern'] as const
const leanings = ['individual-contributor', 'balanced', 'management'] as const

/** Picks among values, some of them far more often than others. */
function taste<Value>(random: () => number, values: readonly Value[]): () => Value {
  const weights = values.map(() => random() ** 3)
  return () => {
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
    return (
      values.find((_, index) => {
        left -= weights[index]!
        return left <= 0
      }) ?? values[0]!
    )
  }
}

type Random = () => number
type Visitor = ReturnType<Awaited<ReturnType<typeof testApp>>['visitor']>
type Part = { month: string; groupId: string; openedOn: string }

async function deployment(random: Random, minimum: number) {
  const { database, visitor } = await testApp({ MIN_CELL: String(minimum) }, content)
  await addAdmin(database)
  const browser = visitor()
  await giveSession(database, browser)
  const parts: Part[] = ['2026-06', '2026-07', '2026-08', '2026-09'].map((month) => ({
    month,
    groupId: '',
    openedOn: `${month}-10`
  }))
  for (const name of ['Guild', 'Chapter']) {
    const { id } = await addGroup(database, name)
    const { openedOn } = (await database.read.group.findUnique({ where: { id } }))!
    parts.push({ month: openedOn.slice(0, 7), groupId: id, openedOn })
  }

  const results = resultsIn(database, (result) => tallyOf(result, current, archetypes))
  const attempts = attemptsIn(database, () => ({}))
  const [finding, leaning] = [taste(random, findings), taste(random, leanings)]
  const answers = current.context.map(
    ({ id, options }) => [id, taste(random, [notSaid, ...options.map((option) => option.id)])] as const
  )
  const place = taste(random, [...Array(18).keys()])
  let made = 0
  const here = new Map<string, string[]>()

  async function join(version: string, { groupId, openedOn }: Part, people: number) {
    const many = Array.from({ length: people }, () => {
      const context = Object.fromEntries(
        answers.map(([id, answer]) => [id, answer()]).filter(([, answer]) => answer !== notSaid)
      )
      const key = `${++made}`
      const template = templates[made % templates.length]!
      return {
        ...template,
        id: key,
        viewHash: `view ${key}`,
        manageHash: `manage ${key}`,
        questionnaireVersion: version,
        finding: finding(),
        path: leaning(),
        answers: { ...template.answers, context }
      }
    })
    const place = `${version} ${groupId || openedOn}`
    here.set(place, [...(here.get(place) ?? []), ...many.map(({ manageHash }) => manageHash)])
    const group = groupId ? { id: groupId, openedOn } : null
    if (people > 0) await addPeople(database, many, { ...current, version }, { day: openedOn, group })
  }
  async function leave(version: string, { groupId, openedOn }: Part, people: number) {
    const there = here.get(`${version} ${groupId || openedOn}`) ?? []
    for (const link of there.splice(0, people)) await results.delete(link, '2026-11-04')
  }
  async function begin(version: string, { openedOn }: Part, people: number) {
    await attempts.bring(
      Array.from({ length: people }, () => ({
        id: `${++made}`,
        day: openedOn,
        draft: { questionnaireVersion: version, arrangement: [] },
        pages: [{ name: 'page', place: place(), answers: {}, seconds: 9 }]
      }))
    )
  }
  return { database, browser, parts, doings: [join, leave, begin] as const }
}

type Deployment = Awaited<ReturnType<typeof deployment>>

type Forms = Awaited<ReturnType<typeof formsOf>>

/** What a page shows in its three forms, which have to agree. */
async function formsOf(browser: Visitor, url: string) {
  const page = load((await browser.get(url)).body)
  // Shares of what is shown tell no more than it does.
  page('.wide .effect').remove()
  const [csv, json] = await Promise.all(
    page('main .actions a')
      .toArray()
      .map(async ({ attribs }) => (await browser.get(attribs.href!)).body)
  )
  const text = (selector: string) =>
    page(selector)
      .toArray()
      .map((cell) => page(cell).text())
  const choices = page('#people option[value!=""]')
    .toArray()
    .map(({ attribs }) => attribs.value!)
  return {
    page,
    text,
    choices,
    csv: csv!,
    json: JSON.parse(json!),
    records: parse(csv!, { bom: true }) as string[][]
  }
}

type Share = { name: string; percent: number; low: number; high: number }
type Estimated = { people: number; rows: Share[] } | null

/**
 * The estimate of who is truly first is of everybody and of many, to the whole percent, of about how many people; beside
 * it stands what the mix tells, and no more.
 */
function expectOfMany(
  first: Estimated,
  { about, text, records, mix }: Pick<Forms, 'text' | 'records'> & { about: string; mix: Mark[] }
) {
  const cells = (column: number) => text(`#truly-first + table td:nth-of-type(${column})`)
  const rows = first?.rows ?? []
  expect(cells(3)).toEqual(rows.map(({ percent }) => `${percent} %`))
  expect(cells(4)).toEqual(rows.map(({ low, high }) => `${low}–${high}`))
  const inCsv = records.filter(([table, , people]) => table === 'Archetype mix, truly first' && people === '')
  expect(inCsv.map(([, name, , ...share]) => [name, ...share.map(Number)])).toEqual(
    rows.map(({ name, percent, low, high }) => [name, percent, low, high])
  )
  if (!first) return
  estimates++
  expect(about).toBe('Everybody')
  expect(first.people).toBeGreaterThanOrEqual(50)
  expect(first.people % 10).toBe(0)
  const told = mix.slice(0, rows.length)
  const column = cells(2)
  for (const [index, mark] of told.entries()) {
    if (isNumber(mark)) expect(column[index]).toMatch(/^\d+ %$/)
    else expect(column[index]).toBe(mark)
  }
  for (const { percent, low, high } of rows) {
    for (const number of [percent, low, high]) expect(Number.isInteger(number)).toBe(true)
  }
}

/** Everything that an admin can see of a version: as figures, and as bodies without the numbers that are always shown. */
async function seen({ browser }: Deployment, version: string) {
  const bodies: Record<string, string> = {}
  const query = `?version=${version}`

  async function overview(url: string) {
    const { page, text, choices, csv, json, records } = await formsOf(browser, url)
    const [mix, path] = json.tables.map(({ rows }: { rows: { people: number | Mark }[] }) =>
      rows.map(({ people }) => String(people))
    )
    const shares = [...mix, ...path] as Mark[]
    // Before anything is published, the page says that there will be tables.
    const onPage = json.published > 0 ? shares : []
    expect(text('.mix:not(#truly-first + *) td:nth-of-type(2)')).toEqual(onPage)
    expectOfMany(json.trulyFirst, { about: json.about, text, records, mix })
    const inCsv = records.filter(([table]) => ['Archetype mix', 'Path'].includes(table!))
    expect(inCsv.map((record) => record[2])).toEqual(shares)
    const months = page('#months ~ table tbody tr')
      .toArray()
      .map((row) =>
        page(row)
          .find('td')
          .toArray()
          .map((cell) => page(cell).text())
      )
    type Month = { people: number | Mark; findings: { people: number | Mark }[] }
    const inJson = (json.months as Month[]).map(({ people, findings }) =>
      [people, ...findings.map(({ people }) => people)].map(String)
    )
    expect(inJson).toEqual(months)
    const monthsInCsv = records.filter(([table]) => /^\d{4}-\d\d$/.test(table!))
    expect(monthsInCsv.map((record) => record[2])).toEqual(months.flat())
    const { completions: _c, drafts: _d, ...rest } = json
    page('.figures div:contains("Completed"), .figures div:contains("Begun")').remove()
    bodies[url] = [page('main').text(), csv.replace(/"Now".*/g, ''), JSON.stringify(rest)].join('\n')
    return { people: String(json.people) as Mark, mix: mix as Mark[], path: path as Mark[], choices, months }
  }

  const everybody = await overview(`/admin${query}`)
  const parts: { key: string; people: Mark; mix: Mark[]; path: Mark[] }[] = []
  const monthly: Mark[][] = []
  for (const key of everybody.choices) {
    const part = await overview(`/admin${query}&people=${key}`)
    parts.push({ key, ...part })
    if (/^\d{4}-\d\d$/.test(key)) monthly.push([part.people, ...part.mix])
  }
  expect(everybody.months).toEqual(monthly)

  const breakdowns = await formsOf(browser, `/admin/breakdowns${query}`)
  type Answer = { people: Mark; findings: Record<string, Mark>; paths: Record<string, Mark> }
  const questions = (breakdowns.json.questions as { answers: Answer[] }[]).map(({ answers }) => ({
    rows: answers.map(({ people }) => String(people)),
    findings: answers.map(({ findings }) => Object.values(findings).map(String)),
    paths: answers.map(({ paths }) => Object.values(paths).map(String))
  }))
  const cells = questions.flatMap(({ rows, findings, paths }) =>
    [findings, paths].flatMap((cells) => rows.flatMap((people, row) => [people, ...cells[row]!]))
  )
  // So as long as everybody who said the same is few.
  const isEmpty = questions.every(({ rows }) => rows.every((people) => people.startsWith('fewer')))
  expect(breakdowns.text('main td')).toEqual(isEmpty ? [] : cells)
  bodies.breakdowns = breakdowns.page('main').text() + breakdowns.csv + JSON.stringify(breakdowns.json)

  const figures = { everybody, parts, questions, bodies }
  // The drop-off is that of the newest version alone.
  if (version !== current.version) return { ...figures, left: null }
  const dropOff = await formsOf(browser, '/admin/drop-off')
  bodies['drop-off'] = dropOff.page('main').text() + dropOff.csv + JSON.stringify(dropOff.json)
  const left = (dropOff.json.pages as { left: Mark }[]).map(({ left }) => String(left))
  return { ...figures, left }
}

type Seen = Awaited<ReturnType<typeof seen>>

/** What the published copies hold, read from the database. */
async function truthOf({ database }: Deployment, version: string) {
  const copies = await database.read.snapshot.findMany({ where: { questionnaireVersion: version } })
  const counts = (kind: string) =>
    copies.filter((copy) => copy.kind === kind).map((copy) => ({ ...copy, counts: JSON.parse(copy.counts) }))
  const [results, drafts] = [counts('results'), counts('drafts')]
  const all = (...names: (string | number)[]) =>
    results.reduce((sum, { counts }) => sum + countAt(counts, ...names), 0)
  const questions = current.context.map(({ id, options }) => ({
    id,
    answers: [...options.map((option) => option.id), notSaid]
  }))
  return {
    people: all('people'),
    parts: new Map(results.map(({ month, groupId, counts }) => [groupId || month, counts])),
    findings: findings.map((finding) => all('finding', finding)),
    paths: leanings.map((path) => all('path', path)),
    questions: questions.map(({ id, answers }) => ({
      rows: answers.map((answer) => all('context', id, answer, 'people')),
      findings: answers.map((answer) =>
        findings.map((finding) => all('context', id, answer, 'finding', finding))
      ),
      paths: answers.map((answer) => leanings.map((path) => all('context', id, answer, 'path', path)))
    })),
    left: Array.from({ length: 18 }, (_, place) =>
      drafts.reduce((sum, { counts }) => sum + countAt(counts, 'reached', place), 0)
    )
  }
}

type Truth = Awaited<ReturnType<typeof truthOf>>

/** The tables of a version, as they are and as they are shown. Groups of which nothing is published are in none. */
function figuresOf(truth: Truth, { everybody, parts, questions }: Seen) {
  const published = parts.filter(({ key }) => truth.parts.has(key))
  const of = (key: string) => truth.parts.get(key)!
  const named = current.context.map(({ id }) => id)
  const figures: Figures<number> = {
    findings: truth.findings,
    paths: truth.paths,
    divisions: [
      {
        name: 'part',
        rows: published.map(({ key }) => countAt(of(key), 'people')),
        findings: published.map(({ key }) => findings.map((finding) => countAt(of(key), 'finding', finding))),
        paths: published.map(({ key }) => leanings.map((path) => countAt(of(key), 'path', path)))
      },
      ...truth.questions.map((question, q) => ({ name: named[q]!, ...question }))
    ]
  }
  const shown: Figures<Mark> = {
    findings: everybody.mix,
    paths: everybody.path,
    divisions: [
      {
        name: 'part',
        rows: published.map(({ people }) => people),
        findings: published.map(({ mix }) => mix),
        paths: published.map(({ path }) => path)
      },
      ...questions.map((question, q) => ({ name: named[q]!, ...question }))
    ]
  }
  return { figures, shown }
}

/** The lines of all tables, each with its total. */
function linesOf<Value>({ findings, paths, divisions }: Figures<Value>, people: Value) {
  return [
    ...[findings, paths, ...divisions.map(({ rows }) => rows)].map((line) => ({ total: people, line })),
    ...divisions.flatMap(({ rows, ...tables }) =>
      (['findings', 'paths'] as const).flatMap((kind) => [
        ...rows.map((total, row) => ({ total, line: tables[kind][row]! })),
        ...{ findings, paths }[kind].map((total, column) => ({
          total,
          line: tables[kind].map((row) => row[column]!)
        }))
      ])
    )
  ]
}

const isNumber = (mark: Mark) => /^\d+$/.test(mark)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
let hiddenCounts = 0
let estimates = 0

/** Finds nothing that a reader of all pages of a version can tell of few people. */
function expectNothingOfFew(truth: Truth, seen: Seen, minimum: number, of: string) {
  const { figures, shown } = figuresOf(truth, seen)
  expectSafe(figures, shown, minimum, of)
  if (seen.left === null) return
  const ofLeft = { paths: [], divisions: [] }
  expectSafe({ findings: truth.left, ...ofLeft }, { findings: seen.left, ...ofLeft }, minimum, `${of}, left`)
}

function expectSafe(figures: Figures<number>, shown: Figures<Mark>, minimum: number, of: string) {
  const people = sum(figures.findings)
  const counts = linesOf(figures, people)
  for (const [index, { total, line }] of linesOf(shown, `${people}`).entries()) {
    const numbers = line.filter(isNumber).map(Number)
    for (const number of numbers) expect(number, of).toBeGreaterThanOrEqual(minimum)
    hiddenCounts += counts[index]!.line.filter((count) => count > 0 && count < minimum).length
    if (!isNumber(total) || Number(total) < minimum) continue
    const hidden = Number(total) - sum(numbers)
    if (line.length > 0) expect(hidden === 0 || hidden >= minimum, `${of}: ${line} of ${total}`).toBe(true)
  }
  expect(exposedIn(figures, shown, minimum), of).toEqual([])
}

test(`of ${deployments} deployments no page tells anything of few people, now or when somebody comes or goes`, async () => {
  const times = { same: 0, renewed: 0 }
  for (let seed = 0; seed < deployments; seed++) {
    const random = seeded(1000 + seed)
    const minimum = seed % 3 ? 5 : 3
    const here = await deployment(random, minimum)
    const { parts, doings } = here
    const [join, , begin] = doings
    const someone = (values: readonly Part[]) => values[Math.floor(random() * values.length)]!
    for (const version of versions) {
      for (const part of parts) {
        await join(version, part, Math.floor(random() ** 3 * 40))
        if (!part.groupId) await begin(version, part, Math.floor(random() ** 3 * 40))
      }
    }
    for (const version of versions) await seen(here, version)

    const version = versions[Math.floor(random() * versions.length)]!
    // Often as many as almost make a difference, so that one person more makes one.
    const part = someone(parts.slice(0, 4))
    const doing = doings[Math.floor(random() * doings.length)]!
    await doing(version, part, random() < 0.7 ? minimum - 1 : Math.floor(random() * 3))
    const before = new Map<string, { truth: Truth; shown: Seen }>()
    for (const version of versions) {
      const shown = await seen(here, version)
      const truth = await truthOf(here, version)
      before.set(version, { truth, shown })
      expectNothingOfFew(truth, shown, minimum, `${version} of ${seed}`)
    }

    await doing(version, part, 1)
    for (const version of versions) {
      const shown = await seen(here, version)
      const truth = await truthOf(here, version)
      expectNothingOfFew(truth, shown, minimum, `${version} of ${seed}, then`)
      const earlier = before.get(version)!
      const finished = Math.abs(truth.people - earlier.truth.people)
      const left = Math.abs(sum(truth.left) - sum(earlier.truth.left))
      for (const [page, body] of Object.entries(shown.bodies)) {
        const isSame = body === earlier.shown.bodies[page]
        times[isSame ? 'same' : 'renewed']++
        const moved = page === 'breakdowns' ? finished : Math.max(finished, left)
        if (!isSame) expect(moved, `${page} of ${version} of ${seed}`).toBeGreaterThanOrEqual(minimum)
      }
    }
  }
  // It is easy to tell nothing where nothing is hidden, and nothing changes.
  expect(hiddenCounts).toBeGreaterThan(100 * deployments)
  expect(estimates).toBeGreaterThan(deployments)
  expect(times.same).toBeGreaterThan(deployments)
  expect(times.renewed).toBeGreaterThan(deployments)
}, 1_000_000)

test('how many left on a page cannot be worked out from how many finished', async () => {
  const here = await deployment(seeded(1), 5)
  const [part] = here.parts
  // Finished are the fewest, but for the three: if they were withheld to hide those, the overview would tell.
  await here.doings[0](current.version, part!, 5)
  const draft = { questionnaireVersion: current.version, arrangement: [] }
  const places = [...Array(10).fill(1), ...Array(12).fill(2), ...Array(3).fill(3)]
  await attemptsIn(here.database, () => ({})).bring(
    places.map((place, index) => ({
      id: `draft ${index}`,
      day: '2026-08-01',
      draft,
      pages: [{ name: 'page', place, answers: {}, seconds: 9 }]
    }))
  )
  const shown = await seen(here, current.version)
  expect(shown.left!.slice(0, 4)).toEqual(['fewer than 5', 'withheld', '12', 'fewer than 5'])
  expectNothingOfFew(await truthOf(here, current.version), shown, 5, 'drop-off')
})
