import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { projectDirectory } from '../../src/config.ts'

/** A folder for one server's data, which goes with the test. */
export function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-data-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** What `npm start` gives to Node. */
const [, ...asStarted] = JSON.parse(
  readFileSync(join(projectDirectory, 'package.json'), 'utf8')
).scripts.start.split(' ')

let building: Promise<void> | undefined

/** Sees to it that dist/ is what src/ says. Does nothing if it is already; several processes take turns. */
export function built(): Promise<void> {
  building ??= build()
  return building
}

async function build() {
  const { code, output } = await ended(run(['scripts/prepare.js', '--build'], process.env))
  if (code !== 0) throw new Error(`The server could not be built:\n${output}`)
}

/** Runs a file of dist/ until it ends. The settings are these and the defaults, whatever this machine has set. */
export async function runBuilt(file: string, settings: Record<string, string>, args: string[] = []) {
  await built()
  return ended(run([`dist/${file}`, ...args], environmentOf(settings)))
}

/** Runs a file of tools/ until it ends, with these settings as in `runBuilt`. */
export async function runTool(file: string, settings: Record<string, string>, args: string[] = []) {
  return ended(run(['--import', 'tsx', `tools/${file}`, ...args], environmentOf(settings)))
}

export type Server = Awaited<ReturnType<typeof startServer>>

/** The built server in a process of its own, on a free port. Resolves once it is ready; ends with the test. */
export async function startServer(
  url: string,
  settings: Record<string, string> = {},
  atEnd: (end: () => void) => void = onTestFinished
) {
  await built()
  const child = run(asStarted, environmentOf({ PORT: '0', DATABASE_URL: url, ...settings }))
  const exit = ended(child)
  atEnd(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  const origin = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      output += chunk
      const ready = /is ready at (\S+)/.exec(output)
      if (ready) resolve(ready[1] as string)
    })
    exit.then(({ code, output }) => reject(new Error(`The server ended with ${code}:\n${output}`)), reject)
  })
  return {
    origin,
    pid: child.pid as number,
    /** What it has said so far, but for errors. */
    said: () => output,
    /** How it ended: its exit code, null if it was killed, and everything it said. */
    exit,
    /** Ends it as a power cut would: at once, wherever it is. */
    async kill9() {
      child.kill('SIGKILL')
      await exit
    },
    /** Asks it to stop, as systemd and Docker do. */
    async terminate() {
      child.kill('SIGTERM')
      return exit
    }
  }
}

function run(args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, args, { cwd: projectDirectory, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Only what Node itself may need is inherited; a setting left empty counts as not set, even if .env has it. */
function environmentOf(settings: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  const unset = Object.fromEntries(
    [
      'HOST',
      'PORT',
      'PUBLIC_URL',
      'DATABASE_URL',
      'CONTENT_DIR',
      'TRUST_PROXY',
      'RATE_LIMIT',
      'METRICS_TOKEN',
      'REQUIRE_TOTP'
    ].map((name) => [name, ''])
  )
  return { PATH, HOME, TMPDIR, ...unset, LOG_LEVEL: 'error', ...settings }
}

/** Its exit code, null if it was killed, and what it said: on each stream, and on both in order. */
async function ended(child: ChildProcess) {
  const said = { stdout: '', stderr: '', output: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk) => {
      said[name] += chunk
      said.output += chunk
    })
  }
  const [code]: (number | null)[] = await once(child, 'close')
  return { code: code ?? null, ...said }
}

export type Answer = { statusCode: number; location: string; body: string }

/** A browser without JavaScript that talks to a listening server over kept-alive connections. */
export function browser(cookies = new Map<string, string>()) {
  async function send(url: string, options: RequestInit): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      ...options,
      headers: { cookie, ...options.headers },
      redirect: 'manual'
    })
    const body = await response.text()
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] as string).split('=')
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return { statusCode: response.status, location: response.headers.get('location') ?? '', body }
  }

  return {
    get: (server: Pick<Server, 'origin'>, path: string) => send(`${server.origin}${path}`, {}),
    post: ({ origin }: Pick<Server, 'origin'>, path: string, fields: Record<string, string> = {}) =>
      send(`${origin}${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin }
      })
  }
}
