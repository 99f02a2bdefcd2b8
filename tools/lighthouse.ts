import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findBrowser, launchArguments } from '../scripts/browser.js'
import { projectDirectory } from '../src/config.ts'
import { paths } from '../src/web/paths.ts'

/**
 * `npm run lighthouse` measures the built application as Lighthouse’s phone sees it, and fails unless every page has
 * 100 in performance, accessibility and best practices. Results are kept from search engines, so SEO is only shown.
 *
 * Lighthouse is fetched when it is wanted: 185 MB in 200 packages are too much to install for everybody.
 */
const lighthouse = 'lighthouse@12.8.2'
const required = ['performance', 'accessibility', 'best-practices']
const measures = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
  'total-byte-weight'
]

type Scores = Record<string, number>
type Category = { score: number; auditRefs: { id: string }[] }
type Audit = { id: string; title: string; score: number | null; displayValue?: string }
type Report = { categories: Record<string, Category>; audits: Record<string, Audit> }

const execute = promisify(execFile)
const directory = await mkdtemp(join(tmpdir(), 'staff-bearings-lighthouse-'))
const { executablePath, env } = await findBrowser()
const browser = await chromium.launch({ executablePath, env, args: launchArguments })
const server = await startServer()

try {
  const seenByAnyone = (path: string) => ({ url: server.origin + path, cookie: '' })
  const pages = {
    home: seenByAnyone(paths.home),
    'quiz page': await visitedBy(browser, (url) => url.endsWith(paths.block(1))),
    result: await visitedBy(browser, (url) => !url.includes(paths.quiz)),
    archetype: seenByAnyone(paths.archetype('architect'))
  }
  const table: Record<string, Scores> = {}
  for (const [name, { url, cookie }] of Object.entries(pages)) {
    const report = await measure(url, cookie)
    table[name] = scoresOf(report)
    tellDetails(name, report)
  }
  console.table(table)
  if (Object.values(table).some((scores) => required.some((category) => scores[category] !== 100))) {
    console.error(`Not every page has 100 in ${required.join(', ')}.`)
    process.exitCode = 1
  }
} finally {
  await server.stop()
  await browser.close()
  await rm(directory, { recursive: true })
}

/** The built server on a free port, with a database that goes with it. */
async function startServer() {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(projectDirectory, 'dist/server.js')], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: origin,
      DATABASE_URL: `file:${join(directory, 'lighthouse.db')}`,
      LOG_LEVEL: 'warn'
    },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (said) => String(said).includes('is ready') && resolve())
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}.`)))
  })
  async function stop() {
    child.kill()
    await once(child, 'exit')
  }
  return { origin, stop }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** Takes the quiz as a new visitor until a page is reached, and tells how to get there again. */
async function visitedBy(browser: Browser, isThere: (url: string) => boolean) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(server.origin)
  await Promise.all([page.waitForNavigation(), page.click('main form .button')])
  while (!isThere(page.url())) await answer(page)
  const cookies = await context.cookies()
  const url = page.url()
  await context.close()
  return { url, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
}

/** Answers a page in such a way that the result names archetypes, and sends it. */
async function answer(page: Page) {
  const values = await page.$$eval('main input[type=radio]', (inputs) =>
    (inputs as HTMLInputElement[]).map(({ name, value }) => ({ name, value }))
  )
  for (const name of new Set(values.map(({ name }) => name))) {
    const options = values.filter((option) => option.name === name).map(({ value }) => value)
    // Always the same two of four statements, wherever they are shown.
    const [first, second] = [...options].sort()
    await page.check(`input[name="${name}"][value="${name === 'least' ? second : first}"]`)
  }
  await Promise.all([page.waitForNavigation(), page.click('main form .button:not([name])')])
}

async function measure(url: string, cookie: string): Promise<Report> {
  const { stdout } = await execute(
    'npx',
    [
      '--yes',
      lighthouse,
      url,
      '--quiet',
      '--output=json',
      '--no-enable-error-reporting',
      `--chrome-flags=--headless ${launchArguments.join(' ')}`,
      `--extra-headers=${JSON.stringify(cookie ? { Cookie: cookie } : {})}`
    ],
    { cwd: directory, env: { ...env, CHROME_PATH: executablePath }, maxBuffer: 64 * 1024 * 1024 }
  )
  return JSON.parse(stdout)
}

function scoresOf({ categories }: Report): Scores {
  return Object.fromEntries(
    Object.entries(categories).map(([name, { score }]) => [name, Math.round(score * 100)])
  )
}

/** A page's bytes and times, and what keeps it from 100. */
function tellDetails(name: string, { categories, audits }: Report) {
  console.log(
    `${name}: ${measures.map((id) => `${audits[id]?.title} ${audits[id]?.displayValue}`).join(', ')}`
  )
  for (const { score, auditRefs } of required.map((category) => categories[category] as Category)) {
    if (score === 1) continue
    const faults = auditRefs
      .map(({ id }) => audits[id] as Audit)
      .filter(({ score }) => score !== null && score < 1)
    for (const { id, title } of faults) console.log(`  ${id}: ${title}`)
  }
}
