import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as until } from 'node:timers/promises'
import { content } from '../support/app.ts'
import type { Server } from '../support/server.ts'
import { seeded } from '../support/taker.ts'

/** Of one request: what it was answered, and when, in milliseconds since it was due. */
export type Shot = { writes: boolean; status: number; retryAfter: string | undefined; ms: number }

type Taker = { cookie: string; answers: Record<string, number> | null }

const questions = [...content.current.lean, ...content.current.hybrid]

/**
 * Takers who come at a given rate, however long those before them wait: half of what they send is stored, a new quiz
 * or the answers of its first page, and half are pages of it. Remembers what was acknowledged.
 */
export function crowd(server: Pick<Server, 'origin'>, seed: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 400 })
  const random = seeded(seed)
  const takers: Taker[] = []
  /** Who has begun and not answered yet. */
  const waiting: Taker[] = []
  let turn = 0

  async function send(method: string, path: string, cookie = '', form = '') {
    const { host, hostname, port } = new URL(server.origin)
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }
    const headers = { host, cookie, origin: server.origin, 'accept-encoding': 'gzip', ...type }
    const asked = request({ agent, hostname, port, method, path, headers })
    asked.end(form)
    const [response] = await once(asked, 'response')
    response.resume()
    await once(response, 'end')
    return { status: response.statusCode as number, headers: response.headers }
  }

  async function begin() {
    const answer = await send('POST', '/quiz')
    if (answer.status === 303) {
      const taker = { cookie: answer.headers['set-cookie'][0].split(';')[0], answers: null }
      takers.push(taker)
      waiting.push(taker)
    }
    return answer
  }

  async function answer(taker: Taker) {
    const answers = Object.fromEntries(
      questions.slice(0, 4).map(({ id }) => [id, 1 + Math.floor(5 * random())])
    )
    const form = new URLSearchParams({ ...(answers as object), shown: String(Date.now()) }).toString()
    const sent = await send('POST', '/quiz/path/1', taker.cookie, form)
    if (sent.status === 303) taker.answers = answers
    return sent
  }

  async function shoot(due: number): Promise<Shot> {
    const writes = turn++ % 2 === 0
    const taker = waiting.length > 20 ? waiting.shift() : undefined
    const reader = takers[Math.floor(random() * takers.length)]
    const { status, headers } = await (writes
      ? taker
        ? answer(taker)
        : begin()
      : reader
        ? send('GET', '/quiz/path/1', reader.cookie)
        : send('GET', '/'))
    return { writes, status, retryAfter: headers['retry-after'], ms: performance.now() - due }
  }

  return {
    /** Sends so many a second, spread evenly, and resolves to how each was answered. */
    async come(perSecond: number, seconds: number): Promise<Shot[]> {
      const start = performance.now()
      const shots: Promise<Shot>[] = []
      while (shots.length < perSecond * seconds) {
        const due = start + (1000 * shots.length) / perSecond
        if (due > performance.now()) await until(2)
        else shots.push(shoot(due))
      }
      return Promise.all(shots)
    },

    /** What was acknowledged, by cookie. */
    acknowledged: () =>
      takers.map(({ cookie, answers }) => ({ token: cookie.split('=')[1] as string, answers })),

    leave: () => agent.destroy()
  }
}

/** So many of a hundred are no larger. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0
}
