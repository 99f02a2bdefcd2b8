import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { newDatabase } from '../support/database.ts'
import { isLong, numbers } from '../support/numbers.ts'
import { type Server, startServer } from '../support/server.ts'
import { percentile } from './load.ts'

// Servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

test('what is too large or too long is refused, to the byte', async () => {
  const server = await startServer(await newDatabase())
  const statusOf = async (path: string, init?: RequestInit) =>
    (await fetch(server.origin + path, { redirect: 'manual', ...init })).status
  const posted = (length: number) =>
    statusOf('/quiz', { method: 'POST', body: new URLSearchParams({ a: 'x'.repeat(length - 2) }) })
  expect(await posted(32 * 1024)).toBe(303)
  expect(await posted(32 * 1024 + 1)).toBe(413)

  const withHeader = (length: number) => statusOf('/', { headers: { 'x-long': 'x'.repeat(length) } })
  expect(await withHeader(15 * 1024)).toBe(200)
  expect(await withHeader(17 * 1024)).toBe(431)

  // A link that is too long leads nowhere, as any other that is not ours: nobody learns which it was.
  const lost = async (length: number) => {
    const response = await fetch(`${server.origin}/r/${'a'.repeat(length)}`)
    return [response.status, await response.text()]
  }
  expect(await lost(65)).toEqual(await lost(22))
  expect((await lost(64))[0]).toBe(404)
})

test('a limit of requests holds to the last one, whatever address is claimed', async () => {
  const direct = await startServer(await newDatabase(), { RATE_LIMIT: '60' })
  const statuses = await statusesOf(direct, 61, (number) => `203.0.113.${number}`)
  expect(statuses).toEqual([...Array(60).fill(200), 429])
  expect((await fetch(`${direct.origin}/healthz`)).status).toBe(200)

  // Behind a proxy, what it says counts, and not what the client told it before.
  const behind = await startServer(await newDatabase(), { RATE_LIMIT: '60', TRUST_PROXY: '1' })
  const spoofed = await statusesOf(behind, 61, (number) => `203.0.113.${number}, 198.51.100.7`)
  expect(spoofed).toEqual([...Array(60).fill(200), 429])
  expect(await statusesOf(behind, 1, () => '198.51.100.8')).toEqual([200])
})

test(`${numbers.slowSockets} slow clients are cut off, and nobody else waits for them`, async () => {
  const server = await startServer(await newDatabase())
  const { hostname, port } = new URL(server.origin)
  const manners = [
    // Header after header, a body byte by byte, and nothing at all.
    { begin: 'GET / HTTP/1.1\r\nHost: localhost\r\n', go: 'x: y\r\n' },
    {
      begin:
        'POST /quiz HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 30000\r\n\r\n',
      go: 'x'
    },
    { begin: '', go: '' }
  ]
  const start = performance.now()
  let open = numbers.slowSockets
  let cut = 0
  for (let number = 0; number < numbers.slowSockets; number++) {
    const { begin, go } = manners[number % manners.length]!
    const socket = connect(Number(port), hostname, () => socket.write(begin))
    const dribble = setInterval(() => socket.write(go), 1000)
    socket.resume().on('error', () => {})
    socket.on('close', () => {
      clearInterval(dribble)
      open -= 1
      cut = performance.now() - start
    })
  }

  const times: number[] = []
  while (open > 0) {
    const asked = performance.now()
    expect((await fetch(`${server.origin}/archetypes`)).status).toBe(200)
    // More bodies are on their way than may be worked on at once, and none of them takes a place.
    expect((await fetch(`${server.origin}/quiz`, { method: 'POST', redirect: 'manual' })).status).toBe(303)
    times.push(performance.now() - asked)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (!isLong) return
  const slowest = percentile(times, 99)
  console.log(`Cut after ${(cut / 1000).toFixed(1)} s; meanwhile a page took ${slowest.toFixed(0)} ms (p99)`)
  expect(cut).toBeLessThanOrEqual(20_000)
  expect(slowest).toBeLessThanOrEqual(100)
})

async function statusesOf(server: Server, count: number, forwardedFor: (number: number) => string) {
  const statuses: number[] = []
  for (let number = 0; number < count; number++) {
    const headers = { 'x-forwarded-for': forwardedFor(number) }
    statuses.push((await fetch(`${server.origin}/archetypes`, { headers })).status)
  }
  return statuses
}
