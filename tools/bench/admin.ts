import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../../src/app.ts'
import { hashOf, newToken } from '../../src/attempt/tokens.ts'
import { projectDirectory, readConfig } from '../../src/config.ts'
import { loadContent } from '../../src/content/load.ts'
import { archetypes } from '../../src/content/schema.ts'
import { type Database, openDatabase } from '../../src/database/engine/client.ts'
import { migrate } from '../../src/database/engine/migrate.ts'
import { connections } from '../../src/database/engine/sqlite-connections.ts'
import { adminsIn } from '../../src/database/stores/admins.ts'
import { byServer } from '../../src/database/stores/audit.ts'
import { questionnairesIn } from '../../src/database/stores/questionnaires.ts'
import { sessionsIn } from '../../src/database/stores/sessions.ts'
import { dayOf } from '../../src/days.ts'
import { lineOf } from '../../src/features/admin/reports/response-lines.ts'
import type { Counts } from '../../src/statistics/counts.ts'
import { paths } from '../../src/web/paths.ts'
import { addPeople, madeUp, tallied } from '../../test/support/people.ts'
import { randomFrom } from '../simulation/random.ts'
import { alternate, type Rounds } from './rounds.ts'
import { asStarted, inPlace, megabytesOf, settingsFor } from './servers.ts'

const FEW = 10_000
const MANY = 1_000_000
const POOL = 200
const MONTHS = 12
const ROUNDS = 100

const content = loadContent(join(projectDirectory, 'content'))
const { current: questionnaire } = content
const pool = people()
const today = dayOf(Date.now())
const session = newToken()
const cookie = `bearings-admin=${session}`

let filled: Promise<{ few: string; many: string }> | undefined

/** Both databases, made when first asked for. They go with the process. */
function databases() {
  filled ??= (async () => {
    const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-bench-'))
    process.once('exit', () => rmSync(directory, { recursive: true }))
    const [pool, few, many] = ['pool.db', 'few.db', 'many.db'].map((name) => join(directory, name))
    await makePool(pool!)
    await fill(pool!, few!, FEW)
    await fill(pool!, many!, MANY)
    return { few: few!, many: many! }
  })()
  return filled
}

/** A database with a small number of made-up people, and an admin. */
async function makePool(file: string): Promise<void> {
  await migrate(`file:${file}`)
  const database = await openDatabase(`file:${file}`)
  await questionnairesIn(database).register([questionnaire])
  await adminsIn(database).add('ada', { hash: 'none' }, byServer(Date.now()))
  await addPeople(database, pool, questionnaire, { day: today })
  await database.close()
}

function people() {
  const random = randomFrom(20261123)
  const some = <Value>(values: readonly Value[]) => values[Math.floor(values.length * random())]!
  return Array.from({ length: POOL }, () => {
    const context = Object.fromEntries(questionnaire.context.map(({ id, options }) => [id, some(options).id]))
    return madeUp(questionnaire, random, { context, isExplained: true })
  })
}

/** Copies the pool, and its people with new ids, spread evenly over months, until there are this many. The admin is logged in. */
async function fill(poolFile: string, file: string, rows: number): Promise<void> {
  copyFileSync(poolFile, file)
  // Thrown away if anything fails, so nothing here needs to be safe.
  const unsafe =
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA locking_mode = EXCLUSIVE;'
  const connection = await connections(`file:${file}`, unsafe).connect()
  const id = 'hex(randomblob(32))'
  const columns =
    '"questionnaireVersion", "scoringVersion", "arrangement", "answers", "seconds", "explanation", "finding", "path"'
  await connection.executeScript(`
    CREATE TEMP TABLE pool AS SELECT *, row_number() OVER (ORDER BY rowid) - 1 AS place FROM "Result";
    DELETE FROM "Result"; DELETE FROM "Tally";`)
  let before = 0
  for (const { day, times } of monthsOf(rows)) {
    // Two of the shares make up a number, by which each row is known in the download.
    const number = `(${POOL} * copy.number + pool.place)`
    const scores = `json_set(scores, '$.profile.share[0]', ${number} % 10000 / 10000.0, '$.profile.share[1]', ${number} / 10000 / 10000.0)`
    await connection.executeScript(`
      WITH RECURSIVE copy(number) AS
        (SELECT ${before} UNION ALL SELECT number + 1 FROM copy WHERE number + 1 < ${before + times})
      INSERT INTO "Result" ("id", "viewHash", "manageHash", "completedOn", "scores", ${columns})
      SELECT ${id}, ${id}, ${id}, '${day}', ${scores}, ${columns} FROM copy CROSS JOIN pool;`)
    before += times
  }
  await connection.dispose()

  const database = await openDatabase(`file:${file}`)
  const once = tallied(pool, questionnaire)
  await database.write(async (transaction) => {
    for (const { day, times } of monthsOf(rows)) {
      const atom = {
        questionnaireVersion: questionnaire.version,
        month: day.slice(0, 7),
        groupId: ''
      }
      const add = (kind: string, counts: Counts, people: number) =>
        transaction.tally.create({ data: { ...atom, kind, counts: JSON.stringify(counts), people } })
      await add('results', scaled(once, times), POOL * times)
      await add('drafts', { reached: { 1: 40 * times, 3: 20 * times, 9: 10 * times } }, 70 * times)
    }
  })
  // Only now: a download wants a session in which the password was asked for in the last minutes.
  const by = { ...byServer(Date.now()), actor: 'ada' }
  await sessionsIn(database).start(hashOf(session), 'ada', by, { awaitsCode: false })
  await database.close()
}

/** A day in each month, and how many copies of the pool have it. */
function monthsOf(rows: number): { day: string; times: number }[] {
  const [year = 0, month = 0] = today.split('-').map(Number)
  return Array.from({ length: MONTHS }, (_, before) => ({
    day: dayOf(Date.UTC(year, month - 1 - before)),
    times: Math.floor((rows / POOL + before) / MONTHS)
  }))
}

function scaled(counts: Counts, factor: number): Counts {
  return Object.fromEntries(
    Object.entries(counts).map(([name, value]) => [
      name,
      typeof value === 'number' ? factor * value : scaled(value, factor)
    ])
  )
}

/** Milliseconds that pages take with a million results, and with ten thousand. */
export const overview = () => pageTimes(paths.admin)
export const statements = () => pageTimes(paths.statements)

async function pageTimes(url: string): Promise<Rounds> {
  const { few, many } = await databases()
  const sites = { theirs: await site(few), ours: await site(many) }
  const timeOf = async ({ app }: (typeof sites)['ours']) => {
    const start = performance.now()
    const { statusCode } = await app.inject({ url, headers: { cookie } })
    if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`)
    return performance.now() - start
  }
  const times = await alternate(ROUNDS, {
    theirs: () => timeOf(sites.theirs),
    ours: () => timeOf(sites.ours)
  })
  for (const { app, database } of Object.values(sites)) {
    await app.close()
    await database.close()
  }
  return times
}

async function site(file: string) {
  const database: Database = await openDatabase(`file:${file}`)
  const app = await buildApp(readConfig({ LOG_LEVEL: 'silent', RATE_LIMIT: '1000000' }), database, content)
  await app.ready()
  return { app, database }
}

/**
 * Megabytes that the server ever has, once everything is downloaded as NDJSON over HTTP. Fails if that is not a million
 * right lines.
 */
export async function downloadMemory(): Promise<Rounds> {
  const { many } = await databases()
  return inPlace(async ({ start }) => {
    const { child, port } = await start(asStarted, settingsFor(many))
    const { lines, wrong } = await download(
      `http://127.0.0.1:${port}${paths.responsesNdjson(questionnaire.version)}`
    )
    if (lines !== MANY || wrong > 0) throw new Error(`${lines} lines were downloaded, ${wrong} of them wrong`)
    return { ours: [megabytesOf(child, 'VmHWM')], theirs: [] }
  })
}

async function download(url: string): Promise<{ lines: number; wrong: number }> {
  const [response] = await once(get(url, { headers: { cookie } }), 'response')
  if (response.statusCode !== 200) throw new Error(`The download answered ${response.statusCode}`)
  const isRight = checkOfLines()
  let [lines, wrong, rest] = [0, 0, '']
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    const complete = (rest + chunk).split('\n')
    rest = complete.pop()!
    lines += complete.length
    for (const line of complete) if (!isRight(line)) wrong++
  }
  if (rest !== '') throw new Error('The download ends within a line')
  return { lines, wrong }
}

/**
 * Tells whether a line is what it should be for the row with its number, and the first of this row.
 * test/features/admin/reports/responses.test.ts says what should be in a line.
 */
function checkOfLines(): (line: string) => boolean {
  const number = new RegExp(`"share":{"${archetypes[0]}":([\\d.]+),"${archetypes[1]}":([\\d.]+)`)
  const unnumbered = (line: string) => line.replace(number, '"share":{')
  const months = monthsOf(MANY).map(({ day, times }) => ({ month: day.slice(0, 7), times }))
  const monthOfCopy = months.flatMap(({ month, times }) => Array<string>(times).fill(month))
  const expected = new Map(
    months.map(({ month }) => [
      month,
      pool.map((one) => unnumbered(JSON.stringify(lineOf({ ...one, month }, questionnaire))))
    ])
  )
  const seen = new Set<number>()

  return (line) => {
    const [, low, high] = number.exec(line) ?? []
    const row = Math.round(Number(low) * 10_000) + 10_000 * Math.round(Number(high) * 10_000)
    if (!(row < MANY) || seen.has(row)) return false
    seen.add(row)
    return unnumbered(line) === expected.get(monthOfCopy[Math.floor(row / POOL)]!)?.[row % POOL]
  }
}
