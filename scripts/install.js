// Installs what package-lock.json names. Packages' own install scripts do not run: the only one that is needed is that
// of better-sqlite3, and database-driver.js does its work, so that its progress and its faults can be told.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, secondsSince } from './command.js'

/**
 * The parts used here of an entry in package-lock.json.
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */

/** @param {string} root */
export async function installPackages(root) {
  if (!isInstalledAsLocked(root)) await runNpmCi(root)
}

/**
 * Whether node_modules, as npm itself recorded it, holds what package-lock.json names: then someone ran npm by hand.
 * @param {string} root
 */
function isInstalledAsLocked(root) {
  const installedFile = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installedFile)) return false
  const installed = packagesIn(installedFile)
  const { '': project, ...locked } = packagesIn(join(root, 'package-lock.json'))
  const chosen = Object.keys(project?.optionalDependencies ?? {}).map((name) => `node_modules/${name}`)
  const isComplete = Object.entries(locked).every(([path, entry]) =>
    path in installed
      ? installed[path]?.version === entry.version
      : !chosen.includes(path) && isForOtherMachines(entry)
  )
  return isComplete && Object.keys(installed).every((path) => path in locked)
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
}

/**
 * Whether a package may be missing here: the variants of a binary for other machines, and what only those need.
 * Which C library this machine has is for npm to find out.
 * @param {LockedPackage} entry
 */
function isForOtherMachines({ optional, os, cpu, libc }) {
  const isForThisMachine = os?.includes(process.platform) && cpu?.includes(process.arch) && !libc
  return optional === true && !isForThisMachine
}

/** @param {string} root */
async function runNpmCi(root) {
  console.log('Installing the packages that package-lock.json names…')
  const started = performance.now()
  const { ok, output } = await npm(
    [
      ...['ci', '--ignore-scripts', '--include=dev', '--include=optional'],
      ...['--no-audit', '--no-fund', '--no-update-notifier']
    ],
    { cwd: root, onTick: (seconds) => console.log(`  … ${seconds} s`) }
  )
  showWarnings(output)
  if (!ok) throw new Error(`${npmErrors(output)}\n\n${whyNpmFailed(output)}`)
  console.log(`Installed the packages in ${secondsSince(started)}.`)
}

/** @param {string} output */
function showWarnings(output) {
  const warnings = output.split('\n').filter((line) => /^npm warn /i.test(line))
  for (const warning of new Set(warnings)) console.log(`  ${warning}`)
}

/** @param {string} output */
function npmErrors(output) {
  const errors = output.split('\n').filter((line) => /^npm err/i.test(line))
  // npm tells the cause first, and then perhaps its whole usage.
  return errors.length > 0 ? errors.slice(0, 12).join('\n') : output.trim()
}

/** @param {string} output */
function whyNpmFailed(output) {
  if (/EUSAGE/.test(output)) {
    return 'package-lock.json does not fit package.json: run `npm install`, then the same command again.'
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT/.test(output)) {
    return 'The npm registry could not be reached: check the network or npm’s proxy settings, then run the same command again.'
  }
  if (/SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_/.test(output)) {
    return 'The registry’s certificate is not trusted here: name your own authority’s file in NODE_EXTRA_CA_CERTS.'
  }
  if (/ENOSPC/.test(output)) return 'The disk is full: about 700 MB are needed.'
  return 'npm could not install the packages; what it said is above.'
}
