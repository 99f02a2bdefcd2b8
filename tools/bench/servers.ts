import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectDirectory } from '../../src/config.ts'

export type Server = { child: ChildProcess; port: number }

/** A folder, and servers in processes of their own, for as long as they are needed. */
export type Place = {
  directory: string
  start(args: string[], settings?: Record<string, string>): Promise<Server>
}

export async function inPlace<Result>(use: (place: Place) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-bench-'))
  const children: ChildProcess[] = []
  try {
    return await use({
      directory,
      async start(args, settings = {}) {
        const child = begin(args, settings)
        children.push(child)
        return { child, port: await portOf(child) }
      }
    })
  } finally {
    await Promise.all(children.map((child) => end(child)))
    rmSync(directory, { recursive: true })
  }
}

/** The command line of `npm start`, but for Node itself. */
export const asStarted: string[] = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8'))
  .scripts.start.split(' ')
  .slice(1)

/** The settings of a server of ours that is asked more than visitors ask; what the machine has set does not count. */
export function settingsFor(file: string, port = 0): Record<string, string> {
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: '',
    CONTENT_DIR: '',
    DATABASE_URL: `file:${file}`,
    RATE_LIMIT: '1000000000',
    LOG_LEVEL: 'info'
  }
}

export function begin(args: string[], settings: Record<string, string>): ChildProcess {
  const env = { ...process.env, ...settings }
  return spawn(process.execPath, args, { cwd: projectDirectory, env, stdio: ['ignore', 'pipe', 'inherit'] })
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}

/** The port that a server says it listens on, once it is ready. */
export async function portOf(child: ChildProcess): Promise<number> {
  for await (const line of createInterface(child.stdout!)) {
    const port = /ready at \S+:(\d+)/.exec(line)?.[1]
    if (!port) continue
    // Whatever else it says is read, so that it never waits.
    child.stdout!.resume()
    return Number(port)
  }
  throw new Error(`${child.spawnargs.join(' ')} did not start`)
}

/** Seconds of processor time that a process has used so far, to a hundredth, where the system tells. */
export function processorTime({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return Number.NaN
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Megabytes (of 1024² bytes) that Linux says a process has resident: now (VmRSS), or had at most (VmHWM). */
export function megabytesOf({ pid }: ChildProcess, which: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kilobytes) / 1024
}
