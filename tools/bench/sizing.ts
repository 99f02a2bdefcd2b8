import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import pg from 'pg'
import { bringUpToDate, postgres as postgresFiles } from '../../scripts/stages.js'
import { hashOf, newToken } from '../../src/attempt/tokens.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { attemptsIn } from '../../src/database/stores/attempts.ts'
import { dayOf } from '../../src/days.ts'
import { draftDays, resultMonths } from '../../src/features/operations/retention.ts'
import { paths } from '../../src/web/paths.ts'
import { startPostgres } from '../postgres.ts'
import { randomFrom } from '../simulation/random.ts'
import { asStarted, begin, portOf, settingsFor } from './servers.ts'

/**
 * `npm run bench -- sizing`: what somebody who takes the quiz costs the built server and its database, on SQLite with
 * one process and on PostgreSQL with three, in processor time and in bytes; and, from that, what a million a day
 * need. It reads /proc, so it needs Linux. Everybody who asks is on this machine too, and none of their time is counted.
 */
const WARM_UP = 150
const TAKERS = 300
/** People who leave after half the pages. */
const DRAFTS = 200
/** How often the home page is asked for. */
const READINGS = 8000
const AT_ONCE = 8
const PROCESSES = 3
/** How many save pages at once, and for how long, to find how many can be saved at all. */
const SAVERS = 100
const SAVING = 3000

// What is assumed of a million a day, beside what is measured.
const A_DAY = 1_000_000
/** The busiest hour, in average hours. */
const PEAK = 4
/** How busy a core may be then. */
const BUSY = 0.6
/** Pages that are the same for everybody, and that a taker reads. */
const SHARED_PAGES = 5
/** For each who finishes, so many leave half-way. */
const LEFT = 1
const CONNECTIONS = 10

type Site = { origins: string[]; apps: ChildProcess[] }
type Cost = {
  pages: number
  requests: number
  app: number
  database: number
  shared: number
  result: number
  draft: number
  log: number
  saves: number
}

const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-bench-'))
const children: ChildProcess[] = []
try {
  const onSqlite = await sqlite()
  const onPostgres = await postgresql()
  print(onSqlite, onPostgres)
  project(onPostgres)
} finally {
  for (const child of children) child.kill()
  rmSync(directory, { recursive: true })
}

async function sqlite(): Promise<Cost> {
  const file = join(directory, 'sizing.db')
  const site = await siteOn(`file:${file}`, 1)
  const cost = await measured(site, () => 0)
  await stopped(site)
  const db = new BetterSqlite3(file, { readonly: true })
  const bytesOf = (...tables: string[]) =>
    tables.reduce((sum, table) => {
      const { bytes } = db
        .prepare<[string], { bytes: number }>(
          'SELECT sum(pgsize) AS bytes FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?)'
        )
        .get(table)!
      return sum + bytes
    }, 0)
  const bytes = { result: bytesOf('Result'), draft: bytesOf('Attempt', 'SavedPage') }
  db.close()
  return perPerson({ ...cost, ...bytes, log: 0, saves: await savesInASecond(`file:${file}`, 1) })
}

async function postgresql(): Promise<Cost> {
  await bringUpToDate([postgresFiles])
  const postgres = await startPostgres()
  try {
    await postgres.query('CREATE DATABASE sizing')
    const url = postgres.urlOf('sizing')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const number = async (sql: string) =>
      Number((await client.query(`SELECT ${sql} AS number`)).rows[0].number)
    const postmaster = parentOf(await number('pg_backend_pid()'))
    const site = await siteOn(url, PROCESSES)
    const written = () => number(`pg_current_wal_lsn() - '0/0'`)
    const before = await written()
    let log = 0
    const onTaken = async () => {
      log = (await written()) - before
    }
    const cost = await measured(site, () => processorOfFamily(postmaster), onTaken)
    await stopped(site)
    await client.query('VACUUM FULL')
    const bytesOf = (table: string) => number(`pg_total_relation_size('"${table}"')`)
    const bytes = {
      result: await bytesOf('Result'),
      draft: (await bytesOf('Attempt')) + (await bytesOf('SavedPage'))
    }
    await client.end()
    return perPerson({ ...cost, ...bytes, log, saves: await savesInASecond(url, PROCESSES) })
  } finally {
    await postgres.stop()
  }
}

/** Sums over all those who took the quiz, become a share of each. */
function perPerson(all: Cost): Cost {
  return {
    ...all,
    pages: all.pages / TAKERS,
    requests: all.requests / TAKERS,
    app: all.app / TAKERS,
    database: all.database / TAKERS,
    log: all.log / (WARM_UP + TAKERS),
    result: all.result / (WARM_UP + TAKERS),
    draft: all.draft / DRAFTS
  }
}

async function measured(
  { origins, apps }: Site,
  processorOfDatabase: () => number,
  onTaken: () => Promise<void> = async () => {}
): Promise<Pick<Cost, 'pages' | 'requests' | 'app' | 'database' | 'shared'>> {
  const processor = () => apps.reduce((sum, { pid }) => sum + processorOf(pid!), 0)
  await many(WARM_UP, (seed) => take(origins, seed))
  const [app, database] = [processor(), processorOfDatabase()]
  const taken = await many(TAKERS, (seed) => take(origins, WARM_UP + seed))
  const cost = {
    pages: taken.reduce((sum, { pages }) => sum + pages, 0),
    requests: taken.reduce((sum, { requests }) => sum + requests, 0),
    app: processor() - app,
    database: processorOfDatabase() - database
  }
  await onTaken()

  const before = processor()
  await many(READINGS, async () => (await fetch(origins[0] + paths.home)).arrayBuffer())
  const shared = (processor() - before) / READINGS

  await many(DRAFTS, (seed) => take(origins, seed, 9))
  return { ...cost, shared }
}

/** How many pages are saved in a second by so many at once that commits are full, through one queue or several. */
async function savesInASecond(url: string, queues: number): Promise<number> {
  const databases = await Promise.all(Array.from({ length: queues }, () => openDatabase(url)))
  const [questionnaire] = await databases[0]!.read.questionnaire.findMany({ take: 1 })
  const day = dayOf(Date.now())
  const end = performance.now() + SAVING
  let saved = 0
  await Promise.all(
    Array.from({ length: SAVERS }, async (_, saver) => {
      const attempts = attemptsIn(databases[saver % queues]!, () => ({}))
      while (performance.now() < end) {
        const id = hashOf(newToken())
        await attempts.start({ id, questionnaireVersion: questionnaire!.version, arrangement: [] }, day)
        for (let place = 1; place <= 18 && performance.now() < end; place++) {
          const answers = { blocks: { [`${place}`]: { most: 'one', least: 'another' } } }
          await attempts.save(id, { name: `set-${place}`, place, answers, seconds: 20 }, day)
          saved += 1
        }
      }
    })
  )
  await Promise.all(databases.map((database) => database.close()))
  return saved / (SAVING / 1000)
}

/** Takes the quiz at any of these origins, by chance; leaves after so many pages, if told to. */
async function take(origins: string[], seed: number, leave = Number.POSITIVE_INFINITY) {
  const random = randomFrom(seed)
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value
  let cookie = ''
  let requests = 0
  async function ask(path: string, body?: Record<string, string>) {
    const origin = pick(origins)
    const post = body && { method: 'POST', body: new URLSearchParams(body) }
    const answer = await fetch(origin + path, { redirect: 'manual', headers: { origin, cookie }, ...post })
    requests += 1
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    const text = await answer.text()
    if (answer.status !== (body ? 303 : 200)) throw new Error(`${path}: ${answer.status} ${text}`)
    return { text, location: answer.headers.get('location') ?? '' }
  }

  let next = (await ask(paths.quiz, {})).location
  let pages = 0
  for (; next.startsWith(paths.quiz) && pages < leave; pages++) {
    const { text } = await ask(next)
    const [, action] = /<form method="post" action="([^"]+)"/.exec(text) as unknown as [string, string]
    next = (await ask(action, filled(text, pick))).location
  }
  if (pages < leave) await ask(next)
  return { pages, requests }
}

/** The form on a page as somebody sends it who answers everything by chance. */
function filled(html: string, pick: <Value>(values: readonly Value[]) => Value): Record<string, string> {
  const inputs = [...html.matchAll(/<input [^>]+>/g)].map(([tag]) =>
    Object.fromEntries([...tag.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  )
  const fields: Record<string, string> = {}
  const options = new Map<string, string[]>()
  for (const { type, name = '', value = '' } of inputs) {
    if (type === 'hidden') fields[name] = value
    if (type === 'radio') options.set(name, [...(options.get(name) ?? []), value])
  }
  for (const [name, values] of options) fields[name] = pick(values)
  const { most } = fields
  if (most) fields.least = pick(options.get('least')!.filter((value) => value !== most))
  return fields
}

async function many<Result>(count: number, work: (number: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async () => {
    while (next < count) results.push(await work(next++))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}

async function siteOn(url: string, processes: number): Promise<Site> {
  const apps: ChildProcess[] = []
  const origins: string[] = []
  for (let number = 0; number < processes; number++) {
    const child = begin(asStarted, { ...settingsFor(''), DATABASE_URL: url })
    children.push(child)
    apps.push(child)
    origins.push(`http://127.0.0.1:${await portOf(child)}`)
  }
  return { apps, origins }
}

async function stopped({ apps }: Site): Promise<void> {
  for (const app of apps) {
    app.kill()
    await once(app, 'exit')
  }
}

/** Milliseconds of processor time that a process, and those of its children that have ended, have used. */
function processorOf(pid: number): number {
  const fields = statOf(pid)
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) * 10
}

/** The same of a process and all its children. */
function processorOfFamily(pid: number): number {
  const family = readdirSync('/proc').filter(
    (name) => Number(name) === pid || (/^\d+$/.test(name) && parentOf(Number(name)) === pid)
  )
  return family.reduce((sum, name) => sum + processorOf(Number(name)), 0)
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1])
}

/** What Linux says of a process, from its state on; zeros if it has ended. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  } catch {
    return Array.from({ length: 15 }, () => '0')
  }
}

function print(onSqlite: Cost, onPostgres: Cost) {
  const line = (what: string, of: (cost: Cost) => number, digits = 0) =>
    console.log(
      what.padEnd(58),
      ...[onSqlite, onPostgres].map((cost) => (of(cost) ? of(cost).toFixed(digits) : '-').padStart(11))
    )
  console.log(''.padEnd(58), '     SQLite', ` PostgreSQL`)
  line('processes of the service', (cost) => (cost === onSqlite ? 1 : PROCESSES))
  line('one taker: pages sent', ({ pages }) => pages, 1)
  line('one taker: requests', ({ requests }) => requests, 1)
  line('one taker: processor, service (ms)', ({ app }) => app, 1)
  line('one taker: processor, PostgreSQL (ms)', ({ database }) => database, 1)
  line(
    'of that, for each request, both (ms)',
    ({ app, database, requests }) => (app + database) / requests,
    2
  )
  line('one page that is the same for everybody: processor (ms)', ({ shared }) => shared, 3)
  line('one result: bytes, with indexes', ({ result }) => result)
  line('one draft of nine pages: bytes, with indexes', ({ draft }) => draft)
  line('one taker: bytes of write-ahead log', ({ log }) => log)
  line(
    `takers a day, one core at most ${100 * BUSY} % busy with the service`,
    (cost) => (1000 * BUSY * 86_400) / PEAK / serviceTime(cost)
  )
  line(`pages saved a second at most, ${SAVERS} at once`, ({ saves }) => saves)
}

/** Milliseconds of the service for somebody who takes the quiz and reads. */
function serviceTime({ app, shared }: Cost): number {
  return app + SHARED_PAGES * shared
}

/** What a million a day need, on cores like these. */
function project(cost: Cost) {
  const { pages, database, result, draft, log, saves } = cost
  const peak = (A_DAY / 86_400) * PEAK
  const cores = (milliseconds: number) => (peak * milliseconds) / 1000 / BUSY
  const service = cores(serviceTime(cost))
  const processes = Math.ceil(service)
  const kept = A_DAY * LEFT * draftDays
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(0)} GB`
  const lines = {
    'in the busiest hour, takers a second': peak.toFixed(0),
    'pages saved a second': (peak * pages).toFixed(0),
    'cores of the service, and processes': `${service.toFixed(1)}, ${processes}`,
    'cores of PostgreSQL': cores(database).toFixed(1),
    connections: processes * CONNECTIONS,
    'results a year, and bytes': `${A_DAY * 365}, ${gigabytes(A_DAY * 365 * result)}`,
    [`results kept, ${resultMonths} months`]: gigabytes(A_DAY * 30.44 * resultMonths * result),
    [`drafts kept, ${draftDays} days`]: `${kept}, ${gigabytes(kept * draft)}`,
    'write-ahead log a day': gigabytes(A_DAY * log),
    'of the pages that can be saved at most': `${((100 * peak * pages) / saves).toFixed(0)} %`
  }
  console.log(
    `\nA million a day on PostgreSQL; the busiest hour has ${PEAK} times the average, cores are at most ${100 * BUSY} % busy,`
  )
  console.log(
    `everybody reads ${SHARED_PAGES} shared pages, and for each who finishes, ${LEFT} leaves half-way:`
  )
  for (const [what, value] of Object.entries(lines)) console.log(`  ${what.padEnd(56)} ${value}`)
}
