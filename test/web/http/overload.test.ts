import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { testApp } from '../../support/app.ts'
import { onSqlite } from '../../support/database.ts'

const most = 200

/** The app while nothing can be written: whoever wants to waits until the writer goes on. */
async function held() {
  const context = await testApp()
  const { app, database } = context
  let goOn!: () => void
  const isHeld = new Promise<void>((begun) => {
    const written = database.write(() => {
      begun()
      return new Promise<void>((resolve) => {
        goOn = resolve
      })
    })
    onTestFinished(async () => {
      goOn()
      await written
    })
  })
  await isHeld
  const start = () => app.inject({ method: 'POST', url: '/quiz' })

  /** Lets so many ask for a quiz, and resolves once they wait for it. */
  async function startAndWait(number: number) {
    const before = database.load().waiting
    const answers = Array.from({ length: number }, start)
    await expect.poll(() => database.load().waiting).toBe(before + number)
    return answers
  }
  return { ...context, start, startAndWait, goOn: () => goOn() }
}

test('who comes while too many are worked on is refused at once, and told when to come again', async () => {
  const { app, database, start, startAndWait, goOn } = await held()
  const answers = await startAndWait(most)
  const refused = await start()
  expect(refused.statusCode).toBe(503)
  expect(refused.headers).toMatchObject({ 'retry-after': '5', 'x-frame-options': 'DENY' })
  expect(refused.body).toContain('The service is busy')
  expect((await app.inject('/quiz/path/1')).statusCode).toBe(503)
  // What is ready, and what a monitor asks for, takes no work.
  for (const url of ['/', '/archetypes', '/healthz', '/readyz']) {
    expect((await app.inject(url)).statusCode, url).toBe(200)
  }

  goOn()
  for (const answer of await Promise.all(answers)) expect(answer.statusCode).toBe(303)
  expect(await database.read.attempt.count()).toBe(most)
  expect((await start()).statusCode).toBe(303)
})

test('a client that gives up makes room for another', async () => {
  const { app, database, start, startAndWait } = await held()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const impatient = connect(port, '127.0.0.1')
  impatient.write('POST /quiz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n')
  await expect.poll(() => database.load().waiting).toBe(1)
  await startAndWait(most - 1)
  expect((await start()).statusCode).toBe(503)
  impatient.destroy()
  await expect.poll(async () => (await app.inject('/quiz/path/1')).statusCode).toBe(404)
  await startAndWait(1)
})

// PostgreSQL ends what holds up the others as long.
test.runIf(onSqlite)('whoever has waited for ten seconds is told that the service is busy', async () => {
  const { startAndWait } = await held()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const [answer] = await startAndWait(1)
  let isAnswered = false
  answer!.then(() => {
    isAnswered = true
  })
  await vi.advanceTimersByTimeAsync(9_000)
  expect(isAnswered).toBe(false)
  await vi.advanceTimersByTimeAsync(1_000)
  const { statusCode, headers, body } = await answer!
  expect(statusCode).toBe(503)
  expect(headers['retry-after']).toBe('5')
  expect(body).toContain('The service is busy')
})
