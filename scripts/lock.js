import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMilliseconds = 500
const refreshMilliseconds = 5_000
const staleMilliseconds = 60_000

/**
 * Does the work while no other process does work under the same lock file.
 * A lock is left over when its process is gone, or when it was not refreshed for a minute.
 * @param {string} file
 * @param {() => Promise<void>} work
 */
export async function withLock(file, work) {
  await acquire(file)
  const release = () => rmSync(file, { force: true })
  const refresher = setInterval(() => touch(file), refreshMilliseconds)
  process.once('exit', release)
  try {
    await work()
  } finally {
    clearInterval(refresher)
    process.off('exit', release)
    release()
  }
}

/** @param {string} file */
async function acquire(file) {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() })
  let told = false
  while (!(await take(file, mine))) {
    const holder = read(file)
    if (holder === undefined) continue
    if (isLeftOver(file, holder)) {
      setAside(file, holder)
      continue
    }
    if (!told) console.log('Another process is preparing this checkout; waiting for it.')
    told = true
    await sleep(pollMilliseconds)
  }
}

/**
 * @param {string} file
 * @param {string} mine
 */
async function take(file, mine) {
  try {
    writeFileSync(file, mine, { flag: 'wx' })
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
  return true
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * @param {string} file
 * @param {string} holder
 */
function isLeftOver(file, holder) {
  const { pid, host } = parse(holder)
  if (host === hostname() && pid && !isAlive(pid)) return true
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
  return Date.now() - touched > staleMilliseconds
}

/**
 * Removes a left-over lock. Two processes may find it at once, and one may already have taken a new lock:
 * a rename happens once only, and what it moved shows whether it was the old lock.
 * @param {string} file
 * @param {string} holder
 */
function setAside(file, holder) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    throw error
  }
  if (read(aside) === holder) rmSync(aside, { force: true })
  else renameSync(aside, file)
}

/**
 * @param {string} holder
 * @returns {{ pid?: number, host?: string }}
 */
function parse(holder) {
  try {
    return JSON.parse(holder)
  } catch {
    return {}
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

/** @param {string} file */
function touch(file) {
  const now = new Date()
  if (existsSync(file)) utimesSync(file, now, now)
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code
}
