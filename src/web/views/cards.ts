import { accessSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply } from 'fastify'
import type { Archetype } from '../../content/schema.ts'
import { type Percent, ticks } from './charts.ts'
import type { Print } from './rendering.ts'

/** What the picture says that others show beside a link to us. Rows have bars where there is a result. */
export type Card = { headline: string; rows: Row[] }
type Row = { id: Archetype; name: string; bar?: Bar }
type Bar = { share: number; x: Percent; from: Percent; width: Percent }

/** Sends a card as a PNG. */
export type RenderCard = (reply: FastifyReply, card: Card) => Promise<FastifyReply>

const size = { width: 1200, height: 630, margin: 80 }

/** How many cards are kept once they are drawn: about 10 MB of them. */
const kept = 200

// resvg reads no WOFF2 and no variable fonts: these hold the same letters as the fonts of the pages.
const fonts = ['besley-600.ttf', 'atkinson-hyperlegible-next-400.ttf', 'atkinson-hyperlegible-next-700.ttf']

/** Draws cards with resvg: no browser, off the main thread, and the same pixels on every machine. */
export function cardsIn(print: Print, publicDirectory: string, origin: string): RenderCard {
  const fontFiles = fonts.map((name) => join(publicDirectory, 'fonts', name))
  // Without its fonts, resvg leaves the text out and says nothing.
  for (const file of fontFiles) accessSync(file)
  const colours = coloursIn(readFileSync(join(publicDirectory, 'style.css'), 'utf8'))
  const host = new URL(origin).host
  const drawn = new Map<string, Buffer>()

  return async (reply, { headline, rows }) => {
    const svg = print('sharing/card', {
      ...size,
      colours,
      host,
      ruler,
      ...headlineOf(unbroken(headline, rows)),
      ...placed(rows)
    })
    const png = drawn.get(svg) ?? (await drawingOf(svg, fontFiles))
    // Put last, so that the first is the one that nobody has asked for longest.
    drawn.delete(svg)
    drawn.set(svg, png)
    const [oldest] = drawn.keys()
    if (drawn.size > kept) drawn.delete(oldest as string)
    return reply
      .headers({ 'cache-control': 'public, max-age=300', 'cross-origin-resource-policy': 'cross-origin' })
      .type('image/png')
      .send(png)
  }
}

async function drawingOf(svg: string, fontFiles: string[]): Promise<Buffer> {
  // Loaded when somebody first asks for a card: it takes as long as the rest of a start.
  const { renderAsync } = await import('@resvg/resvg-js')
  const image = await renderAsync(svg, { font: { fontFiles, loadSystemFonts: false } })
  return image.asPng()
}

/** The colours of the light scheme: those that the stylesheet names first. */
function coloursIn(stylesheet: string): Record<string, string> {
  const [light = ''] = stylesheet.split('@media')
  return Object.fromEntries([...light.matchAll(/--([\w-]+): (#\w+);/g)].map(([, name, hex]) => [name, hex]))
}

const ruler = ticks(0, size.width, 50, 100)

/** A headline on one line or two, as large as fits: Besley’s letters are on average less than 0.6 em wide. */
function headlineOf(headline: string) {
  const lines = inTwo(headline)
  const fontSize = Math.min(84, Math.floor((size.width - 2 * size.margin) / (0.6 * longest(lines))))
  const leading = 1.15 * fontSize
  const baseline = 260 + 0.35 * fontSize - ((lines.length - 1) * leading) / 2
  return { fontSize, lines: lines.map((text, index) => ({ text, y: baseline + index * leading })) }
}

/** No line ends within the name of an archetype. */
function unbroken(headline: string, rows: Row[]): string {
  return rows.reduce((text, { name }) => text.replaceAll(name, name.replaceAll(' ', '\u00a0')), headline)
}

/** A long text on two lines that are as equal as its words allow. */
function inTwo(text: string): string[] {
  const words = text.split(' ')
  if (text.length <= 20 || words.length === 1) return [text]
  return words
    .slice(1)
    .map((_, index) => [words.slice(0, index + 1).join(' '), words.slice(index + 1).join(' ')])
    .reduce((best, lines) => (longest(lines) < longest(best) ? lines : best))
}

function longest(lines: string[]): number {
  return Math.max(...lines.map(({ length }) => length))
}

/** Rows with bars stand under each other, those without beside each other. */
function placed(rows: Row[]) {
  return {
    bars: rows.flatMap(({ bar, ...row }, index) => (bar ? [{ ...row, ...bar, y: 410 + 50 * index }] : [])),
    names: rows.flatMap(({ bar, ...row }, index) => (bar ? [] : [{ ...row, x: 95 + 265 * index }]))
  }
}
