import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest'
import { findBrowser, launchArguments } from '../../scripts/browser.js'
import { type Archetype, archetypes } from '../../src/content/schema.ts'
import { paths } from '../../src/web/paths.ts'
import { addAdmin, giveSession } from './admin.ts'
import { content, testApp, type Visitor } from './app.ts'
import { devotedTo, fill, type Manner, seeded } from './taker.ts'

export type Site = Awaited<ReturnType<typeof listening>>

/** The real application on a database of its own, listening on a free port. It shuffles in the same way every time. */
export async function listening(asked = content) {
  const chance = vi.spyOn(Math, 'random').mockImplementation(seeded(1))
  onTestFinished(() => chance.mockRestore())
  const tested = await testApp({}, asked)
  const origin = await tested.app.listen({ host: '127.0.0.1', port: 0 })
  return { ...tested, origin }
}

/** Launches one Chromium for all tests of a file. Call it once, outside the tests. */
export function launched() {
  let browser: Browser
  beforeAll(async () => {
    const { executablePath, env } = await findBrowser()
    browser = await chromium.launch({ executablePath, env, args: launchArguments })
  })
  afterAll(() => browser.close())

  /** A browser profile without cookies, which goes with the test. */
  async function profile(options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options)
    context.setDefaultTimeout(15_000)
    onTestFinished(() => context.close())
    return context
  }

  return {
    profile,

    /**
     * A profile for one site, in which URLs need no origin. The test fails if one of its pages writes to the
     * console, throws, or asks another origin for anything.
     */
    async visit({ origin }: Site, options: BrowserContextOptions = {}) {
      const complaints: string[] = []
      onTestFinished(() => expect(complaints, 'what the browser complains of').toEqual([]))
      const context = await profile({ baseURL: origin, viewport: { width: 1280, height: 800 }, ...options })
      watch(context, origin, (complaint) => complaints.push(complaint))
      return context
    }
  }
}

function watch(context: BrowserContext, origin: string, complain: (complaint: string) => void) {
  const failedPages = new Set<string>()
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) complain(`asks for ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.request().isNavigationRequest() && !response.ok()) failedPages.add(response.url())
  })
  context.on('weberror', (error) => complain(`throws ${error.error()}`))
  context.on('console', (message) => {
    // Two notes of Chromium’s tell what we mean: the status of a page that is not 200, and a cache emptied at our word.
    const ofPage = failedPages.has(message.location().url)
    if (ofPage && message.text().startsWith('Failed to load resource: the server responded')) return
    if (message.type() === 'info' && message.text().startsWith('Clear-Site-Data header')) return
    complain(`writes ${message.type()} at ${message.location().url}: ${message.text()}`)
  })
}

/** Puts a visitor's cookies into a browser profile, in place of those that it has. */
export async function become(context: BrowserContext, visitor: Visitor, { origin }: Site) {
  await context.clearCookies()
  await context.addCookies([...visitor.cookies].map(([name, value]) => ({ name, value, url: origin })))
}

/** Somebody who has answered every page of the quiz before this one. */
export async function answeredUpTo(
  site: Site,
  last: string,
  manner: Manner = devotedTo('architect', seeded(2)),
  door = paths.quiz
): Promise<Visitor> {
  const visitor = site.visitor()
  let url = (await visitor.post(door)).headers.location
  while (url !== last) {
    if (!url?.startsWith(paths.quiz)) throw new Error(`${last} did not come before ${url}`)
    const page = await visitor.get(url)
    url = (await visitor.post(url, fill(page.body, manner))).headers.location
  }
  return visitor
}

/** Marks these archetypes Most in turn, and those that are left, or the one opposite, Least. */
export function undecided(between: readonly Archetype[]): Manner {
  const left = archetypes.filter((id) => !between.includes(id))
  let turn = 0
  return {
    set(statements) {
      const of = (archetype?: Archetype) => statements.find((id) => archetypeOf(id) === archetype) as string
      const most = between[turn % between.length]
      const least = left.length > 0 ? left[turn % left.length] : between[(turn + 2) % between.length]
      turn++
      return { most: of(most), least: of(least) }
    },
    option(values) {
      const archetype = between[turn++ % between.length]
      return (
        values.find((value) => archetypeOf(value) === archetype) ?? (values[turn % values.length] as string)
      )
    }
  }
}

function archetypeOf(statement: string): Archetype | undefined {
  const statements = content.current.blocks.flatMap(({ statements }) => statements)
  return statements.find(({ id }) => id === statement)?.archetype
}

export { password } from './admin.ts'

/** Makes an account for an admin, Ada, and a session of hers for this visitor. */
export async function logIn({ database }: Site, visitor: Visitor): Promise<Visitor> {
  await addAdmin(database)
  await giveSession(database, visitor)
  return visitor
}
