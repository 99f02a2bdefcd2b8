import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { archetypes } from '../../src/content/schema.ts'
import { testApp } from '../support/app.ts'

const pages = [
  '/archetypes',
  ...archetypes.map((id) => `/archetypes/${id}`),
  '/path',
  '/habits',
  '/limits',
  '/how-it-works',
  '/privacy'
]

test.each(pages)('%s is a whole page', async (url) => {
  const { app, config } = await testApp()
  const response = await app.inject(url)
  const page = load(response.body)
  expect(response.statusCode).toBe(200)
  expect(page('h1')).toHaveLength(1)
  expect(page('meta[name=description]').attr('content')!.length).toBeGreaterThan(30)
  expect(page('link[rel=canonical]').attr('href')).toBe(config.publicUrl + url)
  expect(page('main').text()).not.toMatch(/[{}]|undefined|null/)
  expect(page('main').text().split(/\s+/).length).toBeGreaterThan(100)
})

test('every link between our pages leads somewhere', async () => {
  const { app } = await testApp()
  const seen = new Set<string>()
  const waiting = ['/']
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (seen.has(url)) continue
    seen.add(url)
    const response = await app.inject(url)
    expect(response.statusCode, url).toBe(200)
    const page = load(response.body)
    for (const link of page('a[href^="/"]')) waiting.push(page(link).attr('href')!.split('#')[0]!)
    for (const link of page('a[href^="#"]')) expect(page(page(link).attr('href')!), url).toHaveLength(1)
  }
  for (const url of pages) expect([...seen]).toContain(url)
})

test('any two archetypes can be compared', async () => {
  const { app } = await testApp()
  for (const a of archetypes) {
    for (const b of archetypes.filter((b) => b !== a)) {
      const page = load((await app.inject(`/archetypes/compare?a=${a}&b=${b}`)).body)
      expect(page('.compare tbody tr')).toHaveLength(10)
      expect(page('#a option[selected]').attr('value')).toBe(a)
      expect(page('#b option[selected]').attr('value')).toBe(b)
    }
  }
})

test.each([
  ['the same twice', 'a=solver&b=solver', 200, 'Choose two different archetypes'],
  ['an unknown one', 'a=wizard&b=solver', 400, 'Choose two of the four archetypes'],
  ['a repeated one', 'a=solver&a=architect&b=solver', 400, 'Choose two of the four archetypes']
])('comparing %s says what to do', async (_what, query, status, message) => {
  const { app } = await testApp()
  const response = await app.inject(`/archetypes/compare?${query}`)
  expect(response.statusCode).toBe(status)
  expect(response.body).toContain(message)
})

test('an unknown archetype is not found', async () => {
  const { app } = await testApp()
  expect((await app.inject('/archetypes/wizard')).statusCode).toBe(404)
})

test('the privacy page states how long things are really kept', async () => {
  const { app } = await testApp()
  const text = load((await app.inject('/privacy')).body)('main').text()
  expect(text).toContain('30 days')
  expect(text).toContain('24 months')
  expect(text).toContain('fewer than 5 people')
})
