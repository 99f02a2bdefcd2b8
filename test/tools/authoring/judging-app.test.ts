import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'cheerio'
import { HtmlValidate } from 'html-validate'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { desirabilityOf } from '../../../src/content/check/desirability.ts'
import { readRatings, saveRating } from '../../../src/content/ratings.ts'
import { securityHeaders } from '../../../src/web/http/security.ts'
import { paths } from '../../../src/web/paths.ts'
import { judgingApp } from '../../../tools/authoring/judging-app.ts'
import { visitor } from '../../support/app.ts'
import { content, contentWith } from '../../support/content-copy.ts'

const config = readConfig({ LOG_LEVEL: 'silent' })
const statements = content.current.blocks.flatMap((block) => block.statements)

async function judging() {
  const directory = contentWith()
  const app = await judgingApp(config, directory)
  await app.ready()
  onTestFinished(() => app.close())
  return { app, directory, judge: visitor(app), ratings: () => readRatings(directory, '2026-11') }
}

/** Rates statements from wherever this judge was, at most `count`, and returns the URL that comes next. */
async function rateFrom(judge: ReturnType<typeof visitor>, initials: string, count = 99): Promise<string> {
  let url = (await judge.post('/', { initials })).headers.location as string
  url = (await judge.get(url)).headers.location ?? url
  for (let done = 0; done < count && /\d$/.test(url); done++) {
    url = (await judge.post(url, { good: '5', familiar: '2' })).headers.location as string
  }
  return url
}

test('a judge rates every statement once, one at a time, and then is thanked', async () => {
  const { judge, directory, ratings } = await judging()
  const seen: string[] = []
  let url = (await judge.post('/', { initials: ' Ada ' })).headers.location as string
  expect(url).toBe('/rate/ada')
  url = (await judge.get(url)).headers.location as string
  for (let number = 1; url !== '/rate/ada'; number++) {
    expect(url).toBe(`/rate/ada/${number}`)
    const page = load((await judge.get(url)).body)
    expect(page('input[type=radio]')).toHaveLength(14)
    expect(page('main').text()).toContain(`Statement ${number} of 48`)
    expect(page('progress').attr('value')).toBe(String(number - 1))
    expect(page('main').text()).not.toMatch(/tech lead|architect|solver|right hand/i)
    seen.push(page('h1').text())
    url = (await judge.post(url, { good: String(1 + (number % 7)), familiar: '3' })).headers
      .location as string
  }
  expect([...seen].sort()).toEqual(statements.map(({ text }) => text).sort())
  expect(load((await judge.get(url)).body)('h1').text()).toBe('All 48 statements are rated')
  expect(ratings().ada![statements.find(({ text }) => text === seen[9])!.id]).toEqual({
    text: seen[9],
    good: 4,
    familiar: 3
  })
  expect(desirabilityOf(content.current, ratings())).toMatchObject({ judges: 1, begun: 0 })
  expect(readFileSync(join(directory, 'questionnaires/ratings/2026-11.yaml'), 'utf8')).toMatch(
    /^# How good and/
  )
})

test('the order differs between judges, stays for one, and is not that of the file', async () => {
  const { judge } = await judging()
  const order = async (initials: string) => {
    const texts = []
    for (let number = 1; number <= 12; number++) {
      texts.push(load((await judge.get(`/rate/${initials}/${number}`)).body)('h1').text())
    }
    return texts
  }
  const ada = await order('ada')
  expect(await order('ada')).toEqual(ada)
  expect(await order('bob')).not.toEqual(ada)
  expect(statements.slice(0, 12).map(({ text }) => text)).not.toEqual(ada)
})

test('who comes back goes on where they were, and sees what they said before', async () => {
  const { app, judge, directory } = await judging()
  expect(await rateFrom(judge, 'ada', 3)).toBe('/rate/ada/4')
  await app.close()

  const again = await judgingApp(config, directory)
  onTestFinished(() => again.close())
  const back = visitor(again)
  expect((await back.get('/rate/ada')).headers.location).toBe('/rate/ada/4')
  const page = load((await back.get('/rate/ada/2')).body)
  expect(page('input[name=good]:checked').attr('value')).toBe('5')
  expect(page('input[name=familiar]:checked').attr('value')).toBe('2')
  expect(page('nav.back a').attr('href')).toBe('/rate/ada/1')
  expect(load((await back.get('/rate/ada/4')).body)('input:checked')).toHaveLength(0)
})

test('a reworded statement is asked again', async () => {
  const { judge, directory } = await judging()
  expect(await rateFrom(judge, 'ada')).toBe('/rate/ada')
  const { id } = statements[0]!
  saveRating(directory, '2026-11', 'ada', { id, text: 'I said something else.' }, { good: 1, familiar: 1 })
  const next = (await judge.get('/rate/ada')).headers.location as string
  expect(load((await judge.get(next)).body)('h1').text()).toBe(statements[0]!.text)
})

test('two judges are kept apart', async () => {
  const { judge, ratings } = await judging()
  await rateFrom(judge, 'ada', 2)
  await rateFrom(judge, 'bob', 3)
  const counts = Object.entries(ratings()).map(([name, rated]) => [name, Object.keys(rated).length])
  expect(counts).toEqual([
    ['ada', 2],
    ['bob', 3]
  ])
})

test.each([
  ['nothing', {}, ['#good-1', '#familiar-1']],
  ['only how good', { good: '7' }, ['#familiar-1']],
  ['only how familiar', { familiar: '1' }, ['#good-1']]
])('with %s chosen, the page says what is missing and keeps the rest', async (_what, fields, missing) => {
  const { judge, directory } = await judging()
  const response = await judge.post('/rate/ada/1', fields as Record<string, string>)
  const page = load(response.body)
  expect(response.statusCode).toBe(422)
  expect(page('title').text()).toMatch(/^Error: /)
  const links = page('.error-summary a').toArray()
  expect(links.map((link) => link.attribs.href)).toEqual(missing)
  for (const target of missing) expect(page(target)).toHaveLength(1)
  expect(page('input:checked')).toHaveLength(Object.keys(fields).length)
  expect(existsSync(join(directory, 'questionnaires/ratings'))).toBe(false)
})

test('initials are two to four letters', async () => {
  const { judge } = await judging()
  for (const initials of ['', 'a', 'abcde', 'a1', '../x', '<b>']) {
    const response = await judge.post('/', { initials })
    expect(response.statusCode, initials).toBe(422)
    const page = load(response.body)
    expect(page('.error-summary a').attr('href')).toBe('#initials')
    expect(page('#initials').attr('value')).toBe(initials)
  }
  for (const url of ['/rate/a', '/rate/ada/0', '/rate/ada/49', '/rate/ada/1e0', '/rate/..%2Fx/1']) {
    expect((await judge.get(url)).statusCode, url).toBe(404)
  }
})

test('only our own forms are read, only under the names of this computer', async () => {
  const { app, judge, directory } = await judging()
  expect((await judge.post('/rate/ada/1', { good: '8', familiar: '1' })).statusCode).toBe(400)
  expect((await judge.post('/rate/ada/1', 'good=1&good=2&familiar=1')).statusCode).toBe(400)
  const foreign = { host: '127.0.0.1:3001', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const post = { method: 'POST', url: '/rate/ada/1', payload: { good: '1', familiar: '1' } } as const
  expect((await app.inject({ ...post, headers: foreign })).statusCode).toBe(403)
  expect((await app.inject({ ...post, headers: { host: 'evil.example:3001' } })).statusCode).toBe(403)
  expect(existsSync(join(directory, 'questionnaires/ratings'))).toBe(false)
})

test('every page has the security headers, is valid and accessible HTML, and leads nowhere that is missing', async () => {
  const { app, judge } = await judging()
  await rateFrom(judge, 'bob')
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    rules: { 'no-inline-style': 'error', 'doctype-style': 'off', 'long-title': 'off', 'require-sri': 'off' }
  })
  const pages = [
    await judge.get('/'),
    await judge.post('/', { initials: '?' }),
    await judge.get('/rate/ada/1'),
    await judge.post('/rate/ada/1'),
    await judge.get('/rate/bob'),
    await judge.get(paths.archetypes)
  ]
  for (const { headers, body } of pages) {
    for (const [name, value] of Object.entries(securityHeaders(config)))
      expect(headers[name], name).toBe(value)
    const { results } = await validator.validateString(body)
    expect(results.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([])
    for (const link of load(body)('a[href^="/"], link[rel=stylesheet]')) {
      const { statusCode } = await app.inject({ url: link.attribs.href!, headers: { host: '127.0.0.1' } })
      expect(statusCode, link.attribs.href).toBeLessThan(400)
    }
  }
})
