import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { pictureOf } from '../../support/png.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

const origin = 'https://bearings.example.org'

/** The tags of a page for those who show a link to it elsewhere, by name. */
function tagsOf(html: string): Record<string, string> {
  const page = load(html)
  const tags = page('meta[property^="og:"], meta[name^="twitter:"]').toArray()
  return Object.fromEntries(
    tags.map((tag) => [page(tag).attr('property') ?? page(tag).attr('name'), page(tag).attr('content')])
  )
}

async function published() {
  const context = await testApp({ PUBLIC_URL: origin })
  const get = async (url: string) => (await context.app.inject(url)).body
  const sitemap = load(await get('/sitemap.xml'), { xml: true })
  const indexed = sitemap('url > loc')
    .toArray()
    .map((loc) => sitemap(loc).text())
  return { ...context, get, indexed }
}

test('the general card is a picture of the right size, for other sites too', async () => {
  const { app } = await published()
  const { headers, rawPayload } = await app.inject('/og/home.png')
  expect(headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'public, max-age=300',
    'cross-origin-resource-policy': 'cross-origin'
  })
  const picture = pictureOf(rawPayload)
  expect(picture).toMatchObject({ width: 1200, height: 630 })
  expect(picture.ink(0, 1200, 150, 380).count).toBeGreaterThan(5000)
  expect(picture.ink(0, 1200, 500, 580).count).toBeGreaterThan(500)
})

test('every indexed page has an address, a title and a description of its own, and the general card', async () => {
  const { get, indexed } = await published()
  const descriptions = new Set<string>()
  for (const url of indexed) {
    const html = await get(url.slice(origin.length))
    const page = load(html)
    const description = page('meta[name=description]').attr('content')
    expect(tagsOf(html), url).toEqual({
      'og:site_name': 'Staff Bearings',
      'og:locale': 'en_GB',
      'og:type': 'website',
      'og:title': page('title').text().replace(' – Staff Bearings', ''),
      'og:description': description,
      'og:url': url,
      'og:image': `${origin}/og/home.png`,
      'og:image:width': '1200',
      'og:image:height': '630',
      'og:image:alt': 'Which staff archetype fits you, and which path',
      'twitter:card': 'summary_large_image'
    })
    descriptions.add(description!)
  }
  expect(descriptions.size).toBe(indexed.length)
})

test('the sitemap names every page that is to be found, by its canonical address', async () => {
  const { app, indexed } = await published()
  const canonical = new Set<string>()
  const seen = new Set<string>()
  const waiting = ['/']
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (seen.has(url)) continue
    seen.add(url)
    const page = load((await app.inject(url)).body)
    const own = page('link[rel=canonical]').attr('href')
    if (own) canonical.add(own)
    for (const link of page('a[href^="/"]')) waiting.push(page(link).attr('href')!.split('#')[0]!)
  }
  expect(indexed.toSorted()).toEqual([...canonical].sort())

  for (const url of indexed) {
    const { statusCode, headers, body } = await app.inject(url.slice(origin.length))
    expect(statusCode, url).toBe(200)
    expect(load(body)('link[rel=canonical]').attr('href')).toBe(url)
    expect(load(body)('meta[name=robots]')).toHaveLength(0)
    expect(headers['x-robots-tag']).toBeUndefined()
  }
})

test('a result is shared with its finding, its numbers and its own card', async () => {
  const { get, visitor } = await published()
  const owner = visitor()
  const manage = await take(owner, devotedTo('solver', seeded(3)))
  const own = await owner.get(manage)
  const view = load(own.body)('#share').attr('value')!
  const shared = await get(new URL(view).pathname)
  const tags = tagsOf(shared)
  expect(tags).toMatchObject({
    'og:title': 'Clearly Solver',
    'og:url': view,
    'og:image': `${origin}/og/${view.slice(-22)}.png`
  })
  const page = load(shared)
  for (const row of page('.profile tbody tr')) {
    const numbers = `${page(row).find('th').text()} ${page(row).find('.value').text()}%`
    expect(tags['og:image:alt']).toContain(numbers)
    expect(tags['og:description']).toContain(numbers)
  }
  expect(page('link[rel=canonical]')).toHaveLength(0)

  // The owner's page is told in the same way: under the link that changes nothing.
  expect(tagsOf(own.body)).toEqual(tags)
  expect(load(own.body)('head').html()).not.toContain(manage.slice(3))
  for (const response of [own, await visitor().get(new URL(view).pathname)]) {
    expect(response.headers['x-robots-tag']).toBe('noindex')
    expect(load(response.body)('meta[name=robots]').attr('content')).toBe('noindex')
  }
})

test('what is not to be shared says nothing about itself', async () => {
  const { visitor } = await published()
  const browser = visitor()
  await browser.post('/quiz')
  for (const url of [
    '/quiz/path/1',
    '/quiz/sets/1',
    '/quiz/review',
    '/admin/login',
    '/deleted',
    '/nowhere'
  ]) {
    const { body, headers } = await browser.get(url)
    expect(load(body)('h1'), url).toHaveLength(1)
    expect(tagsOf(body), url).toEqual({})
    expect(headers['x-robots-tag'], url).toBe('noindex')
  }
})

test('robots are kept from private links and forms', async () => {
  const { get } = await published()
  const [everybody, sitemap] = (await get('/robots.txt')).trim().split('\n\n')
  expect(everybody!.split('\n')).toEqual([
    'User-agent: *',
    ...['/m/', '/g/', '/quiz', '/admin'].map((path) => `Disallow: ${path}`)
  ])
  expect(sitemap).toBe(`Sitemap: ${origin}/sitemap.xml`)
})
