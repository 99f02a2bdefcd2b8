import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { archetypes } from '../../../src/content/schema.ts'
import { lean } from '../../../src/scoring/path/lean.ts'
import { independentProfile } from '../../scoring/independent.ts'
import { content, testApp } from '../../support/app.ts'

const pages = [
  '/archetypes',
  ...archetypes.map((id) => `/archetypes/${id}`),
  '/path',
  '/habits',
  '/limits',
  '/how-it-works',
  '/privacy',
  '/accessibility'
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

test('a reference names the source that it leads to', async () => {
  const { app } = await testApp()
  for (const url of [...pages, '/archetypes/compare?a=solver&b=right-hand']) {
    const page = load((await app.inject(url)).body)
    for (const reference of page('main a.cite')
      .toArray()
      .map((element) => page(element))) {
      const number = reference.text().slice(1, -1)
      const listed = page(reference.attr('href')!)
      expect(listed.index(), url).toBe(Number(number) - 1)
      const named = reference.attr('aria-label')!.replace(`Source ${number}: `, '')
      expect(listed.text().startsWith(named), named).toBe(true)
    }
    for (const source of page('.sources li')
      .toArray()
      .map((element) => page(element))) {
      expect(page(`a.cite[href="#${source.attr('id')}"]`).length, `${url}: ${source.text()}`).toBeGreaterThan(
        0
      )
    }
  }
})

test.each(archetypes)('the week of the %s is drawn as long as its table says', async (id) => {
  const { app } = await testApp()
  const page = load((await app.inject(`/archetypes/${id}`)).body)
  const rows = page('.week tbody tr')
    .toArray()
    .map((element) => page(element))
  const hours = rows.map((row) => Number(row.find('.value').text()))
  const total = hours.reduce((sum, value) => sum + value, 0)
  expect(page('#week').text()).toBe(`How ${total} hours may divide`)
  const drawn = rows.map((row) => row.find('rect').attr('width'))
  expect(drawn).toEqual(hours.map((value) => `${+((value / total) * 100).toFixed(2)}%`))
  expect(rows.map((row) => row.find('rect').attr('class'))).toEqual(
    rows.map((row) => (row.find('th').text() === 'Left open' ? 'outline' : `f-${id}`))
  )
  expect(page('.panel > p').text()).toMatch(/not a measurement.* our reading.*\[\d+\]/)
})

test('the map has every archetype in the quadrant that its words name, and says whose reading it is', async () => {
  const { app } = await testApp()
  const page = load((await app.inject('/archetypes')).body)
  const texts = (selector: string) =>
    page(selector)
      .toArray()
      .map((element) => page(element).text().trim())
  const words = Object.fromEntries(
    texts('#places dt').map((name, index) => [name, texts('#places dd')[index]!])
  )
  const quadrants = texts('.quadrant > div')
  expect(quadrants.toSorted()).toEqual(archetypes.map((id) => content.archetypes[id].name).toSorted())
  for (const [index, name] of quadrants.entries()) {
    expect(words[name]).toMatch(index % 2 === 0 ? /^Rooted/ : /^Moving/)
    expect(words[name]).toMatch(
      index < 2 ? /(more|mostly) through technical/i : /(more|mostly) through people/i
    )
  }
  expect(page('.panel .note').text()).toContain('a reading of ours, not Larson’s')
})

test('the worked example tells what the scoring makes of its answers', async () => {
  const { app } = await testApp()
  const page = load((await app.inject('/how-it-works')).body)
  const { sets, path } = content.example
  const rows = page('.compare tbody tr')
    .toArray()
    .map((element) => page(element))
  expect(rows).toHaveLength(5)
  for (const row of rows) {
    const stop = Number(/\d+/.exec(row.find('th').text())![0])
    const choices = sets.slice(0, stop).map(({ most, least }) => ({
      most: archetypes.indexOf(most),
      least: archetypes.indexOf(least)
    }))
    const { share, first } = independentProfile([{ choices }])
    const [marked, shown, chance] = row
      .find('td')
      .toArray()
      .map((cell) => page(cell).text())
    const solver = archetypes.indexOf('solver')
    expect(marked).toContain(`Solver ${choices.filter(({ most }) => most === solver).length}`)
    expect(Math.abs(Number.parseInt(shown!, 10) - 100 * share[solver]!)).toBeLessThan(0.6)
    expect(Math.abs(Number(chance) - 100 * first[solver]!)).toBeLessThan(0.6)
    const [low, high] = /\((\d+)–(\d+)\)/.exec(shown!)!.slice(1).map(Number)
    expect(low! < Number.parseInt(shown!, 10) && Number.parseInt(shown!, 10) < high!).toBe(true)
  }
  expect(rows.map((row) => row.find('td').last().text())).toEqual([
    'no clear lead',
    'no clear lead',
    'between Solver and Architect',
    'between Solver and Architect',
    'clearly Solver'
  ])

  const { lean: mean, management } = lean(path)
  expect(page('main').text().replaceAll(/\s+/g, ' ')).toMatch(
    new RegExp(
      `that is −${Math.round(-100 * mean)}, .* making is ${Math.round(100 - 100 * management)} in 100`
    )
  )
  const count = (sign: number) => path.filter((point) => Math.sign(point) === sign).length
  expect([count(-1), count(1), count(0)], '“five …, one …, and two …”').toEqual([5, 1, 2])
})

test('the accessibility page says what was not tried, and is linked from every page', async () => {
  const { app } = await testApp()
  const text = load((await app.inject('/accessibility')).body)('main').text()
  for (const word of ['Screen readers', 'Firefox', 'Safari', 'Least may come before Most', 'Whom to tell']) {
    expect(text).toContain(word)
  }
  for (const url of ['/', ...pages]) {
    expect(load((await app.inject(url)).body)('footer a[href="/accessibility"]'), url).toHaveLength(1)
  }
})
