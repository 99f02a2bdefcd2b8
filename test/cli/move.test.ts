import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { projectDirectory } from '../../src/config.ts'
import { archetypes } from '../../src/content/schema.ts'
import { type Database, engineOf, openDatabase } from '../../src/database/engine/client.ts'
import { auditIn } from '../../src/database/stores/audit.ts'
import { resultsIn } from '../../src/database/stores/results.ts'
import { tallyOf } from '../../src/statistics/tally.ts'
import { randomFrom } from '../../tools/simulation/random.ts'
import { witness } from '../reliability/witness.ts'
import { addAdmin, addTotp, giveSession } from '../support/admin.ts'
import { content, type visitor } from '../support/app.ts'
import { emptyDatabase, onSqlite } from '../support/database.ts'
import { addPeople, madeUp } from '../support/people.ts'
import { built, dataDirectory, runBuilt, startServer } from '../support/server.ts'

/** `MOVE_RESULTS=100000 npm run test:postgres -- test/cli/move.test.ts` moves as many. */
const many = Number(process.env.MOVE_RESULTS ?? 700)
/** So many are made up one by one. */
const pooled = 50
const questionnaire = content.current
const counted = (result: Parameters<typeof tallyOf>[0]) => tallyOf(result, questionnaire, archetypes)

vi.setConfig({ testTimeout: 120_000 + 10 * many })

/** The URL of a SQLite database in which every table has something, and somebody's result in it. */
async function deployment(results: number) {
  const file = join(dataDirectory(), 'bearings.db')
  const url = `file:${file}`
  const server = await startServer(url)
  const one = witness(1)
  while (one.result === null) await one.step(server)
  const half = witness(2)
  for (let step = 0; step < 5; step++) await half.step(server)
  await server.terminate()

  const database = await openDatabase(url)
  await addAdmin(database)
  await addTotp(database)
  await giveSession(database, { cookies: new Map() } as ReturnType<typeof visitor>)
  const random = randomFrom(7)
  const pool = Array.from({ length: pooled }, () => madeUp(questionnaire, random, { isExplained: true }))
  await addPeople(database, pool, questionnaire)
  const owned = pool[0]!.manageHash
  await resultsIn(database, counted).addNote(owned, 'it’s “so”: \\ " 𝔘 \n\t', '2026-11-11', 3)
  await resultsIn(database, counted).delete(pool[1]!.manageHash, '2026-11-12')
  await database.write(async (transaction) => {
    const atom = { questionnaireVersion: questionnaire.version, month: '2026-10', groupId: '' }
    await transaction.abandoned.create({ data: { ...atom, reached: 3, count: 2 } })
    await transaction.tally.create({
      data: { ...atom, kind: 'drafts', counts: '{"reached":{"3":2}}', people: 2 }
    })
    await transaction.snapshot.create({
      data: { ...atom, kind: 'drafts', counts: '{}', takenOn: '2026-11-01', people: 0 }
    })
    const group = { name: 'Guild', tokenHash: 'hash', openedOn: '2026-11-01', closesOn: '2026-11-30' }
    await transaction.group.create({ data: { id: 'guild', ...group } })
    const lastAt = new Date('2026-11-28T12:00:00.007Z')
    await transaction.loginFailures.create({ data: { id: 'network', count: 2, lastAt, refused: true } })
    const made = { estimatedOn: '2026-11-01', people: 300, available: 300, estimate: '{}' }
    await transaction.calibration.create({ data: { questionnaireVersion: questionnaire.version, ...made } })
  })
  await database.close()
  multiply(file, results - pooled)
  return { url, file, witnesses: [one, half] }
}

/** Adds copies of the results there are, and counts them. */
function multiply(file: string, copies: number) {
  if (copies <= 0) return
  const database = new BetterSqlite3(file)
  const names = database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all('Result') as string[]
  const fresh = new Set(['id', 'viewHash', 'manageHash'])
  const values = names.map((name) => (fresh.has(name) ? 'hex(randomblob(32))' : `"${name}"`))
  database.exec(`
    PRAGMA synchronous = OFF;
    CREATE TEMP TABLE pool AS SELECT * FROM "Result" LIMIT ${pooled};
    WITH RECURSIVE copy(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < ${copies} / ${pooled})
    INSERT INTO "Result" (${names.map((name) => `"${name}"`)}) SELECT ${values} FROM copy CROSS JOIN pool`)
  database.close()
}

/** Every row of every table as text, so that it says the same of both kinds of database. */
async function everything(url: string): Promise<string[]> {
  const database = await openDatabase(url)
  try {
    const { read } = database
    const tables = [
      read.questionnaire,
      read.attempt,
      read.savedPage,
      read.note,
      read.deletion,
      read.group,
      read.tally,
      read.snapshot,
      read.calibration,
      read.abandoned,
      read.admin,
      read.recoveryCode,
      read.session,
      read.loginFailures,
      read.secret,
      read.auditEntry
    ] as unknown as { findMany(): Promise<object[]> }[]
    const rows: string[] = []
    for (const [number, table] of tables.entries()) {
      const found = await table.findMany()
      expect(found.length, `rows in table ${number}`).toBeGreaterThan(0)
      rows.push(...found.map((row) => `${number} ${JSON.stringify(row)}`))
    }
    return [...rows.sort(), ...(await linksIn(database)).sort()]
  } finally {
    await database.close()
  }
}

async function linksIn(database: Database): Promise<string[]> {
  const rows = await database.rows<Record<string, string>>(
    'SELECT "id", "viewHash", "manageHash", "finding", length("scores") AS "scores" FROM "Result"'
  )
  return rows.map(({ id, viewHash, manageHash, finding, scores }) =>
    [id, viewHash, manageHash, finding, scores].join(' ')
  )
}

function move(url: string, to: string) {
  return runBuilt('cli/move.js', { DATABASE_URL: url }, ['--to', to])
}

/** A way to a PostgreSQL that counts what goes there. */
async function doorTo(url: string, onBytes: (bytes: number) => void): Promise<string> {
  const { hostname, port } = new URL(url)
  let bytes = 0
  const server = createServer((inner) => {
    const outer = connect(Number(port), hostname)
    inner.on('data', (chunk) => {
      bytes += chunk.length
      onBytes(bytes)
    })
    inner.pipe(outer).pipe(inner)
    for (const [one, other] of [
      [inner, outer],
      [outer, inner]
    ] as const) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const door = new URL(url)
  door.port = String((server.address() as AddressInfo).port)
  return door.href
}

test.runIf(!onSqlite)(
  `a deployment of ${many} results moves, also when the move is killed half-way and run again`,
  async () => {
    const { url, file, witnesses } = await deployment(many)
    const to = await emptyDatabase()

    await built()
    let child: ChildProcess | undefined
    const size = statSync(file).size
    const door = await doorTo(to, (bytes) => {
      if (bytes > size / 4) child?.kill('SIGKILL')
    })
    const { PATH, HOME } = process.env
    child = spawn(process.execPath, ['dist/cli/move.js', '--to', door], {
      cwd: projectDirectory,
      env: { PATH, HOME, DATABASE_URL: url },
      stdio: 'ignore'
    })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    const half = await openDatabase(to)
    expect(await half.read.result.count()).toBe(0)
    expect(await half.read.questionnaire.count()).toBe(0)
    await half.close()

    const started = performance.now()
    const { code, output } = await move(url, to)
    console.log(`${many} results moved in ${((performance.now() - started) / 1000).toFixed(1)} s`)
    expect(output).toContain('every row was read again and is equal')
    expect(output).toContain('The audit log is intact')
    expect(code).toBe(0)
    expect(output).not.toContain('bearings:bearings')
    expect(await everything(to)).toEqual(await everything(url))

    const again = await move(url, to)
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('already; every row is equal') })

    const database = await openDatabase(to)
    expect(await auditIn(database).verify()).toMatchObject({ broken: null })
    await database.close()

    const server = await startServer(to)
    for (const one of witnesses) await one.check(server)
    await witnesses[1]!.step(server)
  }
)

test.runIf(!onSqlite)('what cannot be moved is told in a line, and no password with it', async () => {
  const file = join(dataDirectory(), 'bearings.db')
  const url = `file:${file}`
  const to = await emptyDatabase()
  const told = async (work: ReturnType<typeof move>, words: string | RegExp) => {
    const { code, output } = await work
    expect(output.trimEnd().split('\n')).toEqual([expect.stringMatching(words)])
    expect(output).not.toMatch(/secret|bearings:bearings/)
    expect(code).toBe(1)
  }
  await told(runBuilt('cli/move.js', { DATABASE_URL: url }), '--to says where to')
  await told(move(url, url), '--to must be a PostgreSQL')
  await told(move(url, to), 'There is no database at')
  await told(move(to, to), 'only SQLite is moved')

  new BetterSqlite3(file).close()
  await told(move(url, to), 'is not up to date: run npm run migrate')
  await runBuilt('cli/migrate.js', { DATABASE_URL: url })
  await told(move(url, 'postgres://ada:secret@127.0.0.1:9/bearings'), 'cannot be used: .*ECONNREFUSED')
  await told(move(url, `${to}-missing`), 'cannot be used: .*does not exist')

  const service = await startServer(url)
  await told(move(url, to), 'is in use: stop the service first')
  await service.terminate()

  const strange = await emptyDatabase()
  const connection = await (await engineOf(strange)).connections(strange).connect()
  await connection.executeScript('CREATE TABLE "Letter" ("id" TEXT)')
  await connection.dispose()
  await told(move(url, strange), /holds tables of something else \(Letter\)/)

  const busy = await startServer(to)
  await told(move(url, to), 'PostgreSQL at .* is in use: stop the service first')
  const other = witness(3)
  await other.step(busy)
  await busy.terminate()
  await told(move(url, to), /holds data already \(Tally, Attempt\)/)
  const again = await startServer(to)
  await other.check(again)
})
