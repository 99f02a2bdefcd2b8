import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/database/engine/client.ts'
import { adminsIn } from '../../../src/database/stores/admins.ts'
import { sessionsIn } from '../../../src/database/stores/sessions.ts'
import { testDatabase } from '../../support/app.ts'

const now = Date.parse('2026-11-23T12:00:00Z')
const by = { actor: 'ada', at: now, requestId: 'request' }
const password = { hash: 'hash of ada' }
const app = { secret: 'SECRET', step: 100, recoveryCodes: ['one', 'two'] }
const nobodys = { from: '', to: '' }

async function stores() {
  const { database, url } = await testDatabase()
  const admins = adminsIn(database)
  await admins.add('ada', password, by)
  return { database, url, admins, sessions: sessionsIn(database) }
}

test('a name is given once', async () => {
  const { admins } = await stores()
  expect(await admins.add('ada', { hash: 'another hash' }, by)).toBe(false)
  expect(await admins.find('ada')).toMatchObject({ passwordHash: 'hash of ada', initialUntil: null })
  expect(await admins.find('grace')).toBeNull()
})

test('the list tells what each account is protected by', async () => {
  const { admins } = await stores()
  await admins.add('grace', { hash: 'hash of grace', initialUntil: now + 1000 }, by)
  await admins.turnTotpOn('ada', app, nobodys, by)
  expect(await admins.all()).toEqual([
    { name: 'ada', createdOn: '2026-11-23', hasTotp: true, initialUntil: null },
    { name: 'grace', createdOn: '2026-11-23', hasTotp: false, initialUntil: now + 1000 }
  ])
})

test('an account goes with its sessions and recovery codes; the last one stays', async () => {
  const { database, admins, sessions } = await stores()
  expect(await admins.remove('ada', by)).toBe('last')
  await admins.add('grace', password, by)
  await admins.turnTotpOn('ada', app, nobodys, by)
  await sessions.start('one', 'ada', by)
  expect(await admins.remove('ada', by)).toBe('removed')
  expect(await admins.remove('ada', by)).toBe('unknown')
  expect(await database.read.session.count()).toBe(0)
  expect(await database.read.recoveryCode.count()).toBe(0)
})

test('of two accounts that are removed at the same moment, one stays', async () => {
  const { admins } = await stores()
  await admins.add('grace', password, by)
  const outcomes = await Promise.all(['ada', 'grace'].map((name) => admins.remove(name, by)))
  expect(outcomes.sort()).toEqual(['last', 'removed'])
})

test('a new password ends all sessions but the one it was changed in, which gets another id', async () => {
  const { database, admins, sessions } = await stores()
  await admins.add('grace', password, by)
  for (const [id, name] of [
    ['here', 'ada'],
    ['elsewhere', 'ada'],
    ['of grace', 'grace']
  ] as const)
    await sessions.start(id, name, by)
  await admins.changePassword('ada', 'new hash', { from: 'here', to: 'here again' }, by)
  const left = await database.read.session.findMany({ orderBy: { id: 'asc' } })
  expect(left.map(({ id }) => id)).toEqual(['here again', 'of grace'])
  expect(await admins.find('ada')).toMatchObject({ passwordHash: 'new hash', initialUntil: null })
})

test('the code of a time step is accepted once, and then none before it', async () => {
  const { admins } = await stores()
  await admins.turnTotpOn('ada', app, nobodys, by)
  const accepted = []
  for (const step of [100, 102, 102, 101, 103]) accepted.push(await admins.useTotpStep('ada', step))
  expect(accepted).toEqual([false, true, false, false, true])
})

test('a code that one process has accepted is refused by another', async () => {
  const { admins, url } = await stores()
  await admins.turnTotpOn('ada', app, nobodys, by)
  const other = await openDatabase(url)
  expect(await admins.useTotpStep('ada', 101)).toBe(true)
  expect(await adminsIn(other).useTotpStep('ada', 101)).toBe(false)
  await other.close()
})

test('a recovery code works once, for its own account, until there are new ones', async () => {
  const { admins } = await stores()
  await admins.add('grace', password, by)
  await admins.turnTotpOn('ada', app, nobodys, by)
  expect(await admins.useRecoveryCode('grace', 'one', by)).toBe(false)
  expect(await admins.useRecoveryCode('ada', 'one', by)).toBe(true)
  expect(await admins.useRecoveryCode('ada', 'one', by)).toBe(false)
  expect((await admins.find('ada'))?.recoveryCodes).toBe(1)
  await admins.renewRecoveryCodes('ada', ['three', 'four', 'five'], by)
  expect(await admins.useRecoveryCode('ada', 'two', by)).toBe(false)
  expect((await admins.find('ada'))?.recoveryCodes).toBe(3)
})

test('a reset leaves nothing of what the account was opened with', async () => {
  const { database, admins, sessions } = await stores()
  await admins.turnTotpOn('ada', app, nobodys, by)
  await sessions.start('one', 'ada', by)
  expect(await admins.reset('grace', password, by)).toBe(false)
  expect(await admins.reset('ada', { hash: 'handed over', initialUntil: now + 1000 }, by)).toBe(true)
  expect(await admins.find('ada')).toEqual({
    passwordHash: 'handed over',
    initialUntil: now + 1000,
    totpSecret: null,
    recoveryCodes: 0
  })
  expect(await database.read.session.count()).toBe(0)
})
