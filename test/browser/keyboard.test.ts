import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { paths } from '../../src/web/paths.ts'
import { answeredUpTo, become, launched, listening } from '../support/browser.ts'
import { contrast } from '../support/colours.ts'

const { visit } = launched()

test('Tab leads from Most to Least to Continue', async () => {
  const page = await aSet()
  expect(await stops(page, 3)).toEqual(['most-1', 'least-1', 'Continue'])
})

test('what is chosen is reached in the order of the statements, then Continue', async () => {
  const page = await aSet()
  await page.locator('#most-2').check()
  await page.locator('#least-4').check()
  expect(await stops(page, 3)).toEqual(['most-2', 'least-4', 'Continue'])

  await page.locator('#least-1').check()
  expect(await stops(page, 3)).toEqual(['least-1', 'most-2', 'Continue'])
})

test('arrow keys stay among Most, or among Least', async () => {
  const page = await aSet()
  for (const group of ['most', 'least']) {
    await page.locator(`#${group}-1`).focus()
    for (const number of [2, 3, 4, 1]) {
      await page.keyboard.press('ArrowDown')
      expect(await focused(page)).toBe(`${group}-${number}`)
      expect(await chosen(page)).toContain(`${group}-${number}`)
    }
    await page.keyboard.press('ArrowUp')
    expect(await focused(page)).toBe(`${group}-4`)
  }
})

test('a set can be answered with Tab, Space, arrows and Enter, without JavaScript', async () => {
  const page = await aSet({ javaScriptEnabled: false })
  await page.locator('.back a').focus()
  for (const key of ['Tab', 'Space', 'Tab', 'ArrowDown']) await page.keyboard.press(key)
  expect(await chosen(page)).toEqual(['least-2', 'most-1'])
  await page.keyboard.press('Enter')
  await page.waitForURL(paths.block(2))
})

test('1 to 4 mark Most, and with Shift Least, while the focus is in the set', async () => {
  const page = await aSet()
  await page.locator('#least-1').focus()
  for (const number of [1, 2, 3, 4]) {
    await page.keyboard.press(`Digit${number}`)
    expect(await chosen(page)).toEqual([`most-${number}`])
    expect(await focused(page)).toBe(`most-${number}`)
  }
  for (const number of [1, 2, 3]) {
    await page.keyboard.press(`Shift+Digit${number}`)
    expect(await chosen(page)).toEqual([`least-${number}`, 'most-4'])
    expect(await focused(page)).toBe(`least-${number}`)
  }
})

test('numbers and letters do nothing while the focus is elsewhere', async () => {
  const page = await aSet()
  for (const selector of ['.back a', 'main button']) {
    await page.locator(selector).focus()
    for (const key of ['Digit1', 'Shift+Digit2']) await page.keyboard.press(key)
    expect(await chosen(page)).toEqual([])
  }
})

test('numbers with Control, Alt or Meta stay with the browser', async () => {
  const page = await aSet()
  await page.locator('#most-1').focus()
  for (const key of ['Control', 'Alt', 'Meta']) await page.keyboard.press(`${key}+Digit2`)
  expect(await chosen(page)).toEqual([])
})

test('the later of two choices for one statement wins, and is announced', async () => {
  const page = await aSet()
  const announced = page.getByRole('status')
  await page.locator('#most-2').check()
  expect(await announced.textContent()).toBe('')

  await page.locator('#least-2').check()
  expect(await chosen(page)).toEqual(['least-2'])
  expect(await announced.textContent()).toBe('Most cleared: one statement cannot be both.')

  await page.locator('#least-2').focus()
  await page.keyboard.press('Digit2')
  expect(await chosen(page)).toEqual(['most-2'])
  expect(await announced.textContent()).toBe('Least cleared: one statement cannot be both.')
})

const readers = {
  'on a phone': { viewport: { width: 320, height: 640 } },
  'in the dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  'in colours of their own': { viewport: { width: 768, height: 800 }, forcedColors: 'active' }
} as const

for (const [reader, options] of Object.entries(readers)) {
  test(`the focus can be seen wherever it goes, and goes down the page, ${reader}`, async () => {
    const site = await listening()
    const page = await (await visit(site, options)).newPage()
    await become(page.context(), await answeredUpTo(site, paths.review), site)
    for (const url of [
      paths.home,
      paths.pathPage(1),
      paths.block(1),
      paths.review,
      paths.context,
      paths.compare
    ]) {
      await page.goto(url)
      await page.keyboard.press('Tab')
      const stops = []
      while (await page.evaluate(() => document.activeElement !== document.body)) {
        const stop = await page.evaluate(focusOnPage)
        expect(faultsOfFocus(stop, stops.at(-1)), `${url}: ${stop.name}`).toEqual([])
        stops.push(stop)
        await page.keyboard.press('Tab')
      }
      expect(stops.length, url).toBeGreaterThan(9)
    }
  })
}

type Stop = ReturnType<typeof focusOnPage>

/** What has the focus and how it is shown. Runs in the page. */
function focusOnPage() {
  const outlined = [...document.querySelectorAll('*')].filter(
    (element) => getComputedStyle(element).outlineStyle !== 'none'
  )
  const focused = document.activeElement as HTMLElement
  const shown = focused.closest('.pick') ?? focused
  const { outlineColor, outlineWidth } = getComputedStyle(shown)
  let behind = shown.parentElement as Element
  while (behind.parentElement && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') {
    behind = behind.parentElement
  }
  const { top, bottom } = shown.getBoundingClientRect()
  // A link may go over several lines.
  const line = focused.getClientRects()[0] as DOMRect
  const onTop = document.elementFromPoint(line.x + 3, (line.top + line.bottom) / 2)
  return {
    name: focused.textContent.trim() || focused.id,
    isAloneOutlined: outlined.length === 1 && outlined[0] === shown,
    outlineColor,
    outlineWidth: Number.parseFloat(outlineWidth),
    background: getComputedStyle(behind).backgroundColor,
    isInSight: Math.round(top) >= 0 && Math.round(bottom) <= window.innerHeight,
    isOnTop: shown.contains(onTop),
    top: line.top + window.scrollY,
    bottom: line.bottom + window.scrollY,
    left: line.left,
    place: [...document.querySelectorAll('*')].indexOf(focused)
  }
}

/** Why what has the focus cannot be seen to have it, or should not have it after the one before. */
function faultsOfFocus(stop: Stop, before: Stop | undefined): string[] {
  const faults = {
    'is not outlined, or not alone': !stop.isAloneOutlined || stop.outlineWidth < 3,
    'has an outline like its background': contrast(stop.outlineColor, stop.background) < 3,
    'is out of sight': !stop.isInSight,
    'is covered': !stop.isOnTop,
    'comes earlier in the document': before && stop.place < before.place,
    'is neither further down nor further right': before && stop.top < before.bottom && stop.left < before.left
  }
  return Object.entries(faults).flatMap(([fault, found]) => (found ? fault : []))
}

/** The first set of statements, nothing chosen. */
async function aSet(options = {}): Promise<Page> {
  const site = await listening()
  const context = await visit(site, options)
  await become(context, await answeredUpTo(site, paths.block(1)), site)
  const page = await context.newPage()
  await page.goto(paths.block(1))
  return page
}

/** What Tab reaches from the Back link on. */
async function stops(page: Page, count: number): Promise<string[]> {
  await page.locator('.back a').focus()
  const reached = []
  for (let stop = 0; stop < count; stop++) {
    await page.keyboard.press('Tab')
    reached.push(await focused(page))
  }
  return reached
}

/** The id or, where there is none, the words of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.locator(':focus').evaluate((element) => element.id || element.textContent)
}

async function chosen(page: Page): Promise<string[]> {
  const inputs = await page.locator('input:checked').all()
  return (await Promise.all(inputs.map((input) => input.getAttribute('id') as Promise<string>))).sort()
}
