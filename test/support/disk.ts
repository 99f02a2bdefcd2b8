import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDirectory } from './server.ts'

const hasCompiler = spawnSync('cc', ['--version']).status === 0

/** Whether a process can be started on such a disk here: that takes Linux, and a compiler as for SQLite itself. */
export const canStandIn = process.platform === 'linux' && hasCompiler

/** A disk whose syncs are counted, and which can be full. Goes with the test. */
export function disk() {
  const directory = dataDirectory()
  const [library, syncs, full] = ['disk.so', 'syncs', 'full'].map((name) => join(directory, name)) as [
    string,
    string,
    string
  ]
  const source = join(import.meta.dirname, 'disk.c')
  const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
  if (status !== 0) throw new Error(`${stderr}`)
  return {
    /** What a process has to be started with. */
    settings: { LD_PRELOAD: library, DISK_SYNCS: syncs, DISK_FULL: full },
    syncs: () => (existsSync(syncs) ? statSync(syncs).size : 0),
    fill: () => writeFileSync(full, ''),
    clear: () => rmSync(full)
  }
}
