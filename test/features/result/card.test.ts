import { renderAsync } from '@resvg/resvg-js'
import { load } from 'cheerio'
import { beforeEach, expect, test, vi } from 'vitest'
import { testApp } from '../../support/app.ts'
import { pictureOf } from '../../support/png.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

vi.hoisted(() => vi.resetModules())
vi.mock('@resvg/resvg-js', { spy: true })
beforeEach(() => {
  vi.mocked(renderAsync).mockClear()
})

async function aCard() {
  const context = await testApp()
  const browser = context.visitor()
  const manage = await take(browser, devotedTo('solver', seeded(3)))
  const page = load((await browser.get(manage)).body)
  const token = new URL(page('#share').attr('value')!).pathname.slice(3)
  return { ...context, browser, manage, page, token, url: `/og/${token}.png` }
}

/** The texts of the card that was drawn: what it says in large letters, and everything else. */
function drawn() {
  const [svg] = vi.mocked(renderAsync).mock.calls[0] as [string]
  const card = load(svg, { xml: true })
  const textsOf = (selector: string) =>
    card(selector)
      .toArray()
      .map((text) => card(text).text())
  return { headline: textsOf('.headline').join(' '), others: textsOf('text:not(.headline)') }
}

const leading = (kind: string, certainty: string, archetypes: number[]) => ({ kind, certainty, archetypes })

test.each([
  ['one, clearly', { leading: leading('single', 'clear', [3]) }, 'Clearly Right Hand, with a Tech Lead side'],
  [
    'one, likely',
    { leading: leading('single', 'likely', [3]) },
    'Mostly Right Hand, with a strong Tech Lead side'
  ],
  ['two', { leading: leading('blend', 'blend', [3, 0]) }, 'Between Right Hand and Tech Lead'],
  ['three', { leading: leading('open', 'open', [3, 0, 1]) }, 'No clear lead: you are spread across three'],
  ['none', { noPattern: true }, 'No stable pattern in your answers']
])('a result with %s in front has a card', async (_kind, changed, finding) => {
  const { database, manage, url, visitorAfterRestart } = await aCard()
  const { scores } = await database.read.result.findFirstOrThrow()
  const { profile, ...others } = JSON.parse(scores)
  const stored = {
    ...others,
    ...changed,
    profile: { ...profile, share: [0.3, 0.15, 0.1, 0.45], first: [0.2, 0.1, 0.05, 0.65] }
  }
  await database.write((transaction) =>
    transaction.result.updateMany({ data: { scores: JSON.stringify(stored) } })
  )

  const browser = await visitorAfterRestart()
  expect(load((await browser.get(manage)).body)('h1').text()).toBe(finding)
  const { statusCode, headers, rawPayload } = await browser.get(url)
  expect(statusCode).toBe(200)
  expect(headers['content-type']).toBe('image/png')
  expect(rawPayload.length).toBeGreaterThan(25_000)
  expect(drawn().headline.replaceAll('\u00a0', ' ')).toBe(finding)
  const picture = pictureOf(rawPayload)
  expect(picture).toMatchObject({ width: 1200, height: 630 })
  expect(picture.ink(80, 1120, 160, 380).count).toBeGreaterThan(5000)
})

test('the card says what the page says, and nothing that a shared page hides', async () => {
  const { browser, page, url } = await aCard()
  await browser.get(url)
  const rows = page('.profile tbody tr')
    .toArray()
    .flatMap((row) => [page(row).find('th').text(), `${page(row).find('.value').text()}%`])
  expect(rows).toHaveLength(8)
  expect(drawn()).toEqual({
    headline: page('h1').text(),
    others: ['Staff Bearings', '127.0.0.1:3000', ...rows]
  })
})

test('a card can be shown elsewhere, kept for a short time, and is not to be found by search engines', async () => {
  const { browser, url } = await aCard()
  const { headers } = await browser.get(url)
  expect(headers['cross-origin-resource-policy']).toBe('cross-origin')
  expect(headers['cache-control']).toBe('public, max-age=300')
  expect(headers['x-robots-tag']).toBe('noindex')
})

test('a card is drawn once, and gone as soon as its result is', async () => {
  const { browser, url, manage } = await aCard()
  const first = await browser.get(url)
  const second = await browser.get(url)
  expect(second.rawPayload).toEqual(first.rawPayload)
  expect(renderAsync).toHaveBeenCalledTimes(1)

  await browser.post(`${manage}/delete`)
  const third = await browser.get(url)
  expect(third.statusCode).toBe(404)
  expect(third.headers['cache-control']).toBe('no-store')
  expect(third.headers['cross-origin-resource-policy']).toBe('same-origin')
})

test('unknown and malformed cards look like any page that is not there', async () => {
  const { browser, manage } = await aCard()
  const nowhere = await browser.get('/nowhere')
  for (const token of ['A'.repeat(22), 'short', manage.slice(3), `${'A'.repeat(22)}.png`, '%E0%A4%A']) {
    const response = await browser.get(`/og/${token}.png`)
    expect(response.statusCode, token).toBe(404)
    expect(response.body, token).toBe(nowhere.body)
  }
  expect(renderAsync).not.toHaveBeenCalled()
})

test('one address is sent sixty pictures of results a minute, and no more', async () => {
  const { app, url } = await aCard()
  const statuses: number[] = []
  for (let picture = 0; picture < 61; picture++) statuses.push((await app.inject(url)).statusCode)
  expect(statuses).toEqual([...Array(60).fill(200), 429])
})
