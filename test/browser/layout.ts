import type { Page } from 'playwright-core'
import { isLong } from '../support/numbers.ts'

const wide = { width: 1280, height: 800 }
const tablet = { width: 768, height: 800 }
const narrow = { width: 320, height: 800 }
/** What 400 % zoom makes of 1280 by 1024 (WCAG 2.2, 1.4.10). */
const zoomed = { width: 320, height: 256 }

/** What a reader may change, each over those before it, and the windows they look through: always, and if much is tried. */
const views = [
  { name: 'as it is', change: () => {}, always: [wide, narrow], more: [tablet, zoomed] },
  { name: 'with spaced text', change: spaceText, always: [narrow], more: [wide] },
  { name: 'and from right to left', change: turnAround, always: [], more: [wide, narrow] }
]

/** What does not fit its window, does not lie in its place or is too small, however the page is read. Leaves it changed. */
export async function layoutFaults(page: Page): Promise<string[]> {
  const found = []
  for (const { name, change, always, more } of views) {
    await page.evaluate(change)
    for (const window of isLong ? [...always, ...more] : always) {
      await page.setViewportSize(window)
      const faults = await Promise.all([
        tooWide(page),
        page.evaluate(overlaps),
        page.evaluate(brokenFigures),
        page.evaluate(smallerThan, smallest)
      ])
      found.push(...faults.flat().map((fault) => `${name}, ${window.width} by ${window.height}: ${fault}`))
    }
  }
  return found
}

async function tooWide(page: Page): Promise<string[]> {
  const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  return needed! > given! ? [`needs ${needed} of ${given} px`] : []
}

function turnAround() {
  document.documentElement.dir = 'rtl'
}

/** The spacing that readers must be able to set (WCAG 2.2, 1.4.12). */
function spaceText() {
  const sheet = new CSSStyleSheet()
  const all = 'line-height: 1.5; letter-spacing: 0.12em; word-spacing: 0.16em'
  sheet.replaceSync(`* { ${all} } p { margin-bottom: 2em }`.replaceAll(/(?=;| })/g, ' !important'))
  document.adoptedStyleSheets = [sheet]
}

/** Runs in the page: lines of text and controls that lie on one another. */
function overlaps(): string[] {
  const clipped = [...document.querySelectorAll('*')].filter(
    (element) => getComputedStyle(element).clipPath !== 'none'
  )
  const isShown = (element: Element) =>
    element.checkVisibility() && !clipped.some((ancestor) => ancestor.contains(element))
  const nameOf = ({ textContent, nodeName }: Node) => textContent?.trim().slice(0, 30) || nodeName

  const boxes: { node: Node; left: number; right: number; top: number; bottom: number }[] = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode
    if (!node.textContent?.trim() || !isShown(node.parentElement as Element)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const { left, right, top, bottom, height } of range.getClientRects()) {
      // A font’s box is higher than its letters.
      boxes.push({ node, left, right, top: top + height / 5, bottom: bottom - height / 5 })
    }
  }
  for (const node of document.querySelectorAll('button, .button, .text, select, .pick, progress, svg')) {
    const { left, right, top, bottom } = node.getBoundingClientRect()
    if (isShown(node)) boxes.push({ node, left, right, top, bottom })
  }

  const faults = new Set<string>()
  boxes.sort((one, other) => one.top - other.top)
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      if (other.top >= one.bottom - 1) break
      const apart = one.right <= other.left + 1 || other.right <= one.left + 1
      if (apart || one.node.contains(other.node) || other.node.contains(one.node)) continue
      faults.add(`“${nameOf(one.node)}” lies on “${nameOf(other.node)}”`)
    }
  }
  return [...faults]
}

/** Runs in the page: figures in tables that go on in the next line. */
export function brokenFigures(): string[] {
  return [...document.querySelectorAll('td.number')].flatMap((cell) => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    const broken: string[] = []
    while (texts.nextNode()) {
      const node = texts.currentNode
      for (const { 0: word, index } of (node.textContent as string).matchAll(/\S+/g)) {
        const range = document.createRange()
        range.setStart(node, index)
        range.setEnd(node, index + word.length)
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
        if (lines.size > 1) broken.push(`“${word}” is broken`)
      }
    }
    return broken
  })
}

/** CSS pixels: answers, then other controls, then links that stand alone (WCAG 2.2, 2.5.8 asks for 24). */
const smallest = {
  '.pick': 48,
  'button, .button, .text, select': 44,
  'header a, footer a, .back a, .answers a, .error-summary a': 24
}

/** Runs in the page: the visible elements that are not as high, or not 24 px wide. */
function smallerThan(heights: Record<string, number>): string[] {
  return Object.entries(heights).flatMap(([selector, least]) =>
    [...document.querySelectorAll(selector)]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ element, box }) => element.checkVisibility() && (box.height < least || box.width < 24))
      .map(({ element, box }) => `${element.textContent.trim()} is ${box.width} by ${box.height}`)
  )
}
