import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { content, testApp, type Visitor } from '../../support/app.ts'
import { careless, devotedTo, fill, type Manner, seeded, straightLine, take } from '../../support/taker.ts'

/** Clear answers, so that no tie-breaker is offered, and answers in which two archetypes are close. */
const manner = devotedTo('architect', seeded(7))
const close: Manner = {
  set(statements) {
    const [most, least] = statements.toSorted((a, b) => rank(a) - rank(b))
    return { most: most as string, least: least as string }
  },
  option: careless(seeded(7)).option
}

/** Tech Lead and Solver in turn, over Right Hand; the block decides which. */
function rank(statement: string): number {
  const { blocks } = content.current
  const block = blocks.findIndex(({ statements }) => statements.some(({ id }) => id === statement))
  const archetype = blocks[block]!.statements.find(({ id }) => id === statement)!.archetype
  return archetype === (block % 2 === 0 ? 'tech-lead' : 'solver') ? 0 : archetype === 'right-hand' ? 1 : 2
}

/** Answers page after page up to and including the last one that `until` accepts, and returns where that leads. */
async function answerUntil(browser: Visitor, until: string, how = manner) {
  let url = (await browser.post('/quiz')).headers.location as string
  while (url !== until) {
    const page = await browser.get(url)
    url = (await browser.post(url, fill(page.body, how))).headers.location as string
  }
  return url
}

test('starting leads to the first page and gives the browser one cookie', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  expect((await browser.get('/')).cookies).toEqual([])
  const started = await browser.post('/quiz')
  expect(started.statusCode).toBe(303)
  expect(started.headers.location).toBe('/quiz/path/1')
  expect(browser.cookies.size).toBe(1)
})

test('a page left blank is shown again with an error for each question', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await browser.post('/quiz')
  const response = await browser.post('/quiz/path/1', {})
  const page = load(response.body)
  expect(response.statusCode).toBe(422)
  expect(page('title').text()).toMatch(/^Error: /)
  expect(page('.error-summary a')).toHaveLength(4)
  for (const link of page('.error-summary a')) {
    const target = page(page(link).attr('href')!)
    expect(target.attr('type')).toBe('radio')
  }
  expect(page('fieldset .error-message')).toHaveLength(4)
})

test('what was answered on a page with an error is kept', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await browser.post('/quiz')
  const names = load((await browser.get('/quiz/path/1')).body)('input[type=radio]')
  const first = names.first().attr('name')!
  const page = load((await browser.post('/quiz/path/1', { [first]: '4' })).body)
  expect(page(`input[name=${first}]:checked`).attr('value')).toBe('4')
  expect(page('.error-summary a')).toHaveLength(3)
})

test.each([
  [
    'nothing',
    {},
    ['Select the statement that is most like you', 'Select the statement that is least like you']
  ],
  ['only Most', { most: 0 }, ['Select the statement that is least like you']],
  ['only Least', { least: 1 }, ['Select the statement that is most like you']],
  ['the same twice', { most: 2, least: 2 }, ['Choose different statements for most and least like you']]
])(
  'a set with %s marked says what to do',
  async (_what, marked: { most?: number; least?: number }, messages) => {
    const { visitor } = await testApp()
    const browser = visitor()
    await browser.post('/quiz')
    const ids = load((await browser.get('/quiz/sets/1')).body)('input[name=most]')
      .toArray()
      .map((input) => input.attribs.value!)
    const fields = Object.fromEntries(Object.entries(marked).map(([name, index]) => [name, ids[index]!]))
    const response = await browser.post('/quiz/sets/1', fields)
    const page = load(response.body)
    expect(response.statusCode).toBe(422)
    expect(
      page('.error-summary a')
        .toArray()
        .map((link) => page(link).text())
    ).toEqual(messages)
    expect(page('input:checked')).toHaveLength(Object.keys(marked).length)
  }
)

test('answers are still there after Back, a reload, a second tab and a closed browser', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await browser.post('/quiz')
  const before = fill((await browser.get('/quiz/sets/5')).body, manner)
  await browser.post('/quiz/sets/5', before)
  for (let look = 0; look < 2; look++) {
    const page = load((await browser.get('/quiz/sets/5')).body)
    expect(page('input[name=most]:checked').attr('value')).toBe(before.most)
    expect(page('input[name=least]:checked').attr('value')).toBe(before.least)
  }
  const home = load((await browser.get('/')).body)
  expect(home('main').text()).toContain('1 of 30 answers')
  expect((await browser.get('/quiz')).headers.location).toBe('/quiz/path/1')
})

test('the order of statements stays for one attempt and differs between attempts', async () => {
  const { visitor } = await testApp()
  const ordersOf = async (browser: ReturnType<typeof visitor>) => {
    const orders = []
    for (let set = 1; set <= 12; set++) {
      const page = load((await browser.get(`/quiz/sets/${set}`)).body)
      orders.push(
        page('input[name=most]')
          .toArray()
          .map((input) => input.attribs.value)
      )
    }
    return JSON.stringify(orders)
  }
  const browsers = [visitor(), visitor(), visitor()]
  const orders = []
  for (const browser of browsers) {
    await browser.post('/quiz')
    const first = await ordersOf(browser)
    expect(await ordersOf(browser)).toBe(first)
    orders.push(first)
  }
  expect(new Set(orders).size).toBe(3)
})

test('answering from Review leads straight back to it', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await answerUntil(browser, '/quiz/review')
  const change = load((await browser.get('/quiz/review')).body)('a:contains("Change")')
    .first()
    .attr('href')!
  const page = await browser.get(change)
  const saved = await browser.post(load(page.body)('main form').attr('action')!, fill(page.body, manner))
  expect(saved.headers.location).toBe('/quiz/review')
})

test('an unfinished attempt is not completed: what is missing is listed and linked', async () => {
  const { database, visitor } = await testApp()
  const browser = visitor()
  await answerUntil(browser, '/quiz/sets/11')
  for (const url of ['/quiz/review', '/quiz/context']) {
    const response = await browser.post(url, {})
    const page = load(response.body)
    expect(response.statusCode).toBe(422)
    expect(page('.error-summary a')).toHaveLength(3)
    for (const link of page('.error-summary a')) expect(page(page(link).attr('href')!)).toHaveLength(1)
  }
  expect(await database.read.result.count()).toBe(0)
})

test('Skip all leaves no context behind; what is told is kept', async () => {
  const { database, visitor } = await testApp()
  const silent = visitor()
  await answerUntil(silent, '/quiz/context')
  await silent.post('/quiz/context', { role: 'staff', skip: 'yes' })
  const open = visitor()
  await answerUntil(open, '/quiz/context')
  await open.post('/quiz/context', { role: 'staff', managed: 'prefer-not-to-say' })
  const results = await database.read.result.findMany()
  const contexts = results.map(({ answers }) => JSON.stringify(JSON.parse(answers).context)).sort()
  expect(contexts).toEqual(['{"role":"staff"}', '{}'])
})

test('two clicks on the last button make one result, and both lead to it', async () => {
  const { database, visitor } = await testApp()
  const browser = visitor()
  await answerUntil(browser, '/quiz/context')
  const clicks = await Promise.all([browser.post('/quiz/context'), browser.post('/quiz/context')])
  const again = await browser.post('/quiz/context')
  const locations = [...clicks, again].map(({ headers }) => headers.location)
  expect(new Set(locations).size).toBe(1)
  expect(locations[0]).toMatch(/^\/m\/[\w-]{22}$/)
  expect(await database.read.result.count()).toBe(1)
  expect(await database.read.attempt.count()).toBe(0)
})

test('after completion, every page of the quiz leads to the result and changes nothing', async () => {
  const { database, visitor } = await testApp()
  const browser = visitor()
  const result = await take(browser, straightLine)
  const [before] = await database.read.result.findMany()
  for (const url of [
    '/quiz',
    '/quiz/path/1',
    '/quiz/sets/3',
    '/quiz/habits',
    '/quiz/review',
    '/quiz/context'
  ]) {
    expect((await browser.get(url)).headers.location).toBe(result)
  }
  for (const url of ['/quiz/path/1', '/quiz/sets/3', '/quiz/habits', '/quiz/review', '/quiz/context']) {
    expect((await browser.post(url, { most: 'x' })).headers.location).toBe(result)
  }
  expect(await database.read.result.findMany()).toEqual([before])
})

test('starting again deletes the draft only if that is what was asked', async () => {
  const { database, visitor } = await testApp()
  const browser = visitor()
  await answerUntil(browser, '/quiz/path/2')
  expect((await browser.post('/quiz')).headers.location).toBe('/quiz')
  expect(await database.read.savedPage.count()).toBe(1)
  expect((await browser.post('/quiz', { again: 'yes' })).headers.location).toBe('/quiz/path/1')
  expect(await database.read.savedPage.count()).toBe(0)
  expect(await database.read.attempt.count()).toBe(1)
})

test.each([
  ['an unknown value', 'most=nothing&least=nothing'],
  ['a repeated field', 'most=a&most=b'],
  ['an object', 'most[a]=b&least[toString]=c'],
  ['a prototype', '__proto__[most]=a&constructor=b&most=__proto__']
])('%s is a bad request or a fault on the page, and nothing is stored', async (_what, body) => {
  const { database, visitor } = await testApp()
  const browser = visitor()
  await browser.post('/quiz')
  const response = await browser.post('/quiz/sets/1', body)
  expect([400, 422]).toContain(response.statusCode)
  expect(response.body).toMatch(/could not be read|There is a problem/)
  expect(await database.read.savedPage.count()).toBe(0)
})

test('pages of the quiz that do not exist are not found', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await browser.post('/quiz')
  for (const url of ['/quiz/path/0', '/quiz/path/4', '/quiz/sets/13', '/quiz/sets/x', '/quiz/sets/1e0']) {
    expect((await browser.get(url)).statusCode, url).toBe(404)
  }
})

test.each(['', 'x', 'A'.repeat(22), '../../etc/passwd'])(
  'without a draft (%j), there is a page that says so',
  async (token) => {
    const { database, visitor } = await testApp()
    const stranger = visitor()
    if (token) stranger.cookies.set('bearings', token)
    for (const response of [
      await stranger.get('/quiz/sets/3'),
      await stranger.post('/quiz/sets/3', { most: 'a' })
    ]) {
      expect(response.statusCode).toBe(404)
      expect(response.body).toContain('There is no quiz in progress here')
    }
    expect(await database.read.savedPage.count()).toBe(0)
  }
)

test('what is typed into a form is never printed as HTML', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await browser.post('/quiz')
  const attack = '"><script>alert(1)</script>'
  for (const response of [
    await browser.post('/quiz/sets/1', { most: attack, least: attack, shown: attack }),
    await browser.get(`/quiz/sets/1?from=${encodeURIComponent(attack)}`),
    await browser.get(`/archetypes/compare?a=${encodeURIComponent(attack)}`),
    await browser.post('/admin/login', { name: attack, password: attack })
  ]) {
    expect(response.body).not.toContain('<script>alert')
  }
})

test('when two archetypes are close, six more choices are offered between them, and used', async () => {
  const { database, visitor } = await testApp()
  const browser = visitor()
  await answerUntil(browser, '/quiz/context', close)
  expect((await browser.post('/quiz/context', { skip: 'yes' })).headers.location).toBe('/quiz/six-more')
  expect(await database.read.result.count()).toBe(0)

  const page = load((await browser.get('/quiz/six-more')).body)
  const pairs = page('fieldset')
    .toArray()
    .map((set) =>
      page(set)
        .find('input')
        .toArray()
        .map((input) => archetypeAndBlock(input.attribs.value!))
    )
  expect(pairs).toHaveLength(6)
  for (const pair of pairs) {
    expect(pair.map(({ archetype }) => archetype).sort()).toEqual(['solver', 'tech-lead'])
    expect(pair[0]!.block).not.toBe(pair[1]!.block)
  }

  const blank = await browser.post('/quiz/six-more', {})
  expect(blank.statusCode).toBe(422)
  expect(load(blank.body)('.error-summary a')).toHaveLength(6)

  const solver = Object.fromEntries(
    page('input')
      .toArray()
      .filter(({ attribs }) => attribs.value && attribs.name !== 'shown')
      .filter(({ attribs }) => archetypeAndBlock(attribs.value!).archetype === 'solver')
      .map(({ attribs }) => [attribs.name!, attribs.value!])
  )
  const done = await browser.post('/quiz/six-more', solver)
  const result = await browser.get(done.headers.location as string)
  expect(result.body).toContain('six extra choices')
  expect(load(result.body)('h1').text()).toMatch(/^(Clearly|Mostly) Solver/)
})

test('the tie-breaker can be left out, and the result does not claim it', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  await answerUntil(browser, '/quiz/context', close)
  await browser.post('/quiz/context', { skip: 'yes' })
  const done = await browser.post('/quiz/six-more', { skip: 'yes' })
  const result = await browser.get(done.headers.location as string)
  expect(result.body).not.toContain('six extra choices')
  expect(load(result.body)('h1').text()).toMatch(/^Between (Tech Lead and Solver|Solver and Tech Lead)/)
})

test('the tie-breaker takes only the statements that it showed', async () => {
  const { database, visitor } = await testApp()
  const browser = visitor()
  await answerUntil(browser, '/quiz/context', close)
  await browser.post('/quiz/context', { skip: 'yes' })
  expect((await browser.post('/quiz/six-more', { 'duel-1': 'anything' })).statusCode).toBe(400)
  expect(await database.read.result.count()).toBe(0)
})

test('whoever needs no tie-breaker is not asked', async () => {
  const { visitor } = await testApp()
  const early = visitor()
  await early.post('/quiz')
  expect((await early.get('/quiz/six-more')).headers.location).toBe('/quiz/path/1')
  const browser = visitor()
  await answerUntil(browser, '/quiz/context')
  expect((await browser.get('/quiz/six-more')).headers.location).toBe('/quiz/review')
  expect((await browser.post('/quiz/context', { skip: 'yes' })).headers.location).toMatch(/^\/m\//)
})

function archetypeAndBlock(statement: string) {
  const block = content.current.blocks.find(({ statements }) =>
    statements.some(({ id }) => id === statement)
  )!
  return { block: block.id, archetype: block.statements.find(({ id }) => id === statement)!.archetype }
}
