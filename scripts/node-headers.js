// Where to find the headers that native code is compiled with.

import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { npm } from './command.js'

/**
 * Addons that build on node::ObjectWrap, as better-sqlite3 12 does, abort during garbage collection when they are
 * compiled with the headers of Node 24.19 or a later 24.x: https://github.com/nodejs/node/issues/65446.
 * Those of 24.18.1 have the same binary interface, and what they make runs on every 24.x.
 */
export const lastSoundHeadersOf24 = '24.18.1'

/** Whether this Node's own headers are the faulty ones. */
export function hasFaultyHeaders() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major === 24 && minor >= 19
}

/**
 * Does the work with a folder that has include/node in it: the one that Node was installed to, or else one out of
 * the npm package that carries Node. Nothing is given when neither has the headers.
 * @param {(nodeDirectory: string | undefined) => Promise<void>} work
 */
export async function withHeaders(work) {
  const version = hasFaultyHeaders() ? lastSoundHeadersOf24 : process.versions.node
  const installed = dirname(dirname(realpathSync(process.execPath)))
  if (hasHeaders(installed, version)) return work(installed)
  const folder = mkdtempSync(join(tmpdir(), 'node-headers-'))
  try {
    await work(await fetchHeaders(folder, version))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} folder an empty one
 * @param {string} version
 */
async function fetchHeaders(folder, version) {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier']
  await npm(['install', `${name}@${version}`, ...options], { cwd: folder })
  const directory = join(folder, 'node_modules', name)
  return hasHeaders(directory, version) ? directory : undefined
}

/**
 * @param {string} directory
 * @param {string} version
 */
function hasHeaders(directory, version) {
  const file = join(directory, 'include/node/node_version.h')
  if (!existsSync(file)) return false
  const text = readFileSync(file, 'utf8')
  const found = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]
  )
  return found.join('.') === version
}
