import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RenderedImage, renderAsync } from '@resvg/resvg-js'
import Fastify from 'fastify'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { projectDirectory } from '../../../src/config.ts'
import { fill } from '../../../src/content/result-texts.ts'
import { archetypes } from '../../../src/content/schema.ts'
import { cardsIn } from '../../../src/web/views/cards.ts'
import { viewsIn } from '../../../src/web/views/rendering.ts'
import { content } from '../../support/app.ts'
import { pictureOf } from '../../support/png.ts'

vi.hoisted(() => vi.resetModules())
vi.mock('@resvg/resvg-js', { spy: true })
beforeEach(() => {
  vi.mocked(renderAsync).mockClear()
})

const publicDirectory = join(projectDirectory, 'public')

/** Draws the card with a headline, over four equal shares. */
function drawing(directory = publicDirectory) {
  const { print } = viewsIn(join(projectDirectory, 'views'), { assets: '', origin: '' })
  const renderCard = cardsIn(print, directory, 'https://bearings.example.org')
  const bar = { share: 25, x: '41.67%', from: '33.33%', width: '16.67%' }
  const rows = archetypes.map((id) => ({ id, name: content.archetypes[id].name, bar }))
  const app = Fastify()
  app.get('/', async ({ query }, reply) =>
    renderCard(reply, { headline: (query as { headline: string }).headline, rows })
  )
  return async (headline: string) => (await app.inject({ url: '/', query: { headline } })).rawPayload
}

/** Every line that the content can make. */
const headlines = [
  ...new Set(
    archetypes.flatMap((a) =>
      archetypes
        .filter((b) => b !== a)
        .flatMap((b) => {
          const [first, second] = [content.archetypes[a].name, content.archetypes[b].name]
          const aSecond = `${content.results.archetypes[b].article} ${second}`
          return Object.values(content.results.finding).map((line) => fill(line, { first, second, aSecond }))
        })
    )
  )
]

test('every finding fits between the margins', async () => {
  const draw = drawing()
  expect(headlines.length).toBeGreaterThan(40)
  for (const headline of headlines) {
    const picture = pictureOf(await draw(headline))
    const { from, to, count } = picture.ink(0, 1200, 130, 390)
    expect(count, headline).toBeGreaterThan(5000)
    expect(from, headline).toBeGreaterThanOrEqual(80)
    expect(to, headline).toBeLessThan(1120)
    // Nothing between the finding and what is above and below it.
    expect(picture.ink(0, 1200, 120, 160).count, headline).toBe(0)
    expect(picture.ink(0, 1200, 362, 385).count, headline).toBe(0)
  }
})

test('a long finding takes two lines', async () => {
  const picture = pictureOf(await drawing()('Mostly Right Hand, with a strong Tech Lead side'))
  expect(picture.ink(80, 1120, 190, 240).count).toBeGreaterThan(3000)
  expect(picture.ink(80, 1120, 290, 340).count).toBeGreaterThan(3000)
})

test('every text is in the face that the site has it in', async () => {
  const picture = pictureOf(await drawing()('Clearly Right Hand'))
  const endOf = (left: number, right: number, top: number, bottom: number) =>
    picture.ink(left, right, top, bottom).to
  // Where these words end depends on the font and on its weight.
  expect(endOf(250, 700, 70, 120), 'Staff Bearings').toBeCloseTo(471, -1)
  expect(endOf(0, 1200, 160, 340), 'Clearly Right Hand').toBeCloseTo(925, -1)
  expect(endOf(0, 265, 540, 575), 'Right Hand').toBeCloseTo(235, -1)
  expect(picture.ink(1000, 1200, 390, 420).from, '25%').toBeCloseTo(1051, -1)
})

test('without one of its fonts, no card is drawn', () => {
  const copy = mkdtempSync(join(tmpdir(), 'staff-bearings-public-'))
  onTestFinished(() => rmSync(copy, { recursive: true }))
  for (const font of ['besley-600', 'atkinson-hyperlegible-next-400', 'atkinson-hyperlegible-next-700']) {
    cpSync(publicDirectory, copy, { recursive: true })
    drawing(copy)
    rmSync(join(copy, 'fonts', `${font}.ttf`))
    expect(() => drawing(copy), font).toThrow(font)
  }
})

test('what it says is text, whatever is in it', async () => {
  const draw = drawing()
  const [markup, plain] = [await draw('<rect width="9999"/>&'), await draw('Clearly Solver')]
  expect(pictureOf(markup).ink(0, 1200, 130, 390).count).toBeGreaterThan(2000)
  expect(pictureOf(markup).ink(0, 1200, 385, 630)).toEqual(pictureOf(plain).ink(0, 1200, 385, 630))
})

test('a card is drawn once, and the one not asked for longest is forgotten first', async () => {
  const draw = drawing()
  const first = await draw('first')
  expect(await draw('first')).toEqual(first)
  expect(renderAsync).toHaveBeenCalledTimes(1)

  vi.mocked(renderAsync).mockResolvedValue({ asPng: () => first } as RenderedImage)
  onTestFinished(() => {
    vi.mocked(renderAsync).mockReset()
  })
  for (let other = 0; other < 199; other++) await draw(`other ${other}`)
  await draw('first')
  expect(renderAsync).toHaveBeenCalledTimes(200)
  await draw('one more')
  await draw('first')
  expect(renderAsync).toHaveBeenCalledTimes(201)
  await draw('other 0')
  expect(renderAsync).toHaveBeenCalledTimes(202)
})
