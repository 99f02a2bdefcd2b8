// Finds a Chromium that can be driven. It never uses the network: see fetch-browser.js for that.

import { execFile } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/**
 * A browser that was seen to start. Its fields are what Playwright's `launch` wants, and `foundIn` for people.
 * @typedef {{ executablePath: string, env: Record<string, string>, foundIn: string }} Browser
 */

const execute = promisify(execFile)
const root = join(import.meta.dirname, '..')

/** What Chromium needs to run as root, in a container, without calling home, and with the same pixels everywhere. */
export const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  '--force-color-profile=srgb'
]

const namesOnPath = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome'
]

const playwrightExecutables = [
  'chrome-headless-shell',
  'chrome-headless-shell.exe',
  'headless_shell',
  'chrome',
  'chrome.exe',
  'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing'
]

/**
 * Looks in CHROME_PATH, on the PATH, among Playwright's downloads and in the npm package that carries a Chromium.
 * @returns {Promise<Browser>}
 * @throws {Error} that lists what was tried
 */
export async function findBrowser() {
  const tried = []
  for await (const candidate of candidates()) {
    const fault = await faultOnStart(candidate)
    if (!fault) return candidate
    tried.push(`${candidate.foundIn}: ${candidate.executablePath}: ${fault}`)
    // Whoever names a browser wants that one or none.
    if (process.env.CHROME_PATH) break
  }
  const list = tried.length > 0 ? tried : ['nothing was found']
  throw new Error(`No Chromium starts:\n${list.map((line) => `  ${line}`).join('\n')}`)
}

/** @returns {AsyncGenerator<Browser>} */
async function* candidates() {
  if (process.env.CHROME_PATH) yield candidate('CHROME_PATH', process.env.CHROME_PATH)
  for (const path of executablesOnPath()) yield candidate('PATH', path)
  for (const path of executablesOfPlaywright()) yield candidate('Playwright’s cache', path)
  yield* candidatesFromNpm()
}

/**
 * @param {string} foundIn
 * @param {string} executablePath
 * @param {Record<string, string>} [extraEnv] for the browser only
 * @returns {Browser}
 */
function candidate(foundIn, executablePath, extraEnv = {}) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined))
  return { foundIn, executablePath, env: /** @type {Record<string, string>} */ ({ ...env, ...extraEnv }) }
}

/**
 * A file that exists need not start: libraries may be missing, or it may be a script that asks for a snap.
 * @param {Browser} browser
 * @returns {Promise<string | undefined>} why it does not start
 */
async function faultOnStart({ executablePath, env }) {
  try {
    const args = ['--headless', '--no-sandbox', '--version']
    const { stdout } = await execute(executablePath, args, { env, timeout: 15_000 })
    return /\d+\.\d+/.test(stdout) ? undefined : 'told no version'
  } catch (error) {
    const { stderr, message } = /** @type {Error & { stderr?: string }} */ (error)
    return (stderr?.trim() || message).split('\n')[0]
  }
}

function executablesOnPath() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return namesOnPath.flatMap((name) => folders.map((folder) => join(folder, name)).filter(isExecutable))
}

/** Playwright keeps <cache>/chromium…-<revision>/<platform>/<executable>; the newest revision comes first. */
function executablesOfPlaywright() {
  const cache = playwrightCache()
  return foldersIn(cache)
    .filter((name) => name.startsWith('chromium'))
    .sort()
    .reverse()
    .flatMap((revision) =>
      foldersIn(join(cache, revision)).map((platform) => join(cache, revision, platform))
    )
    .flatMap((folder) => playwrightExecutables.map((name) => join(folder, name)))
    .filter(isExecutable)
}

function playwrightCache() {
  if (process.env.PLAYWRIGHT_BROWSERS_PATH) return process.env.PLAYWRIGHT_BROWSERS_PATH
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/ms-playwright')
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright')
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ms-playwright')
}

/** @param {string} folder */
function foldersIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * @sparticuz/chromium carries a Chromium and its libraries in its tarball, for Linux on x64 with glibc.
 * @returns {AsyncGenerator<Browser>}
 */
async function* candidatesFromNpm() {
  const packageFolder = join(root, 'node_modules/@sparticuz/chromium')
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(packageFolder)) return
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
  const folder = join(root, 'node_modules/.cache', `chromium-${version}`)
  if (!existsSync(folder)) await unpackChromium(folder)

  const executablePath = join(folder, 'chromium')
  const fonts = { FONTCONFIG_PATH: join(folder, 'fontconfig') }
  const libraries = [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  yield candidate('@sparticuz/chromium', executablePath, fonts)
  yield candidate('@sparticuz/chromium with its libraries', executablePath, {
    ...fonts,
    LD_LIBRARY_PATH: libraries
  })
}

/**
 * The package unpacks into the shared temporary folder, its libraries only on "Lambda", and changes the environment
 * it is loaded in: so it is loaded in a process of its own. The rename makes the folder appear complete or not at all.
 * @param {string} folder
 */
async function unpackChromium(folder) {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  const unpacked = mkdtempSync(`${folder}-`)
  try {
    const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()"
    await execute(process.execPath, ['--input-type=module', '--eval', unpack], {
      cwd: root,
      env: { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }
    })
    writeFontConfiguration(unpacked, folder)
    moveUnlessThere(unpacked, folder)
  } finally {
    rmSync(unpacked, { recursive: true, force: true })
  }
}

/**
 * Chromium aborts when it needs a font and finds none, and the packaged configuration names a folder that is not
 * there: ours adds the packaged fonts to whatever the machine has.
 * @param {string} unpacked
 * @param {string} folder where it will be moved to
 */
function writeFontConfiguration(unpacked, folder) {
  const configuration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/fontcache</cachedir>
</fontconfig>
`
  mkdirSync(join(unpacked, 'fontconfig'))
  writeFileSync(join(unpacked, 'fontconfig/fonts.conf'), configuration)
}

/**
 * Another process may have been faster; then its folder is as good as ours.
 * @param {string} from
 * @param {string} to
 */
function moveUnlessThere(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!existsSync(to)) throw error
  }
}
