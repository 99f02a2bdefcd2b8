import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { paths } from '../../src/web/paths.ts'
import { addGroup } from '../support/admin.ts'
import { content } from '../support/app.ts'
import { answeredUpTo, become, launched, listening, logIn, undecided } from '../support/browser.ts'
import { contrast } from '../support/colours.ts'
import { addPeople, madeUp } from '../support/people.ts'
import { reader, seeded, take } from '../support/taker.ts'
import { brokenFigures } from './layout.ts'
import { kinds } from './states.ts'

const { visit } = launched()

for (const forcedColors of ['none', 'active'] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`bars are as long as they say, ${colorScheme}, forced colours ${forcedColors}`, async () => {
      const { site, url, page } = await result({ forcedColors, colorScheme })
      await page.goto(url)
      for (const row of await page.locator('.profile .chart').all()) {
        const share = Number.parseFloat((await row.locator('> svg').getAttribute('x')) as string)
        const drawn = await drawnAcross(row)
        // The mark is centred on the end of its bar; ticks and the dotted line are drawn as well.
        expect(drawn).toBeGreaterThan(share)
        expect(drawn).toBeLessThan(share + 7)
      }
      await become(page.context(), await answeredUpTo(site, paths.block(3)), site)
      await page.goto(paths.block(3))
      const progress = page.locator('progress')
      const done = await progress.evaluate(({ position }: HTMLProgressElement) => position * 100)
      expect(Math.abs((await drawnAcross(progress)) - done)).toBeLessThan(1)
    })
  }
}

test('nothing moves for who wants less motion', async () => {
  const { site, owner, url, page } = await result({ reducedMotion: 'reduce' })
  await become(page.context(), owner, site)
  for (const shown of [paths.home, url, paths.archetype('solver'), paths.compare]) {
    await page.goto(shown)
    expect(await page.evaluate(whatMoves), shown).toEqual([])
  }
})

test('every kind of result is printed on two sheets', async () => {
  const site = await listening()
  const page = await (await visit(site)).newPage()
  for (const { name, manner } of kinds()) {
    await page.goto(await take(reader(site.visitor()), manner))
    const pdf = await page.pdf({ preferCSSPageSize: true })
    expect([1, 2], name).toContain(pagesIn(pdf))
  }
})

test('an admin’s page on paper is its figures: none broken, nothing to press, black on white', async () => {
  const site = await listening()
  const admin = await logIn(site, site.visitor())
  await addGroup(site.database)
  const random = seeded(3)
  const people = Array.from({ length: 120 }, () => madeUp(content.current, random))
  await addPeople(site.database, people, content.current)
  const page = await (await visit(site, { colorScheme: 'dark' })).newPage()
  await become(page.context(), admin, site)
  await page.emulateMedia({ media: 'print' })
  // A4 without its margins.
  await page.setViewportSize({ width: 711, height: 1054 })
  for (const url of [paths.admin, paths.breakdowns, paths.dropOff, paths.statements, paths.groups]) {
    await page.goto(url)
    expect(
      await page.locator('nav, form, select, button, .button').filter({ visible: true }).count(),
      url
    ).toBe(0)
    expect(await page.evaluate(brokenFigures), url).toEqual([])
    const colours = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.documentElement)
      return [color, backgroundColor]
    })
    expect(colours, url).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
  }
})

/** How much of the row of pixels through its middle stands out from the background, in per cent. */
async function drawnAcross(drawing: Locator): Promise<number> {
  const png = await drawing.screenshot()
  const { background, pixels } = await drawing.evaluate(middleRow, png.toString('base64'))
  return (pixels.filter((pixel) => contrast(pixel, background) >= 3).length / pixels.length) * 100
}

/** Runs in the page. */
async function middleRow(drawing: Element, png: string) {
  const bytes = Uint8Array.from(atob(png), (byte) => byte.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes]))
  const canvas = new OffscreenCanvas(image.width, 1).getContext('2d') as OffscreenCanvasRenderingContext2D
  canvas.drawImage(image, 0, -Math.floor(image.height / 2))
  const { data } = canvas.getImageData(0, 0, image.width, 1)
  const pixels = Array.from(
    { length: image.width },
    (_, x) => `rgb(${data.slice(4 * x, 4 * x + 3).join(' ')})`
  )
  let behind = drawing
  while (behind.parentElement && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') {
    behind = behind.parentElement
  }
  return { background: getComputedStyle(behind).backgroundColor, pixels }
}

/** Somebody with a result, and a page to look at it. */
async function result(options = {}) {
  const site = await listening()
  const owner = site.visitor()
  const url = await take(reader(owner), undecided(['solver', 'right-hand']))
  const page = await (await visit(site, options)).newPage()
  return { site, owner, url, page }
}

/** Runs in the page: elements that would change gradually, and scrolling that would. */
function whatMoves(): string[] {
  return [...document.querySelectorAll('*')]
    .filter((element) => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element)
      return animationName !== 'none' || /[1-9]/.test(transitionDuration) || scrollBehavior === 'smooth'
    })
    .map(({ outerHTML }) => outerHTML.slice(0, 80))
}

function pagesIn(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
}
