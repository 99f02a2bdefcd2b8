import { expect, test } from 'vitest'
import { attemptsIn } from '../../src/database/attempts.ts'
import { resultsIn } from '../../src/database/results.ts'
import { draftDays, forgetOld, resultMonths } from '../../src/features/ops/retention.ts'
import { dayOf, daysBefore } from '../../src/web/days.ts'
import { testApp } from '../support/app.ts'
import { devotedTo, seeded, take } from '../support/taker.ts'

test('a monitor is told that the process lives and that it can answer', async () => {
  const { app } = await testApp()
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' })
  expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready' })
})

test('when the database is gone, the service lives but is not ready', async () => {
  const { app, database } = await testApp()
  await database.write((transaction) => transaction.$executeRaw`ALTER TABLE "Questionnaire" RENAME TO "Gone"`)
  expect((await app.inject('/healthz')).statusCode).toBe(200)
  expect((await app.inject('/readyz')).statusCode).toBe(503)
})

test('drafts and results are forgotten when we promise to, and not before', async () => {
  const { database, visitor } = await testApp()
  const stores = { attempts: attemptsIn(database, () => ({})), results: resultsIn(database, () => ({})) }
  await visitor().post('/quiz')
  await take(visitor(), devotedTo('architect', seeded(1)))
  const count = async () => [await database.read.attempt.count(), await database.read.result.count()]
  const today = dayOf(Date.now())
  await forgetOld(stores, daysBefore(today, -draftDays))
  expect(await count()).toEqual([1, 1])
  await forgetOld(stores, daysBefore(today, -draftDays - 1))
  expect(await count()).toEqual([0, 1])
  await forgetOld(stores, daysBefore(today, -(resultMonths * 31)))
  expect(await count()).toEqual([0, 0])
})
