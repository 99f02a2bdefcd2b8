import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { questionnaireOf } from '../../src/content/load.ts'
import { archetypes } from '../../src/content/schema.ts'
import { type Database, openDatabase } from '../../src/database/engine/client.ts'
import { byServer } from '../../src/database/stores/audit.ts'
import { loginFailuresIn } from '../../src/database/stores/login-failures.ts'
import { rebuildTallies } from '../../src/database/stores/rebuild-tallies.ts'
import { tallyOf } from '../../src/statistics/tally.ts'
import { type Postgres, startPostgres } from '../../tools/postgres.ts'
import { addAdmin, addGroup, addTotp, codeAt, password } from '../support/admin.ts'
import { content } from '../support/app.ts'
import { emptyDatabase, newDatabase, onSqlite } from '../support/database.ts'
import { numbers } from '../support/numbers.ts'
import { type Answer, browser, runBuilt, type Server, startServer } from '../support/server.ts'
import { seeded } from '../support/taker.ts'
import { isBroken, Refused, type Witness, witness } from './witness.ts'

// Many servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const seed = Number(process.env.KILL_SEED ?? 1)
const { takersOfSeveral: takers, processKillCycles, postgresKillCycles } = numbers

/** Three processes on one database, and what a load balancer is to them: each request goes to any of them. */
async function threeProcesses(url: string, random: () => number) {
  const servers = await Promise.all([1, 2, 3].map(() => startServer(url)))
  const alive = new Set(servers)
  return {
    servers,
    anywhere: {
      get origin() {
        return [...alive][Math.floor(random() * alive.size)]!.origin
      }
    },
    /** Kills one while it works, and starts another in its place. */
    async replaceOne() {
      const victim = [...alive][Math.floor(random() * alive.size)]!
      alive.delete(victim)
      await victim.kill9()
      alive.add(await startServer(url))
    },
    terminate: () => Promise.all([...alive].map((server) => server.terminate()))
  }
}

/** Takes the whole quiz, sending again whatever was not answered; after a 503, once `isUp` has come true. */
async function takeQuiz(one: Witness, site: { origin: string }, isUp: () => Promise<void>, step: () => void) {
  while (one.result === null) {
    try {
      await one.goOn(site)
      step()
    } catch (error) {
      if (error instanceof Refused) await isUp()
      else if (!isBroken(error)) throw error
    }
  }
}

/** Fails unless each has the result that they were told of, and nobody another, and the tallies say so. */
async function expectAllThere(url: string, witnesses: Witness[]) {
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  expect(await database.read.result.count()).toBe(witnesses.length)
  expect(new Set(witnesses.map(({ result }) => result)).size).toBe(witnesses.length)
  const different = await rebuildTallies(database, (result) =>
    tallyOf(result, questionnaireOf(content, result.questionnaireVersion), archetypes)
  )
  expect(different).toEqual([])
}

/** What was typed into a page's form, with what comes with the form. */
async function submit(
  { get, post }: ReturnType<typeof browser>,
  [shownBy, takenBy]: [Server, Server],
  path: string,
  fields: Record<string, string> = {},
  action = path
): Promise<Answer> {
  const { body } = await get(shownBy, path)
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(body) ?? []
  return post(takenBy, action, { token, ...fields })
}

describe.skipIf(onSqlite)('several processes on one PostgreSQL', () => {
  test(`of processes that are killed nothing is lost (${processKillCycles} cycles, seed ${seed})`, async () => {
    const url = await newDatabase()
    const random = seeded(seed)
    const site = await threeProcesses(url, random)
    const everybody: Witness[] = []
    for (let cycle = 1; cycle <= processKillCycles; cycle++) {
      const witnesses = Array.from({ length: takers }, (_, index) =>
        witness(1000 * seed + 100 * cycle + index)
      )
      everybody.push(...witnesses)
      // Everybody sends 19 forms, or 20 if offered six more choices: one is killed somewhere among the answers, another
      // among the results.
      const deaths = [random() * 0.8, 0.8 + random() * 0.2].map((share) => Math.ceil(share * 19 * takers))
      let steps = 0
      const replaced: Promise<void>[] = []
      const step = () => {
        steps += 1
        if (deaths.includes(steps)) replaced.push(site.replaceOne())
      }
      await Promise.all(witnesses.map((one) => takeQuiz(one, site.anywhere, async () => {}, step)))
      expect(replaced).toHaveLength(2)
      await Promise.all(replaced)
      await Promise.all(everybody.map((one) => one.check(site.anywhere)))
      await Promise.all(witnesses.map((one) => one.pressLastButtonAgain(site.anywhere)))
    }
    for (const { code } of await site.terminate()) expect(code).toBe(0)
    await expectAllThere(url, everybody)
  }, 600_000)

  test(`of a PostgreSQL that is killed nothing is lost, and the processes go on (${postgresKillCycles} cycles, seed ${seed})`, async () => {
    const postgres = await ownPostgres()
    const url = postgres.urlOf('bearings')
    const random = seeded(seed)
    const site = await threeProcesses(url, random)
    const everybody: Witness[] = []

    /** Every process says what it cannot do, and that it lives. */
    async function expectUnavailable() {
      for (const server of site.servers) {
        for (const [path, options] of [
          ['/quiz', { method: 'POST', headers: { origin: server.origin } }],
          [`/r/${'a'.repeat(22)}`, {}],
          ['/admin', { headers: { cookie: `bearings-admin=${'a'.repeat(22)}` } }]
        ] as const) {
          const answer = await fetch(server.origin + path, { ...options, redirect: 'manual' })
          expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '5'])
          expect(await answer.text()).toContain('The service is busy')
        }
        expect((await fetch(`${server.origin}/readyz`)).status).toBe(503)
        for (const path of ['/healthz', '/privacy']) {
          expect((await fetch(server.origin + path)).status).toBe(200)
        }
      }
    }

    for (let cycle = 1; cycle <= postgresKillCycles; cycle++) {
      const witnesses = Array.from({ length: takers }, (_, index) =>
        witness(1000 * seed + 100 * cycle + index)
      )
      everybody.push(...witnesses)
      const death = Math.ceil((0.1 + 0.9 * random()) * 20 * takers)
      let steps = 0
      let back: Promise<void> | undefined
      const step = () => {
        steps += 1
        if (steps !== death) return
        back = postgres.kill9().then(async () => {
          await expectUnavailable()
          await postgres.start()
        })
      }
      const isUp = async () => back
      await Promise.all(witnesses.map((one) => takeQuiz(one, site.anywhere, isUp, step)))
      expect(back, 'PostgreSQL was killed').toBeDefined()
      await Promise.all(everybody.map((one) => one.check(site.anywhere)))
    }
    for (const server of site.servers) expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
    for (const { code } of await site.terminate()) expect(code).toBe(0)
    await expectAllThere(url, everybody)
  }, 600_000)

  test('one that would want more connections than there are does not start, and says what to do', async () => {
    const postgres = await ownPostgres({ max_connections: '28' })
    const url = postgres.urlOf('bearings')
    await Promise.all([startServer(url), startServer(url)])
    const { code, output } = await runBuilt('server.js', { PORT: '0', DATABASE_URL: url })
    expect([code, output.trim()]).toEqual([
      1,
      'PostgreSQL has 25 connections, and 3 processes of 10 each may want 30: raise max_connections to 40 or more, or start fewer'
    ])
  })

  test('a PostgreSQL that is not there, or lets nobody in, stops the start in one line', async () => {
    const url = new URL(await emptyDatabase())
    const started = async (change: (url: URL) => void) => {
      const changed = new URL(url)
      change(changed)
      const { code, output } = await runBuilt('server.js', { PORT: '0', DATABASE_URL: changed.href })
      return [code, output.trim()]
    }
    expect(await started((url) => Object.assign(url, { port: '1' }))).toEqual([
      1,
      `PostgreSQL: not reachable at ${url.hostname}:1`
    ])
    expect(await started((url) => Object.assign(url, { pathname: '/nowhere' }))).toEqual([
      1,
      'PostgreSQL: database "nowhere" does not exist'
    ])
    expect(await started((url) => Object.assign(url, { password: 'wrong' }))).toEqual([
      1,
      'PostgreSQL: password authentication failed for user "bearings"'
    ])
  })

  /** A PostgreSQL that is this test's alone, with a database `bearings`. */
  async function ownPostgres(settings: Record<string, string> = {}): Promise<Postgres> {
    const postgres = await startPostgres(settings)
    onTestFinished(() => postgres.stop())
    await postgres.query('CREATE DATABASE bearings')
    return postgres
  }
})

describe.skipIf(onSqlite)('three processes that were started at once on an empty database', () => {
  let servers: Server[]
  let database: Database
  const ends: (() => void)[] = []

  beforeAll(async () => {
    const url = await emptyDatabase()
    const atEnd = (end: () => void) => void ends.push(end)
    servers = await Promise.all([1, 2, 3].map(() => startServer(url, {}, atEnd)))
    database = await openDatabase(url)
  })
  afterAll(async () => {
    for (const end of ends) end()
    await database.close()
  })

  test('all serve, and one has migrated', async () => {
    for (const server of servers) expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
    expect(servers.filter((server) => server.said().includes('Applied migration'))).toHaveLength(1)
  })

  test('an admin is logged in at all processes, and logged out at all', async () => {
    const [one, two, three] = servers as [Server, Server, Server]
    await addAdmin(database)
    const cookies = new Map<string, string>()
    const ada = browser(cookies)
    expect(await ada.post(one, '/admin/login', { name: 'ada', password })).toMatchObject({ statusCode: 303 })
    for (const server of [one, two, three]) expect((await ada.get(server, '/admin')).statusCode).toBe(200)

    const thief = browser(new Map(cookies))
    await submit(ada, [two, three], '/admin', {}, '/admin/logout')
    for (const server of [one, two, three]) {
      expect(await thief.get(server, '/admin')).toMatchObject({ statusCode: 303, location: '/admin/login' })
    }
  })

  test('a code that comes to two processes at the same moment is accepted once', async () => {
    const [one, two] = servers as [Server, Server]
    await addAdmin(database, 'grace')
    const [recovery] = await addTotp(database, 'grace')
    for (const code of [() => codeAt(Date.now()), () => recovery!]) {
      const browsers = [browser(), browser()]
      for (const grace of browsers) await grace.post(one, '/admin/login', { name: 'grace', password })
      const shared = code()
      const sent = browsers.map((grace, index) =>
        submit(grace, [one, [one, two][index]!], '/admin/login/code', { code: shared })
      )
      const statuses = (await Promise.all(sent)).map(({ statusCode }) => statusCode)
      expect(statuses.sort()).toEqual([303, 422])
    }
  })

  test('those who try passwords at several processes at the same moment count each other', async () => {
    await addAdmin(database, 'linus')
    // After ten failures half a minute passes before the next, and now it has passed.
    const attempt = { account: 'linus', network: 'elsewhere' }
    for (let failure = 0; failure < 10; failure++) {
      await loginFailuresIn(database).note(attempt, byServer(Date.now() - 33_000), 'password')
    }
    const wrong = [...servers, ...servers].map((server) =>
      browser().post(server, '/admin/login', { name: 'linus', password: 'not the pass phrase' })
    )
    const statuses = (await Promise.all(wrong)).map(({ statusCode }) => statusCode)
    expect(statuses.sort()).toEqual([422, 429, 429, 429, 429, 429])
  })

  test('what one process deletes or closes is gone at the others, whatever they keep in memory', async () => {
    const [one, two, three] = servers as [Server, Server, Server]
    const taker = witness(seed)
    while (taker.result === null) await taker.step(one)
    const manage = taker.result
    const { body } = await browser().get(one, manage)
    const [view] = /\/r\/[\w-]{22}/.exec(body) ?? []
    const links = [manage, view!, `${view!.replace('/r/', '/og/')}.png`]
    const statuses = () =>
      Promise.all(
        servers.flatMap((server) => links.map(async (link) => (await browser().get(server, link)).statusCode))
      )
    expect(new Set(await statuses())).toEqual(new Set([200]))
    await browser().post(two, `${manage}/delete`)
    expect(new Set(await statuses())).toEqual(new Set([404]))

    await addAdmin(database, 'radia')
    const group = await addGroup(database)
    const join = async (server: Server) => (await browser().get(server, `/g/${group.link}`)).statusCode
    expect(await Promise.all(servers.map(join))).toEqual([200, 200, 200])
    const radia = browser()
    await radia.post(one, '/admin/login', { name: 'radia', password })
    await submit(radia, [one, three], `/admin/groups/${group.id}/close`)
    expect(await Promise.all(servers.map(join))).toEqual([410, 410, 410])
  })
})
