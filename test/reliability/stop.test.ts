import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fileOf } from '../../src/database/engine/sqlite-connections.ts'
import { emptyDatabase, newDatabase, onSqlite } from '../support/database.ts'
import { browser, dataDirectory, runBuilt, startServer } from '../support/server.ts'
import { together, witness } from './witness.ts'

// Several servers are started, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

test('asked to stop under load, the server ends with 0 and has kept everything it acknowledged', async () => {
  const url = await newDatabase()
  const server = await startServer(url)
  const witnesses = Array.from({ length: 16 }, (_, index) => witness(index))

  let left = 150
  let end: typeof server.exit | undefined
  await together(
    witnesses,
    () => end !== undefined,
    async (one) => {
      while (one.result === null) {
        await one.step(server)
        left -= 1
        if (left === 0) end = server.terminate()
      }
    }
  )
  expect(await end).toMatchObject({ code: 0 })
  // SQLite clears its log away when the last connection is closed as it should be.
  if (onSqlite) expect(existsSync(`${fileOf(url)}-wal`)).toBe(false)

  const again = await startServer(url)
  await Promise.all(witnesses.map((one) => one.check(again)))
})

test('an idle kept-alive connection does not delay the stop', async () => {
  const server = await startServer(await newDatabase())
  await browser().get(server, '/healthz')
  expect(await server.terminate()).toMatchObject({ code: 0 })
})

test('wrong settings stop the start, each of them named', async () => {
  const directory = dataDirectory()
  const { code, output } = await runBuilt('server.js', {
    PORT: 'eighty',
    PUBLIC_URL: 'bearings.example.org',
    DATABASE_URL: 'mysql://root:secret@nowhere/bearings',
    CONTENT_DIR: join(directory, 'missing'),
    TRUST_PROXY: 'everybody!',
    RATE_LIMIT: '0',
    LOG_LEVEL: 'loud'
  })
  expect(code).toBe(1)
  expect(output.trimEnd().split('\n')).toEqual([
    'These settings cannot be used:',
    expect.stringMatching(/^ {2}PORT=eighty must/),
    expect.stringMatching(/^ {2}PUBLIC_URL=bearings\.example\.org must/),
    expect.stringMatching(/^ {2}DATABASE_URL=mysql:\/\/…@nowhere\/bearings must/),
    expect.stringMatching(/^ {2}CONTENT_DIR=\S+missing must/),
    expect.stringMatching(/^ {2}TRUST_PROXY=everybody! must/),
    expect.stringMatching(/^ {2}RATE_LIMIT=0 must/),
    expect.stringMatching(/^ {2}LOG_LEVEL=loud /)
  ])
})

test('content that cannot be used stops the start, and every missing file is named', async () => {
  const directory = dataDirectory()
  mkdirSync(join(directory, 'empty'))
  const { code, output } = await runBuilt('server.js', {
    CONTENT_DIR: join(directory, 'empty'),
    DATABASE_URL: await emptyDatabase()
  })
  expect(code).toBe(1)
  for (const file of [
    'sources.yaml',
    'archetypes/solver.yaml',
    'pages/privacy.yaml',
    'results/results.yaml'
  ]) {
    expect(output).toContain(`${file}: is missing`)
  }
  expect(output).not.toMatch(/^\s+at /m)
})

test('a port that is in use is named, and how to choose another', async () => {
  const occupant = createServer()
  const port = await new Promise<number>((resolve) => {
    occupant.listen(0, '127.0.0.1', () => resolve((occupant.address() as { port: number }).port))
  })
  onTestFinished(() => void occupant.close())
  const { code, output } = await runBuilt('server.js', {
    PORT: String(port),
    DATABASE_URL: await emptyDatabase()
  })
  expect(code).toBe(1)
  expect(output.trim()).toBe(
    `listen EADDRINUSE: address already in use 127.0.0.1:${port}: set PORT to another`
  )
})
