import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { buildApp } from '../src/app.ts'
import { projectDirectory, readConfig } from '../src/config.ts'
import { loadContent } from '../src/content/load.ts'
import { adminsIn } from '../src/database/admins.ts'
import { byServer } from '../src/database/audit.ts'
import { type Database, openDatabase } from '../src/database/client.ts'
import { migrate } from '../src/database/migrate.ts'
import { questionnairesIn } from '../src/database/questionnaires.ts'
import { sessionsIn } from '../src/database/sessions.ts'
import { connections } from '../src/database/sqlite.ts'
import { median } from '../src/simulation/measures.ts'
import { randomFrom } from '../src/simulation/random.ts'
import type { Counts } from '../src/tallies/counts.ts'
import { dayOf, daysBefore } from '../src/web/days.ts'
import { paths } from '../src/web/paths.ts'
import { hashOf, newToken } from '../src/web/tokens.ts'
import { addPeople, madeUp, tallied } from '../test/support/people.ts'

/**
 * `npm run bench -- admin`: whether pages take as long with a million results as with ten thousand, and
 * whether a download of them all needs more and more memory. It fails beyond these limits. `--rows` sets the million.
 */
const LIMIT_RATIO = 1.5
/** Megabytes that a download may add to what the process has at rest: garbage that is not collected yet. */
const LIMIT_ADDED = 200
/** The highest memory in the second half of a download, to that in the first: what is kept would show. */
const LIMIT_GROWTH = 1.25
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
const session = newToken()
const cookie = `bearings-admin=${session}`

const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-bench-'))
try {
  const pool = join(directory, 'pool.db')
  await makePool(pool)
  const [small, large] = [join(directory, 'small.db'), join(directory, 'large.db')]
  await fill(pool, small, FEW)
  await fill(pool, large, many)
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
  await addPeople(database, people(), questionnaire, { day: dayOf(Date.now()) })
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
async function fill(pool: string, file: string, rows: number): Promise<void> {
  const start = performance.now()
  copyFileSync(pool, file)
  const today = dayOf(Date.now())
  // Thrown away if anything fails, so nothing here needs to be safe.
  const unsafe =
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA locking_mode = EXCLUSIVE;'
  const connection = await connections(`file:${file}`, unsafe).connect()
  const copies = rows / POOL
  const perMonth = Array.from({ length: MONTHS }, (_, month) => Math.floor((copies + month) / MONTHS))
  const id = 'hex(randomblob(32))'
  const columns =
    '"questionnaireVersion", "scoringVersion", "arrangement", "answers", "seconds", "scores", "explanation", "finding", "path"'
  await connection.executeScript(`
    CREATE TEMP TABLE pool AS SELECT * FROM "Result"; DELETE FROM "Result"; DELETE FROM "Tally";`)
  for (const [month, times] of perMonth.entries()) {
    const day = daysBefore(today, 30 * month)
    await connection.executeScript(`
      WITH RECURSIVE copy(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < ${times})
      INSERT INTO "Result" ("id", "viewHash", "manageHash", "completedOn", ${columns})
      SELECT ${id}, ${id}, ${id}, '${day}', ${columns} FROM copy CROSS JOIN pool;`)
  }
  await connection.dispose()

  const database = await openDatabase(`file:${file}`)
  const once = tallied(people(), questionnaire)
  await database.write(async (transaction) => {
    for (const [month, times] of perMonth.entries()) {
      const atom = {
        questionnaireVersion: questionnaire.version,
        month: daysBefore(today, 30 * month).slice(0, 7),
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

/** Everything as NDJSON over HTTP, from a server in a process of its own. */
async function measureDownload(file: string): Promise<void> {
  const server = spawn(process.execPath, [join(projectDirectory, 'dist/server.js')], {
    env: { ...process.env, PORT: '0', DATABASE_URL: `file:${file}`, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  try {
    const origin = await readyAt(createInterface(server.stdout))
    const idle = megabytesOf(server.pid!)
    const samples: number[] = []
    const watch = setInterval(() => samples.push(megabytesOf(server.pid!)), 500)
    const start = performance.now()
    const { lines, bytes } = await download(`${origin}${paths.responsesNdjson(questionnaire.version)}`)
    clearInterval(watch)
    const seconds = (performance.now() - start) / 1000
    report('download, lines', lines.toLocaleString('en-GB'), lines === many)
    report('download, size and time', `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(0)} s`)
    const half = Math.ceil(samples.length / 2)
    const [first, second] = [Math.max(...samples.slice(0, half)), Math.max(...samples.slice(half))]
    const added = Math.max(first, second) - idle
    report('memory before it', `${idle.toFixed(0)} MB`)
    report('memory at most', `${(idle + added).toFixed(0)} MB`)
    report('memory added', `${added.toFixed(0)} MB (limit ${LIMIT_ADDED})`, added < LIMIT_ADDED)
    const growth = second / first
    report('second half to first', `${growth.toFixed(2)} (limit ${LIMIT_GROWTH})`, growth < LIMIT_GROWTH)
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

async function download(url: string): Promise<{ lines: number; bytes: number }> {
  const [response] = await once(get(url, { headers: { cookie } }), 'response')
  if (response.statusCode !== 200) throw new Error(`The download answered ${response.statusCode}`)
  let lines = 0
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 10) lines++
  }
  return { lines, bytes }
}

/** The resident memory of a process. */
function megabytesOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}

function report(what: string, found: string, holds?: boolean): void {
  if (holds === false) process.exitCode = 1
  const verdict = holds === undefined ? '' : holds ? 'ok' : 'TOO MUCH'
  console.log(`${what.padEnd(32)} ${found.padEnd(28)} ${verdict}`)
}
