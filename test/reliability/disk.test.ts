import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fileOf } from '../../src/database/engine/sqlite-connections.ts'
import { newDatabase, onSqlite } from '../support/database.ts'
import { canStandIn, disk } from '../support/disk.ts'
import { numbers } from '../support/numbers.ts'
import { type Answer, browser, startServer } from '../support/server.ts'
import { witness } from './witness.ts'

// Servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

// PostgreSQL's disk is its own affair.
const onThatDisk = test.runIf(onSqlite && canStandIn)

onThatDisk('what is acknowledged is on the disk before, each time', async () => {
  const { settings, syncs } = disk()
  const server = await startServer(await newDatabase(), settings)
  const visitor = browser()
  const before = syncs()
  for (let commit = 1; commit <= numbers.commits; commit++) {
    expect((await visitor.post(server, '/quiz', { again: 'yes' })).statusCode).toBe(303)
    expect(syncs() - before).toBeGreaterThanOrEqual(commit)
  }
})

onThatDisk('on a full disk nothing is accepted or lost, and all is read, until there is space', async () => {
  const { settings, fill, clear } = disk()
  const server = await startServer(await newDatabase(), settings)
  const witnesses = Array.from({ length: 8 }, (_, index) => witness(index))
  const all = (work: (one: (typeof witnesses)[number]) => Promise<unknown>) =>
    Promise.all(witnesses.map(work))
  await all(async (one) => {
    for (let page = 0; page < 5; page++) await one.step(server)
  })

  fill()
  await all((one) => expect(one.step(server)).rejects.toThrow('POST /quiz'))
  const refused = await fetch(`${server.origin}/quiz`, { method: 'POST' })
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(await refused.text()).toContain('The service is busy')
  // What was acknowledged is read from it.
  await all((one) => one.check(server))
  for (const path of ['/', '/archetypes/solver', '/quiz/path/1', '/admin/login', '/readyz']) {
    expect((await witnesses[0]!.get(server, path)).statusCode, path).toBe(200)
  }

  clear()
  await all((one) => one.sendAgain(server))
  await all(async (one) => {
    while (one.result === null) await one.step(server)
    await one.check(server)
  })
  expect(await server.terminate()).toMatchObject({ code: 0 })
})

test.runIf(onSqlite)(
  'while another process keeps the file locked, writes are refused and pages read',
  async () => {
    const url = await newDatabase()
    const server = await startServer(url)
    const visitors = Array.from({ length: 3 }, () => browser())
    const other = new BetterSqlite3(fileOf(url))
    onTestFinished(() => void other.close())
    other.exec('BEGIN IMMEDIATE')
    const answers: Answer[] = []
    const written = Promise.all(visitors.map(async ({ post }) => answers.push(await post(server, '/quiz'))))
    expect((await browser().get(server, '/readyz')).statusCode).toBe(200)
    await written
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([503, 503, 503])
    other.exec('COMMIT')
    for (const { post } of visitors) expect((await post(server, '/quiz')).statusCode).toBe(303)
  }
)
