import pLimit from 'p-limit'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/database/engine/client.ts'
import { newDatabase, onSqlite } from '../support/database.ts'
import { isLong, numbers } from '../support/numbers.ts'
import { startServer } from '../support/server.ts'
import { seeded } from '../support/taker.ts'
import { together, type Witness, witness } from './witness.ts'

const takers = numbers.takersAtOnce
const cycles = onSqlite ? numbers.killCycles : 1
const seed = Number(process.env.KILL_SEED ?? 1)
/** No more than the server lets in at once. */
const atATime = pLimit(100)

test(`kill -9 loses nothing that was acknowledged (${cycles} cycles, seed ${seed})`, async () => {
  const random = seeded(seed)
  const url = await newDatabase()
  const everybody: Witness[] = []
  let server = await startServer(url)
  /** Milliseconds from the end of one server until the next was ready, at most. */
  let slowest = 0

  /** Lets them go on until `isDone`, and kills the server when `isNext` has been true `left` times. */
  async function killAfter(
    left: number,
    witnesses: Witness[],
    isNext: (one: Witness) => boolean,
    isDone: (one: Witness) => boolean
  ) {
    let death: Promise<void> | undefined
    await together(
      witnesses,
      () => death !== undefined,
      async (one) => {
        while (!isDone(one)) {
          await one.step(server)
          if (isNext(one)) left -= 1
          if (left === 0) death ??= server.kill9()
        }
      }
    )
    expect(death, 'the server was killed').toBeDefined()
    await death
    const start = performance.now()
    server = await startServer(url)
    slowest = Math.max(slowest, performance.now() - start)
    await Promise.all(everybody.map((one) => atATime(() => one.check(server))))
    await Promise.all(witnesses.map((one) => one.sendAgain(server)))
  }

  async function goOn(witnesses: Witness[], isDone: (one: Witness) => boolean) {
    await Promise.all(
      witnesses.map(async (one) => {
        while (!isDone(one)) await one.step(server)
      })
    )
  }

  const isPastReview = (one: Witness) => one.isPastReview
  const hasResult = (one: Witness) => one.result !== null

  for (let cycle = 1; cycle <= cycles; cycle++) {
    const witnesses = Array.from({ length: takers }, (_, index) => witness(1000 * seed + 100 * cycle + index))
    everybody.push(...witnesses)
    // Between two answers: everybody sends 18 forms until only optional questions are left.
    await killAfter(1 + Math.floor(random() * 17 * takers), witnesses, () => true, isPastReview)
    await goOn(witnesses, isPastReview)
    // During the last submit: some have their result, for the others it is under way.
    await killAfter(1 + Math.floor(random() * (takers - 4)), witnesses, hasResult, hasResult)
    await goOn(witnesses, hasResult)
    await Promise.all(witnesses.map((one) => one.pressLastButtonAgain(server)))
  }

  expect(await server.terminate()).toMatchObject({ code: 0 })
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  if (onSqlite) {
    const check = (pragma: string) => database.read.$queryRawUnsafe(`PRAGMA ${pragma}`)
    expect(await check('integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(await check('foreign_key_check')).toEqual([])
  }
  expect(await database.read.result.count()).toBe(everybody.length)
  expect(new Set(everybody.map(({ result }) => result)).size).toBe(everybody.length)
  if (!isLong) return
  console.log(
    `${everybody.length} quizzes in ${2 * cycles} kills; ready again after ${Math.round(slowest)} ms`
  )
  expect(slowest).toBeLessThanOrEqual(3_000)
}, 900_000)
