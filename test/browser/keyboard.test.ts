import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { paths } from '../../src/web/paths.ts'
import { answeredUpTo, become, launched, listening } from '../support/browser.ts'

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

test('the focus can be seen wherever it goes', async () => {
  const site = await listening()
  const context = await visit(site, { viewport: { width: 320, height: 640 } })
  await become(context, await answeredUpTo(site, paths.review), site)
  const page = await context.newPage()
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
    let stops = 0
    while (await page.evaluate(() => document.activeElement !== document.body)) {
      expect(await page.evaluate(faultOfFocus), url).toBeNull()
      await page.keyboard.press('Tab')
      stops++
    }
    expect(stops, url).toBeGreaterThan(9)
  }
})

/** Runs in the page: why what has the focus cannot be seen to have it, or null. */
function faultOfFocus(): string | null {
  const focused = document.activeElement as HTMLElement
  const shown = focused.closest('.pick') ?? focused
  const { outlineStyle, outlineWidth } = getComputedStyle(shown)
  const box = shown.getBoundingClientRect()
  const { x, y, top, bottom } = focused.getClientRects()[0] as DOMRect
  const onTop = document.elementFromPoint(x + 3, (top + bottom) / 2)
  const name = focused.textContent.trim() || focused.id
  if (outlineStyle !== 'solid' || Number.parseFloat(outlineWidth) < 3) return `${name} has no outline`
  if (Math.round(box.top) < 0 || Math.round(box.bottom) > window.innerHeight) return `${name} is out of sight`
  if (!onTop || !shown.contains(onTop)) return `${name} is covered at ${x}, ${y}`
  return null
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
