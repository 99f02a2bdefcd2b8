import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectDirectory } from '../src/config.ts'
import { median } from '../src/simulation/measures.ts'
import { paths } from '../src/web/paths.ts'
import { load, type Shot, shot } from './load.ts'

/**
 * `npm run bench -- pages`: how many requests a second the built server answers with a shared page, as a share of
 * those that a bare Fastify answers with the same compressed bytes. The two take turns, so that whatever else the
 * machine does slows both down. It fails below these goals.
 */
const GOAL = 0.8
const GOAL_UNCHANGED = 0.75
const ROUNDS = 7
const SLICE = 700
const browser = { 'accept-encoding': 'gzip, deflate, br' }

const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-bench-'))
const children: ChildProcess[] = []
try {
  const ours = await started(['dist/server.js'], {
    PORT: '0',
    PUBLIC_URL: '',
    DATABASE_URL: `file:${join(directory, 'bench.db')}`,
    RATE_LIMIT: '1000000000',
    LOG_LEVEL: 'info'
  })
  for (const path of [paths.home, paths.archetype('solver')]) {
    const { etag, type, file } = await kept(ours.port, path)
    const bare = await started(['--import', 'tsx', 'bench/bare.ts', file, type, etag])
    const unchanged = { ...browser, 'if-none-match': etag }
    await compare(path, GOAL, bare, ours, [
      await shot(bare.port, '/', browser),
      await shot(ours.port, path, browser)
    ])
    await compare(`${path}, unchanged`, GOAL_UNCHANGED, bare, ours, [
      await shot(bare.port, '/unchanged', unchanged),
      await shot(ours.port, path, unchanged)
    ])
    bare.child.kill()
  }
} finally {
  for (const child of children) {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  rmSync(directory, { recursive: true })
}

type Site = { child: ChildProcess; port: number }

async function started(args: string[], settings: Record<string, string> = {}): Promise<Site> {
  const child = spawn(process.execPath, args, {
    cwd: projectDirectory,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  children.push(child)
  for await (const line of createInterface(child.stdout)) {
    const port = /ready at \S+:(\d+)/.exec(line)?.[1]
    if (!port) continue
    // Whatever else it says is read, so that it never waits.
    child.stdout.resume()
    return { child, port: Number(port) }
  }
  throw new Error(`${args.join(' ')} did not start`)
}

/** What our server sends for a page, in a file. */
async function kept(port: number, path: string) {
  const asked = get({ port, path, host: '127.0.0.1', headers: browser })
  const [response] = await once(asked, 'response')
  const file = join(directory, 'page.br')
  writeFileSync(file, Buffer.concat(await response.toArray()))
  return { file, etag: response.headers.etag as string, type: response.headers['content-type'] as string }
}

async function compare(what: string, goal: number, bare: Site, ours: Site, shots: [Shot, Shot]) {
  if (shots[0].status !== shots[1].status) throw new Error(`${what}: ${shots.map(({ status }) => status)}`)
  const sites = [bare, ours]
  const measured = sites.map(() => ({ rate: [] as number[], processor: [] as number[] }))
  for (let round = -1; round < ROUNDS; round++) {
    for (const [which, { child }] of sites.entries()) {
      const [start, before] = [performance.now(), processorTime(child)]
      const answered = await load(shots[which]!, SLICE)
      // The first round warms up.
      if (round < 0) continue
      measured[which]!.rate.push(answered / (performance.now() - start))
      measured[which]!.processor.push((processorTime(child) - before) / answered)
    }
  }
  const [theirs, own] = measured as [(typeof measured)[0], (typeof measured)[0]]
  const ratio = median(own.rate.map((rate, round) => rate / theirs.rate[round]!))
  const holds = ratio >= goal
  if (!holds) process.exitCode = 1
  const processor = existsSync('/proc/self/stat')
    ? `processor ${(1e6 * median(theirs.processor)).toFixed(1)} to ${(1e6 * median(own.processor)).toFixed(1)} µs`
    : ''
  console.log(
    `${what.padEnd(32)} ${median(own.rate).toFixed(0).padStart(4)} of ${median(theirs.rate).toFixed(0).padStart(4)} a ms ` +
      `  ratio ${ratio.toFixed(2)} (goal ${goal.toFixed(2)})   ${processor}   ${holds ? 'ok' : 'TOO SLOW'}`
  )
}

/** Seconds of processor time that a process has used so far, to a hundredth, where the system tells. */
function processorTime({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return 0
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
