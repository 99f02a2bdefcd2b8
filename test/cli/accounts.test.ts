import { spawnSync } from 'node:child_process'
import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { projectDirectory } from '../../src/config.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { addTotp, password, submit } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { dropTrigger, emptyDatabase } from '../support/database.ts'
import { built } from '../support/server.ts'

/** Runs one of our commands on a database, with this on its standard input. */
async function run(url: string, command: string, args: string[] = [], input = '') {
  await built()
  const { PATH, HOME } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [`dist/cli/${command}.js`, ...args], {
    cwd: projectDirectory,
    env: { PATH, HOME, DATABASE_URL: url },
    input,
    encoding: 'utf8'
  })
  return { status, said: stdout + stderr }
}

test('the first account is made on the server, with a good password', async () => {
  const url = await emptyDatabase()
  expect(await run(url, 'create-admin', ['ada'], 'iloveyouiloveyou')).toMatchObject({ status: 1 })
  expect(await run(url, 'create-admin', ['a/b'], password)).toMatchObject({ status: 1 })
  expect(await run(url, 'create-admin', ['ada'], `${password}\n`)).toMatchObject({ status: 0 })
  const again = await run(url, 'create-admin', ['ada'], password)
  expect(again).toMatchObject({ status: 1, said: 'There is an account ada already.\n' })
}, 120_000)

test('an admin who lost the app and the password gets in again with what the reset prints', async () => {
  const { database, url, visitor } = await testApp()
  await run(url, 'create-admin', ['ada'], password)
  await addTotp(database)
  expect(await run(url, 'reset-admin', ['grace'])).toMatchObject({
    status: 1,
    said: 'There is no account grace.\n'
  })
  const { status, said } = await run(url, 'reset-admin', ['ada'])
  expect(status).toBe(0)
  const handedOver = /: (\S+)\n$/.exec(said)?.[1] as string
  const ada = visitor()
  const login = await ada.post('/admin/login', { name: 'ada', password: handedOver })
  expect(login.headers.location).toBe('/admin')
  const chosen = 'four words nobody expects'
  await submit(ada, '/admin/password', { current: handedOver, password: chosen, again: chosen })
  const audit = load((await ada.get('/admin/audit')).body)
  expect(audit('tbody').text()).toContain('Reset the account ada')
}, 120_000)

test('the audit log is verified by command, which fails at the first entry that is not what it was', async () => {
  const url = await emptyDatabase()
  for (const name of ['ada', 'grace', 'joan']) await run(url, 'create-admin', [name], password)
  const intact = await run(url, 'verify-audit')
  expect(intact).toMatchObject({ status: 0, said: expect.stringContaining('intact: 3 entries') })
  const fingerprint = /[0-9a-f]{64}/.exec(intact.said)?.[0] as string
  expect(await run(url, 'verify-audit', [fingerprint])).toMatchObject({ status: 0 })

  const database = await openDatabase(url)
  await database.write(async (transaction) => {
    await transaction.$executeRawUnsafe(dropTrigger('AuditEntry_kept'))
    await transaction.$executeRaw`DELETE FROM "AuditEntry" WHERE "number" = 3`
  })
  expect(await run(url, 'verify-audit')).toMatchObject({ status: 0 })
  expect(await run(url, 'verify-audit', [fingerprint])).toMatchObject({
    status: 1,
    said: expect.stringContaining('entries are missing at the end')
  })
  await database.write(async (transaction) => {
    await transaction.$executeRawUnsafe(dropTrigger('AuditEntry_unchanged'))
    await transaction.$executeRaw`UPDATE "AuditEntry" SET "about" = 'eve' WHERE "number" = 2`
  })
  await database.close()
  expect(await run(url, 'verify-audit')).toMatchObject({
    status: 1,
    said: expect.stringContaining('Entry 2 of the audit log')
  })
}, 120_000)
