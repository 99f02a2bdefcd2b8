import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/database/engine/client.ts'
import { adminsIn } from '../../../src/database/stores/admins.ts'
import { loginFailuresIn } from '../../../src/database/stores/login-failures.ts'
import { sessionsIn } from '../../../src/database/stores/sessions.ts'
import { testDatabase } from '../../support/app.ts'
import { onSqlite } from '../../support/database.ts'
import { filesWith } from '../rows.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const now = Date.parse('2026-11-23T12:00:00Z')
const by = { actor: '(unknown)', at: now, requestId: null }
const here = '203.0.113.7'
const ada = { account: 'ada', network: here }

async function stores() {
  const { database, url } = await testDatabase()
  await adminsIn(database).add('ada', { hash: 'hash of ada' }, by)
  const failures = loginFailuresIn(database)
  const fail = async (times: number, attempt = ada, at = now) => {
    for (let time = 0; time < times; time++) await failures.note(attempt, { ...by, at }, 'password')
  }
  return { database, url, failures, fail }
}

test.each([
  ['an account', { account: 'ada', network: 'another' }],
  ['an account that does not exist', { account: 'nobody', network: 'another' }],
  ['a network', { account: 'another', network: here }]
])('failures of %s make the next attempt wait longer', async (_whose, attempt) => {
  const { failures, fail } = await stores()
  const waits: number[] = []
  for (let failure = 1; failure <= 17; failure++) {
    await fail(1, { account: attempt.account, network: attempt.network === here ? here : `${failure}` })
    waits.push((await failures.waitOf(attempt, now)) / second)
  }
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  expect(await failures.waitOf(attempt, now + 899 * second)).toBe(second)
  expect(await failures.waitOf(attempt, now + 900 * second)).toBe(0)
  expect(await failures.waitOf({ account: 'grace', network: 'third' }, now)).toBe(0)
})

test('one failure is forgiven with every quarter of an hour', async () => {
  const { failures, fail } = await stores()
  await fail(8)
  // Eight were waited for 8 seconds; two quarters later, two fewer count, and one more makes it seven.
  await fail(1, ada, now + 30 * minute)
  expect(await failures.waitOf(ada, now + 30 * minute)).toBe(4 * second)
  // After hours, it is as if nothing had happened.
  await fail(1, ada, now + 6 * hour)
  expect(await failures.waitOf(ada, now + 6 * hour)).toBe(0)
})

test('failures at the same moment all count', async () => {
  const { failures } = await stores()
  await Promise.all(Array.from({ length: 8 }, () => failures.note(ada, by, 'password')))
  expect(await failures.waitOf(ada, now)).toBe(8 * second)
})

test('failures outlive the process', async () => {
  const { database, url, fail } = await stores()
  await fail(6)
  await database.close()
  const reopened = await openDatabase(url)
  expect(await loginFailuresIn(reopened).waitOf(ada, now)).toBe(2 * second)
  await reopened.close()
})

test('a login forgives the failures of its own account only', async () => {
  const { database, failures, fail } = await stores()
  await fail(6)
  await fail(6, { account: 'grace', network: 'another' })
  await sessionsIn(database).start('awaits a code', 'ada', by, { awaitsCode: true })
  expect(await failures.waitOf({ ...ada, network: 'third' }, now)).toBe(2 * second)
  await sessionsIn(database).start('one', 'ada', by)
  expect(await failures.waitOf({ ...ada, network: 'third' }, now)).toBe(0)
  expect(await failures.waitOf(ada, now)).toBe(2 * second)
  expect(await failures.waitOf({ account: 'grace', network: 'third' }, now)).toBe(2 * second)
})

test.runIf(onSqlite)(
  'neither names nor networks are stored, and after a day not even their hashes',
  async () => {
    const { database, url, failures, fail } = await stores()
    await fail(1, { account: 'a canary in a name', network: here })
    const [row] = await database.read.loginFailures.findMany()
    const holds = (text: string) => filesWith(url, text).length > 0
    expect(holds('canary') || holds(here)).toBe(false)
    expect(holds(row!.id)).toBe(true)
    await failures.forgetOld(now + 24 * hour)
    expect(await database.read.loginFailures.count()).toBe(2)
    await failures.forgetOld(now + 24 * hour + 1)
    expect(await database.read.loginFailures.count()).toBe(0)
    expect(holds(row!.id)).toBe(false)
  }
)

test('the log tells of every failure, and of refusals once between two failures', async () => {
  const { database, failures, fail } = await stores()
  await fail(5)
  for (let refusal = 0; refusal < 3; refusal++) await failures.noteRefusal(ada, by)
  await failures.note(ada, by, 'code')
  await failures.noteRefusal(ada, by)
  const entries = await database.read.auditEntry.findMany({ orderBy: { number: 'asc' }, skip: 1 })
  expect(entries.map(({ action, about }) => about ?? action)).toEqual([
    ...Array<string>(5).fill('password'),
    'login-throttled',
    'code',
    'login-throttled'
  ])
})
