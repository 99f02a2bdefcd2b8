import { expect, test } from 'vitest'
import { adminsIn } from '../../../src/database/stores/admins.ts'
import { sessionsIn } from '../../../src/database/stores/sessions.ts'
import { testDatabase } from '../../support/app.ts'

const minute = 60 * 1000
const hour = 60 * minute
const now = Date.parse('2026-11-23T12:00:00Z')
const by = (actor: string, at = now) => ({ actor, at, requestId: null })

async function stores() {
  const { database } = await testDatabase()
  const admins = adminsIn(database)
  for (const name of ['ada', 'grace']) await admins.add(name, { hash: `hash of ${name}` }, by(name))
  const sessions = sessionsIn(database)
  const isOpen = async (id: string, at: number) => (await sessions.of(id, at)) !== null
  return { database, admins, sessions, isOpen }
}

test('a session is its admin’s until it is ended', async () => {
  const { sessions } = await stores()
  await sessions.start('one', 'ada', by('ada'))
  await sessions.start('two', 'grace', by('grace'))
  expect(await sessions.of('one', now)).toEqual({
    id: 'one',
    name: 'ada',
    confirmedAt: now,
    awaitsCode: false,
    hasInitialPassword: false,
    hasTotp: false
  })
  expect(await sessions.of('unknown', now)).toBeNull()
  await sessions.end('one', by('ada'))
  expect(await sessions.of('one', now)).toBeNull()
  expect((await sessions.of('two', now))?.name).toBe('grace')
})

test('all sessions of an admin end together, and nobody else’s', async () => {
  const { sessions, isOpen } = await stores()
  for (const id of ['one', 'two']) await sessions.start(id, 'ada', by('ada'))
  await sessions.start('three', 'grace', by('grace'))
  await sessions.endAll('ada', by('ada'))
  expect([await isOpen('one', now), await isOpen('two', now), await isOpen('three', now)]).toEqual([
    false,
    false,
    true
  ])
})

test('a session ends after 30 minutes without a request', async () => {
  const { sessions, isOpen } = await stores()
  await sessions.start('one', 'ada', by('ada'))
  expect(await isOpen('one', now + 30 * minute)).toBe(true)
  expect(await isOpen('one', now + 60 * minute)).toBe(true)
  expect(await isOpen('one', now + 90 * minute + 1)).toBe(false)
})

test('a session ends after 12 hours, however busy it is', async () => {
  const { sessions, isOpen } = await stores()
  await sessions.start('one', 'ada', by('ada'))
  for (let time = now; time <= now + 12 * hour; time += 20 * minute)
    expect(await isOpen('one', time)).toBe(true)
  expect(await isOpen('one', now + 12 * hour + 1)).toBe(false)
})

test('a code is awaited for ten minutes', async () => {
  const { sessions, isOpen } = await stores()
  await sessions.start('one', 'ada', by('ada'), { awaitsCode: true })
  expect(await isOpen('one', now + 10 * minute)).toBe(true)
  expect(await isOpen('one', now + 10 * minute + 1)).toBe(false)
})

test('a session takes the place of the one that the browser came with', async () => {
  const { sessions, isOpen } = await stores()
  await sessions.start('one', 'ada', by('ada'))
  await sessions.start('two', 'ada', by('ada'), { replaces: 'one' })
  expect([await isOpen('one', now), await isOpen('two', now)]).toEqual([false, true])
})

test('a confirmed session goes on under another id', async () => {
  const { sessions } = await stores()
  await sessions.start('one', 'ada', by('ada'))
  await sessions.confirm('ada', { from: 'one', to: 'two' }, now + minute)
  expect(await sessions.of('one', now)).toBeNull()
  expect((await sessions.of('two', now))?.confirmedAt).toBe(now + minute)
})

test('a session is noted as seen once a minute at most', async () => {
  const { database, sessions } = await stores()
  await sessions.start('one', 'ada', by('ada'))
  const seen = async () =>
    (await database.read.session.findUniqueOrThrow({ where: { id: 'one' } })).seenAt.getTime()
  await sessions.of('one', now + minute)
  expect(await seen()).toBe(now)
  await sessions.of('one', now + minute + 1)
  expect(await seen()).toBe(now + minute + 1)
})

test('what has expired is cleared away, and nothing else', async () => {
  const { database, sessions } = await stores()
  await sessions.start('idle', 'ada', by('ada'))
  await sessions.start('waited too long for', 'ada', by('ada', now + 20 * minute), { awaitsCode: true })
  await sessions.start('in use', 'ada', by('ada', now + 10 * minute))
  await sessions.start('awaited', 'ada', by('ada', now + 25 * minute), { awaitsCode: true })
  await sessions.forgetExpired(now + 31 * minute)
  const left = await database.read.session.findMany({ orderBy: { startedAt: 'asc' } })
  expect(left.map(({ id }) => id)).toEqual(['in use', 'awaited'])
})
