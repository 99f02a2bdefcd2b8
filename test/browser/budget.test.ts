import type { BrowserContext, Page, Request } from 'playwright-core'
import { expect, test } from 'vitest'
import { paths } from '../../src/web/paths.ts'
import { answeredUpTo, become, launched, listening } from '../support/browser.ts'
import { devotedTo, seeded, take } from '../support/taker.ts'

const { visit } = launched()

const pagesOfQuiz = [paths.pathPage(1), paths.block(1), paths.habitsPage]

test.each(pagesOfQuiz)('%s is light, and lighter for who has seen another page', async (url) => {
  const { page } = await quizIn({})
  const first = await transfersOf(page, url)
  expect(first.size).toBeLessThanOrEqual(6)
  expect(sumOf(first)).toBeLessThanOrEqual(75_000)
  // The script comes with the first set of statements.
  for (const later of pagesOfQuiz.filter((other) => other !== url)) {
    expect(sumOf(await transfersOf(page, later))).toBeLessThanOrEqual(6_000)
  }
})

for (const width of [360, 1280]) {
  test(`nothing moves when the fonts come late, ${width} px`, async () => {
    const { page, context, result } = await quizIn({ viewport: { width, height: 800 } })
    await context.route('**/fonts/*', async (route) => {
      await page.waitForFunction(() => performance.getEntriesByType('paint').length > 0)
      await route.continue()
    })
    for (const url of [paths.home, paths.block(1), result, paths.archetype('architect')]) {
      await page.goto(url, { waitUntil: 'networkidle' })
      expect(await page.evaluate(shifts), url).toEqual([])
    }
  })
}

/** Somebody in the middle of the quiz, and the result of somebody else. */
async function quizIn(options: object) {
  const site = await listening()
  const result = await take(site.visitor(), devotedTo('architect', seeded(2)))
  const context: BrowserContext = await visit(site, options)
  await become(context, await answeredUpTo(site, paths.review), site)
  return { context, page: await context.newPage(), result }
}

/** What the server sends for a page: bytes by path, with headers, and without what is in the cache. */
async function transfersOf(page: Page, url: string): Promise<Map<string, number>> {
  const requests: Request[] = []
  const note = (request: Request) => requests.push(request)
  page.on('requestfinished', note)
  await page.goto(url, { waitUntil: 'networkidle' })
  // A browser without windows has no use for the icon.
  await page.evaluate(() => fetch((document.querySelector('link[rel=icon]') as HTMLLinkElement).href))
  await page.waitForLoadState('networkidle')
  page.off('requestfinished', note)

  const transfers = new Map<string, number>()
  for (const request of requests) {
    const { responseHeadersSize, responseBodySize } = await request.sizes()
    // Of what comes from the cache, Chromium counts the headers, and takes them away from the body.
    const bytes = responseHeadersSize + responseBodySize
    if (bytes > 0) transfers.set(request.url(), bytes)
  }
  return transfers
}

function sumOf(transfers: Map<string, number>): number {
  return [...transfers.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/** Runs in the page: its layout shifts, with what moved. */
function shifts(): Promise<string[]> {
  return new Promise((resolve) => {
    new PerformanceObserver((list) =>
      resolve(list.getEntries().map((shift) => JSON.stringify(shift)))
    ).observe({ type: 'layout-shift', buffered: true })
    // What has happened already is told before the next frame but one.
    requestAnimationFrame(() => requestAnimationFrame(() => resolve([])))
  })
}
