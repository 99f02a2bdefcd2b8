import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { buildApp } from '../src/app.ts'
import { projectDirectory, readConfig } from '../src/config.ts'
import { loadContent } from '../src/content/load.ts'
import { archetypes } from '../src/content/schema.ts'
import { adminsIn } from '../src/database/admins.ts'
import { byServer } from '../src/database/audit.ts'
import { type Database, openDatabase } from '../src/database/client.ts'
import { migrate } from '../src/database/migrate.ts'
import { questionnairesIn } from '../src/database/questionnaires.ts'
import { sessionsIn } from '../src/database/sessions.ts'
import { connections } from '../src/database/sqlite-connections.ts'
import { lineOf } from '../src/features/admin/response-lines.ts'
import { median } from '../src/simulation/measures.ts'
import { randomFrom } from '../src/simulation/random.ts'
import type { Counts } from '../src/tallies/counts.ts'
import { dayOf, daysBefore } from '../src/web/days.ts'
import { paths } from '../src/web/paths.ts'
import { hashOf, newToken } from '../src/web/tokens.ts'
import { addPeople, madeUp, tallied } from '../test/support/people.ts'

/**
 * `npm run bench -- admin`: whether pages take as long with a million results as with ten thousand, and
 * whether a download of them all is right and the server stays small meanwhile. It fails beyond these limits. `--rows`
 * sets the million. It needs Linux, which says how much memory a process had at most.
 */
const LIMIT_RATIO = 1.5
/** Megabytes (of 1024² bytes) that the server may ever have had once everything is downloaded. */
const LIMIT_MEMORY = 200
const FEW = 10_000
const POOL = 200
const MONTHS = 12
const ROUNDS = 200

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { rows: { type: 'string', default: '1000000' } }
})
const many = Number(values.rows)
if (!Number.isInteger(many / FEW) || many <= 0) throw new Error(`--rows must be a multiple of ${FEW}`)

const content = loadContent(join(projectDirectory, 'content'))
const { current: questionnaire } = content
const pool = people()
const today = dayOf(Date.now())
const session = newToken()
const cookie = `bearings-admin=${session}`

const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-bench-'))
try {
  const poolFile = join(directory, 'pool.db')
  await makePool(poolFile)
  const [small, large] = [join(directory, 'small.db'), join(directory, 'large.db')]
  await fill(poolFile, small, FEW)
  await fill(poolFile, large, many)
  await measurePages(small, large)
  await measureDownload(large)
} finally {
  rmSync(directory, { recursive: true })
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
  const start = performance.now()
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
  const seconds = (performance.now() - start) / 1000
  console.log(`${rows.toLocaleString('en-GB')} results made in ${seconds.toFixed(0)} s`)
}

/** A day in each month, and how many copies of the pool have it. */
function monthsOf(rows: number): { day: string; times: number }[] {
  return Array.from({ length: MONTHS }, (_, month) => ({
    day: daysBefore(today, 30 * month),
    times: Math.floor((rows / POOL + month) / MONTHS)
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

/** Pages of both databases in turn, so that whatever else the machine does slows both down. */
async function measurePages(small: string, large: string): Promise<void> {
  const sites = await Promise.all([small, large].map(site))
  for (const [name, url] of Object.entries({ overview: paths.admin, statements: paths.statements })) {
    const times: [number[], number[]] = [[], []]
    // The first rounds warm up, and renew what is published.
    for (let round = -10; round < ROUNDS; round++) {
      for (const which of [0, 1] as const) {
        const start = performance.now()
        const { statusCode } = await sites[which]!.app.inject({ url, headers: { cookie } })
        if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`)
        if (round >= 0) times[which].push(performance.now() - start)
      }
    }
    const [few, all] = times.map(median) as [number, number]
    report(`${name}, ${FEW.toLocaleString('en-GB')} results`, `median ${few.toFixed(1)} ms`)
    report(`${name}, ${many.toLocaleString('en-GB')} results`, `median ${all.toFixed(1)} ms`)
    report(`${name}, ratio`, `${(all / few).toFixed(2)} (limit ${LIMIT_RATIO})`, all / few <= LIMIT_RATIO)
  }
  for (const { app, database } of sites) {
    await app.close()
    await database.close()
  }
}

async function site(file: string) {
  const database: Database = await openDatabase(`file:${file}`)
  const app = await buildApp(readConfig({ LOG_LEVEL: 'silent', RATE_LIMIT: '1000000' }), database, content)
  await app.ready()
  return { app, database }
}

/** Everything as NDJSON over HTTP, from a server in a process of its own, started as `npm start` does. */
async function measureDownload(file: string): Promise<void> {
  const { scripts } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'))
  const [, ...command] = scripts.start.split(' ')
  const server = spawn(process.execPath, command, {
    cwd: projectDirectory,
    env: { ...process.env, PORT: '0', DATABASE_URL: `file:${file}`, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  try {
    const origin = await readyAt(createInterface(server.stdout))
    report('memory before the download', `${megabytesOf(server.pid!, 'VmRSS').toFixed(0)} MB`)
    const start = performance.now()
    const { lines, wrong, bytes } = await download(`${origin}${paths.responsesNdjson(questionnaire.version)}`)
    const seconds = (performance.now() - start) / 1000
    report('download, size and time', `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(0)} s`)
    report('download, rows', lines.toLocaleString('en-GB'), lines === many)
    report('wrong, or there before', wrong.toLocaleString('en-GB'), wrong === 0)
    const most = megabytesOf(server.pid!, 'VmHWM')
    report('memory at most', `${most.toFixed(0)} MB (limit ${LIMIT_MEMORY})`, most < LIMIT_MEMORY)
  } finally {
    server.kill()
    if (server.exitCode === null) await once(server, 'exit')
  }
}

async function readyAt(output: AsyncIterable<string>): Promise<string> {
  for await (const line of output) {
    const origin = /ready at (\S+)/.exec(line)?.[1]
    if (origin) return origin
  }
  throw new Error('The server did not start: npm run build makes it')
}

async function download(url: string): Promise<{ lines: number; wrong: number; bytes: number }> {
  const [response] = await once(get(url, { headers: { cookie } }), 'response')
  if (response.statusCode !== 200) throw new Error(`The download answered ${response.statusCode}`)
  const isRight = checkOfLines()
  let [lines, wrong, bytes, rest] = [0, 0, 0, '']
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    bytes += Buffer.byteLength(chunk)
    const complete = (rest + chunk).split('\n')
    rest = complete.pop()!
    lines += complete.length
    for (const line of complete) if (!isRight(line)) wrong++
  }
  if (rest !== '') throw new Error('The download ends within a line')
  return { lines, wrong, bytes }
}

/**
 * Tells whether a line is what it should be for the row with its number, and the first of this row.
 * test/features/admin-responses.test.ts says what should be in a line.
 */
function checkOfLines(): (line: string) => boolean {
  const number = new RegExp(`"share":{"${archetypes[0]}":([\\d.]+),"${archetypes[1]}":([\\d.]+)`)
  const unnumbered = (line: string) => line.replace(number, '"share":{')
  const months = monthsOf(many).map(({ day, times }) => ({ month: day.slice(0, 7), times }))
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
    if (!(row < many) || seen.has(row)) return false
    seen.add(row)
    return unnumbered(line) === expected.get(monthOfCopy[Math.floor(row / POOL)]!)?.[row % POOL]
  }
}

/** What Linux says about the resident memory of a process: now (VmRSS), or at most since it started (VmHWM). */
function megabytesOf(pid: number, which: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kilobytes) / 1024
}

function report(what: string, found: string, holds?: boolean): void {
  if (holds === false) process.exitCode = 1
  const verdict = holds === undefined ? '' : holds ? 'ok' : 'TOO MUCH'
  console.log(`${what.padEnd(32)} ${found.padEnd(28)} ${verdict}`)
}
