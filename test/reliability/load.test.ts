import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { hashOf } from '../../src/attempt/tokens.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { newDatabase } from '../support/database.ts'
import { isLong, numbers } from '../support/numbers.ts'
import { startServer } from '../support/server.ts'
import { crowd, percentile, type Shot } from './load.ts'

/**
 * So many requests a second, for so many seconds, and what they are held to in `npm run test:reliability`, in
 * milliseconds. Beyond what the server can do, some are refused: how soon is held to the same.
 */
const loads = [
  { name: 'a usual load', perSecond: 50, seconds: numbers.seconds, p99: 50 },
  { name: 'ten times as much', perSecond: 500, seconds: numbers.seconds, p99: 500 },
  { name: 'more than it can do', perSecond: 5_000, seconds: numbers.overloadSeconds, p99: 1_000, sheds: true }
]

test.each(loads.filter(({ sheds }) => isLong || sheds))(
  '$name: $perSecond requests a second',
  async ({ perSecond, seconds, p99, sheds }) => {
    const url = await newDatabase()
    const server = await startServer(url, { RATE_LIMIT: '1000000' })
    const { come, acknowledged, leave } = crowd(server, 1)
    onTestFinished(leave)
    // Whoever has just started has compiled nothing yet: neither the server nor this process.
    await come(isLong ? 500 : 50, isLong ? 3 : 1)

    const shots = await come(perSecond, seconds)
    const accepted = shots.filter(({ status }) => status !== 503)
    const refused = shots.filter(({ status }) => status === 503)
    for (const { writes, status } of accepted) expect(status).toBe(writes ? 303 : 200)
    for (const { retryAfter } of refused) expect(retryAfter).toBe('5')
    if (!sheds) expect(refused).toEqual([])
    const after = await come(50, isLong ? 5 : 1)
    expect(after.filter(({ status }) => status === 503)).toEqual([])

    const memory = peakOf(server.pid)
    expect(await server.terminate()).toMatchObject({ code: 0 })
    await expectStored(url, acknowledged())

    if (!isLong) return
    console.log(
      [
        `${accepted.length} accepted: p99 ${times(accepted, 99)} ms`,
        `${refused.length} refused: p95 ${times(refused, 95)} ms`,
        `afterwards: p99 ${times(after, 99)} ms`,
        `memory at most ${memory} MB`
      ].join('; ')
    )
    expect(times(accepted, 99)).toBeLessThanOrEqual(p99)
    expect(times(refused, 95)).toBeLessThanOrEqual(1_000)
    expect(times(after, 99)).toBeLessThanOrEqual(100)
    if (memory !== null) expect(memory).toBeLessThanOrEqual(300)
  },
  120_000
)

function times(shots: Shot[], percent: number): number {
  return Math.round(
    percentile(
      shots.map(({ ms }) => ms),
      percent
    )
  )
}

/** MB of memory that a process has had at most, where the system tells. */
function peakOf(pid: number): number | null {
  if (process.platform !== 'linux') return null
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Math.round(Number(kilobytes) / 1024)
}

/** Fails unless every quiz and every page is stored that was acknowledged. */
async function expectStored(url: string, takers: { token: string; answers: object | null }[]) {
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  const attempts = await database.read.attempt.findMany({ select: { id: true, pages: true } })
  const stored = new Map(attempts.map(({ id, pages }) => [id, pages]))
  expect(takers.length).toBeGreaterThan(10)
  for (const { token, answers } of takers) {
    const pages = stored.get(hashOf(token))
    expect(pages).toBeDefined()
    if (answers) expect(pages!.map((page) => JSON.parse(page.answers))).toEqual([{ items: answers }])
  }
}
