// Provides the native part of better-sqlite3: the ready-made binary where it can be fetched, else a compiled one.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { howToInstallBuildTools, missingBuildTools } from './build-tools.js'
import { npm, run, secondsSince } from './command.js'
import { hasFaultyHeaders, lastSoundHeadersOf24, withHeaders } from './node-headers.js'

/** @param {string} root */
export async function provideDatabaseDriver(root) {
  if (await works(root)) return
  if ((await fetchBinary(root)) && (await works(root))) return
  await compile(root)
  if (!(await works(root))) throw new Error('better-sqlite3 was compiled, but does not load.')
}

/**
 * Whether the native part is there, for this Node, and compiled with sound headers.
 * @param {string} root
 */
async function works(root) {
  const binary = join(packageFolder(root), 'build/Release/better_sqlite3.node')
  if (!existsSync(binary)) return false
  if (hasFaultyHeaders() && readFileSync(binary).includes('RemoveEnvironmentCleanupHook')) return false
  const openDatabase = "new (require('better-sqlite3'))(':memory:').close()"
  const { ok } = await run(process.execPath, ['--eval', openDatabase], { cwd: root })
  return ok
}

/** @param {string} root */
async function fetchBinary(root) {
  const started = performance.now()
  const program = join(root, 'node_modules/prebuild-install/bin.js')
  const { ok } = await run(process.execPath, [program], {
    cwd: packageFolder(root),
    onTick: (seconds) => console.log(`  … fetching better-sqlite3’s binary, ${seconds} s`)
  })
  if (ok) console.log(`Fetched better-sqlite3’s binary in ${secondsSince(started)}.`)
  return ok
}

/** @param {string} root */
async function compile(root) {
  const missing = await missingBuildTools()
  if (missing.length > 0) {
    throw new Error(`better-sqlite3’s binary cannot be fetched here, and to compile it ${missing.join(' and ')} must be there. Install with
  ${howToInstallBuildTools()}
and run the same command again.`)
  }
  console.log('better-sqlite3’s binary cannot be fetched here: compiling it, which takes about a minute…')
  const started = performance.now()
  await withHeaders(async (nodeDirectory) => {
    if (!nodeDirectory && hasFaultyHeaders()) {
      throw new Error(
        `better-sqlite3 compiled for Node ${process.versions.node} would crash, and the headers of ${lastSoundHeadersOf24} cannot be had: use that Node, or 22.`
      )
    }
    const { ok, output } = await npm(['run', 'build-release'], {
      cwd: packageFolder(root),
      // SQLite compiles itself with -O2; Node's -O3 would take ten seconds more.
      env: { JOBS: 'max', CFLAGS: '-O2', ...(nodeDirectory && (await settingsOfNodeGyp(nodeDirectory))) },
      onTick: (seconds) => console.log(`  … ${seconds} s`)
    })
    if (!ok) throw new Error(`${lastLines(output)}\n\nbetter-sqlite3 could not be compiled.`)
  })
  console.log(`Compiled better-sqlite3 in ${secondsSince(started)}.`)
}

/**
 * Tells node-gyp where Node's headers are. npm 10.8 and older pass it only npm's own settings, which npm 11
 * in turn warns about; from 10.9 on it reads settings named like those of a package.
 * @param {string} nodeDirectory
 * @returns {Promise<Record<string, string>>}
 */
async function settingsOfNodeGyp(nodeDirectory) {
  const { output: npmVersion } = await npm(['--version'])
  return {
    npm_package_config_node_gyp_nodedir: nodeDirectory,
    ...(Number.parseInt(npmVersion, 10) < 11 && { npm_config_nodedir: nodeDirectory })
  }
}

/** @param {string} root */
function packageFolder(root) {
  return join(root, 'node_modules/better-sqlite3')
}

/** @param {string} output */
function lastLines(output) {
  return output.trim().split('\n').slice(-30).join('\n')
}
