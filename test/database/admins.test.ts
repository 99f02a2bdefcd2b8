import { expect, test } from 'vitest'
import { adminsIn } from '../../src/database/admins.ts'
import { testDatabase } from '../support/app.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const now = Date.parse('2026-11-23T12:00:00Z')

async function admins() {
  const { database } = await testDatabase()
  const stored = adminsIn(database)
  await stored.create('ada', 'hash of ada', '2026-11-23')
  return { database, admins: stored }
}

test('a name is given once', async () => {
  const { admins: stored } = await admins()
  expect(await stored.create('ada', 'another hash', '2026-11-24')).toBe(false)
  expect(await stored.passwordHash('ada')).toBe('hash of ada')
  expect(await stored.passwordHash('grace')).toBeNull()
})

test('a session is its admin’s until it is ended', async () => {
  const { admins: stored } = await admins()
  await stored.create('grace', 'hash of grace', '2026-11-23')
  await stored.startSession('one', 'ada', now)
  await stored.startSession('two', 'grace', now)
  expect(await stored.sessionOf('one', now)).toBe('ada')
  expect(await stored.sessionOf('unknown', now)).toBeNull()
  await stored.endSession('one')
  expect(await stored.sessionOf('one', now)).toBeNull()
  expect(await stored.sessionOf('two', now)).toBe('grace')
})

test('a session ends after 30 minutes without a request', async () => {
  const { admins: stored } = await admins()
  await stored.startSession('one', 'ada', now)
  expect(await stored.sessionOf('one', now + 30 * minute)).toBe('ada')
  expect(await stored.sessionOf('one', now + 60 * minute)).toBe('ada')
  expect(await stored.sessionOf('one', now + 90 * minute + 1)).toBeNull()
})

test('a session ends after 12 hours, however busy it is', async () => {
  const { admins: stored } = await admins()
  await stored.startSession('one', 'ada', now)
  for (let time = now; time <= now + 12 * hour; time += 20 * minute) {
    expect(await stored.sessionOf('one', time)).toBe('ada')
  }
  expect(await stored.sessionOf('one', now + 12 * hour + 1)).toBeNull()
})

test('a session is noted as seen once a minute at most', async () => {
  const { database, admins: stored } = await admins()
  await stored.startSession('one', 'ada', now)
  const seen = async () =>
    (await database.read.session.findUniqueOrThrow({ where: { id: 'one' } })).seenAt.getTime()
  await stored.sessionOf('one', now + minute)
  expect(await seen()).toBe(now)
  await stored.sessionOf('one', now + minute + 1)
  expect(await seen()).toBe(now + minute + 1)
})

test('a login clears away what has expired, and nothing else', async () => {
  const { database, admins: stored } = await admins()
  await stored.startSession('idle', 'ada', now)
  await stored.startSession('in use', 'ada', now + 10 * minute)
  await stored.startSession('new', 'ada', now + 31 * minute)
  const sessions = await database.read.session.findMany({ orderBy: { startedAt: 'asc' } })
  expect(sessions.map(({ id }) => id)).toEqual(['in use', 'new'])
})

test.each(['ada', 'nobody of that name'])(
  'failed logins as %s make the next one wait longer',
  async (name) => {
    const { admins: stored } = await admins()
    const waits: number[] = []
    for (let failure = 1; failure <= 17; failure++) {
      await stored.noteFailure(name, now)
      waits.push((await stored.waitOf(name, now)) / second)
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
    expect(await stored.waitOf(name, now + 899 * second)).toBe(second)
    expect(await stored.waitOf(name, now + 900 * second)).toBe(0)
    expect(await stored.waitOf('grace', now)).toBe(0)
  }
)

test('failures at the same moment all count', async () => {
  const { admins: stored } = await admins()
  await Promise.all(Array.from({ length: 8 }, () => stored.noteFailure('ada', now)))
  expect(await stored.waitOf('ada', now)).toBe(8 * second)
})

test('a login forgives the failures of its own account only', async () => {
  const { admins: stored } = await admins()
  for (let failure = 0; failure < 6; failure++) {
    await stored.noteFailure('ada', now)
    await stored.noteFailure('grace', now)
  }
  await stored.startSession('one', 'ada', now)
  expect(await stored.waitOf('ada', now)).toBe(0)
  expect(await stored.waitOf('grace', now)).toBe(2 * second)
})

test('failures are forgotten after a day', async () => {
  const { database, admins: stored } = await admins()
  for (let failure = 0; failure < 6; failure++) await stored.noteFailure('ada', now)
  await stored.noteFailure('grace', now + 24 * hour)
  expect(await database.read.loginFailures.count()).toBe(2)
  await stored.noteFailure('grace', now + 24 * hour + 1)
  expect(await database.read.loginFailures.findMany()).toMatchObject([{ name: 'grace', count: 2 }])
})
