// Makes sure that the browser tests have a Chromium: they are never left out in silence.

import { join } from 'node:path'
import { findBrowser } from './browser.js'
import { isOnPath } from './build-tools.js'
import { run, secondsSince } from './command.js'

const root = join(import.meta.dirname, '..')

/**
 * A way to get a browser, for when there is none.
 * @typedef {{ how: string, get: () => Promise<{ ok: boolean, output: string }> }} Source
 */

/** @returns {Promise<string | undefined>} what was looked for, when no browser starts */
export async function whyNoBrowser() {
  try {
    await findBrowser()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** @throws {Error} that lists what was tried, when no browser can be had */
export async function fetchBrowser() {
  const tried = []
  for (const { how, get } of sources()) {
    console.log(`No Chromium starts yet: trying ${how}…`)
    const started = performance.now()
    const { ok, output } = await get()
    const outcome = ok ? 'done' : lastLine(output)
    console.log(`  ${outcome}, after ${secondsSince(started)}.`)
    if ((await whyNoBrowser()) === undefined) return
    tried.push(`  ${how}: ${outcome}`)
  }
  const fault = [await whyNoBrowser(), ...tried].join('\n')
  throw new Error(`${fault}\n\nThe browser tests need a Chromium. Install one, or name one in CHROME_PATH.`)
}

/** @returns {Source[]} */
function sources() {
  // Whoever names a browser wants that one or none.
  if (process.env.CHROME_PATH) return []
  const canUseApt = process.getuid?.() === 0 && isOnPath('apt-get')
  const playwright = {
    how: 'playwright install chromium-headless-shell',
    get: () => installWithPlaywright(canUseApt)
  }
  if (!canUseApt) return [playwright]
  return [
    playwright,
    ...['chromium-headless-shell', 'chromium'].map((name) => ({
      how: `apt-get install ${name}`,
      get: () => installWithApt(name)
    }))
  ]
}

/** @param {boolean} withLibraries the libraries it needs come from apt */
function installWithPlaywright(withLibraries) {
  const cli = join(root, 'node_modules/playwright-core/cli.js')
  const args = ['install', ...(withLibraries ? ['--with-deps'] : []), 'chromium-headless-shell']
  return run(process.execPath, [cli, ...args], { onTick: tellSeconds })
}

/** @param {string} name */
async function installWithApt(name) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const update = await run('apt-get', ['update', '--quiet'], { env, onTick: tellSeconds })
  if (!update.ok) return update
  const args = ['install', '--yes', '--quiet', '--no-install-recommends', name]
  return run('apt-get', args, { env, onTick: tellSeconds })
}

/** @param {number} seconds */
function tellSeconds(seconds) {
  console.log(`  … ${seconds} s`)
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1) || 'failed without a word'
}
