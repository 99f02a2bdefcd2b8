import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { content, testApp } from '../../support/app.ts'
import { careless, devotedTo, seeded, take } from '../../support/taker.ts'

async function aResult() {
  const context = await testApp()
  const browser = context.visitor()
  const manage = await take(browser, devotedTo('solver', seeded(3)))
  const page = load((await browser.get(manage)).body)
  const view = new URL(page('#share').attr('value')!).pathname
  return { ...context, browser, manage, view, page }
}

test('the first line is the finding, and the shares add up to 100', async () => {
  const { page } = await aResult()
  expect(page('h1').text()).toBe('Clearly Solver')
  const shares = page('.profile .value')
    .toArray()
    .map((cell) => Number(page(cell).text()))
  expect(shares).toHaveLength(4)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100)
  expect([...shares].sort((a, b) => b - a)).toEqual(shares)
})

test('the two links are different, and neither is in the database', async () => {
  const { manage, view, database } = await aResult()
  const tokens = [manage.slice(3), view.slice(3)]
  expect(tokens[0]).not.toBe(tokens[1])
  const rows = JSON.stringify(await database.read.result.findMany())
  for (const token of tokens) {
    expect(token).toMatch(/^[\w-]{22}$/)
    expect(rows).not.toContain(token)
  }
})

test('the view link shows the result to anybody, without a way to change it', async () => {
  const { view, manage, visitor } = await aResult()
  const stranger = visitor()
  const response = await stranger.get(view)
  const page = load(response.body)
  expect(response.statusCode).toBe(200)
  expect(page('h1').text()).toBe('Clearly Solver')
  expect(response.body).not.toContain(manage.slice(3))
  expect(page('main form, a[href$="/delete"], a[href$=".json"]')).toHaveLength(0)
  const token = view.slice(3)
  for (const url of [`/m/${token}`, `/m/${token}/answers.json`, `/m/${token}/delete`]) {
    expect((await stranger.get(url)).statusCode).toBe(404)
  }
  expect((await stranger.post(`/m/${token}/delete`)).statusCode).toBe(404)
  expect((await stranger.get(view)).statusCode).toBe(200)
})

test('only the owner reads what was told about hours and workplace, and what to try and to ask', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  const manner = devotedTo('right-hand', seeded(4))
  const manage = await take(browser, {
    ...manner,
    option: (values, name) => (name === 'company-size' ? '20-99' : manner.option(values, name))
  })
  const own = load((await browser.get(manage)).body)
  expect(own('#places').parent().text()).toMatch(
    /20 to 99\.[\s\S]*Right Hand[\s\S]*typically seldom found[\s\S]*Tech Lead/
  )
  expect(own('#try').parent().find('li')).toHaveLength(8)
  expect(own('#hours').parent().find('tbody tr')).toHaveLength(8)

  const shared = await visitor().get(new URL(own('#share').attr('value')!).pathname)
  expect(load(shared.body)('#places, #try, #hours')).toHaveLength(0)
  expect(shared.body).not.toContain('20 to 99')
})

test('the reasons add up to the difference that is shown, in the words of the taker', async () => {
  const { visitor } = await testApp()
  const random = seeded(21)
  for (let taker = 0; taker < 12; taker++) {
    const browser = visitor()
    const page = load((await browser.get(await take(browser, careless(random)))).body)
    if (page('h1').text().startsWith('No stable pattern')) continue
    const points = page('.why .value')
      .toArray()
      .map((cell) => Math.round(10 * Number(page(cell).text().replace('−', '-'))))
    const total = points.pop()!
    expect(points.reduce((sum, value) => sum + value, 0)).toBe(total)
    expect(total).toBeGreaterThanOrEqual(0)
    const shares = page('.profile .value')
      .toArray()
      .map((cell) => Number(page(cell).text()))
    const [ahead, behind] = page('.why tfoot th').text().replace('Share of ', '').split(' less share of ')
    const shareOf = (name: string) =>
      shares[
        page('.profile tbody th')
          .toArray()
          .findIndex((th) => page(th).text() === name)
      ]!
    expect(Math.abs(shareOf(ahead!) - shareOf(behind!) - total / 10)).toBeLessThanOrEqual(1)

    const saved = (await browser.get(page('a[href$="answers.json"]').attr('href')!)).json()
    for (const row of page('.why tbody tr:not(:last-child) th').toArray()) {
      const set = saved.blocks.find(({ situation }: { situation: string }) =>
        page(row).text().startsWith(situation)
      )
      expect(page(row).find('.choice').first().text()).toContain(set.most)
      expect(page(row).find('.choice').last().text()).toContain(set.least)
    }
    expect(page('.other-answers li').length).toBeGreaterThan(0)
  }
}, 60_000)

test('a shared page shows no answer: neither the reasons nor what would have changed them', async () => {
  const { page, view, visitor } = await aResult()
  expect(page('.why, .other-answers')).toHaveLength(2)
  const shared = load((await visitor().get(view)).body)
  expect(shared('.why, .other-answers, #notes')).toHaveLength(0)
  for (const { statements } of content.current.blocks) {
    for (const { text } of statements) expect(shared('main').text()).not.toContain(text)
  }
  expect(shared('main').text()).toMatch(/other answers?|other answers would/)
})

test('a result from before there were reasons is shown without them', async () => {
  const { manage, database, visitorAfterRestart } = await aResult()
  await database.write((transaction) => transaction.result.updateMany({ data: { explanation: null } }))
  const page = load((await (await visitorAfterRestart()).get(manage)).body)
  expect(page('h1').text()).toBe('Clearly Solver')
  expect(page('.why, .other-answers')).toHaveLength(0)
})

test('notes are dated, kept as they were typed, escaped, and deleted one by one', async () => {
  const { manage, view, browser, visitor } = await aResult()
  const typed = 'I thought of the <b>migration</b>.\r\nSecond line'
  const saved = await browser.post(manage, { note: `  ${typed}  ` })
  expect([saved.statusCode, saved.headers.location]).toEqual([303, `${manage}#notes`])
  await browser.post(manage, { note: 'Another' })
  const page = load((await browser.get(manage)).body)
  const notes = page('.journal li')
  expect(notes).toHaveLength(2)
  expect(notes.first().find('.typed').text()).toBe('I thought of the <b>migration</b>.\nSecond line')
  expect(notes.first().find('.caption').text()).toMatch(/^\d{1,2} \w+ 20\d\d$/)
  expect((await visitor().get(view)).body).not.toContain('migration')
  expect((await browser.get(`${manage}/answers.json`)).json().notes).toMatchObject([
    { text: 'I thought of the <b>migration</b>.\nSecond line' },
    { text: 'Another' }
  ])

  await browser.post(notes.first().find('form').attr('action')!)
  expect(load((await browser.get(manage)).body)('.journal .typed').text()).toBe('Another')
  expect((await browser.post(`${view.replace('/r/', '/m/')}/notes/2/delete`)).statusCode).toBe(404)
  expect((await browser.post(`${manage}/notes/x/delete`)).statusCode).toBe(404)
  expect(load((await browser.get(manage)).body)('.journal li')).toHaveLength(1)
})

test('a note that cannot be saved is given back with the reason', async () => {
  const { manage, browser } = await aResult()
  const long = 'word '.repeat(220).trim()
  for (const [note, reason] of [
    ['  \n ', 'Write something before you save'],
    [long, 'A note holds 1000 characters; this one has 1099']
  ]) {
    const refused = await browser.post(manage, { note: note! })
    const page = load(refused.body)
    expect(refused.statusCode).toBe(422)
    expect(page('title').text()).toMatch(/^Error: Clearly Solver/)
    expect(page('.error-summary a[href="#note"]').text()).toBe(reason)
    expect(page('#note').text()).toBe(note!.trim())
  }
  expect((await browser.post(manage)).statusCode).toBe(400)
  for (let number = 1; number <= 50; number++) await browser.post(manage, { note: `${number}` })
  const refused = await browser.post(manage, { note: 'one more' })
  expect(load(refused.body)('.error-summary').text()).toContain('A result holds 50 notes')
  expect(load(refused.body)('#note').text()).toBe('one more')
}, 30_000)

test('whoever takes the quiz again keeps the earlier result', async () => {
  const { manage, browser, page } = await aResult()
  const again = page('form[action="/quiz"]')
  expect(again.find('button').text()).toBe('Take the quiz again')
  const second = await take(browser, devotedTo('architect', seeded(5)))
  expect(second).not.toBe(manage)
  expect(load((await browser.get(manage)).body)('h1').text()).toBe('Clearly Solver')
  expect(load((await browser.get(second)).body)('h1').text()).toMatch(/Architect/)
})

test('the owner downloads everything that is stored, with the words of the questions', async () => {
  const { manage, browser } = await aResult()
  const response = await browser.get(`${manage}/answers.json`)
  expect(response.headers['content-disposition']).toContain('attachment')
  const data = response.json()
  expect(data).toMatchObject({
    finding: 'Clearly Solver',
    questionnaireVersion: '2026-11',
    scoringVersion: '1'
  })
  expect(data.blocks).toHaveLength(12)
  expect(data.blocks.every(({ most, least }: { most: string; least: string }) => most && least)).toBe(true)
  expect(data.items).toHaveLength(10)
})

test('deleting asks first, then both links lead nowhere', async () => {
  const { manage, view, browser, database } = await aResult()
  const confirm = await browser.get(`${manage}/delete`)
  expect(load(confirm.body)('h1').text()).toBe('Delete this result?')
  expect(await database.read.result.count()).toBe(1)

  const deleted = await browser.post(`${manage}/delete`)
  expect(deleted.headers.location).toBe('/deleted')
  expect((await browser.get('/deleted')).body).toContain('Your result is deleted')
  expect(await database.read.result.count()).toBe(0)
  for (const url of [manage, view, `${manage}/answers.json`, `${manage}/delete`]) {
    expect((await browser.get(url)).statusCode).toBe(404)
  }
  expect((await browser.post(`${manage}/delete`)).statusCode).toBe(404)
})

test('unknown, malformed and deleted links look alike', async () => {
  const { manage, browser } = await aResult()
  await browser.post(`${manage}/delete`)
  const bodies = []
  for (const url of [
    manage,
    `/m/${'A'.repeat(22)}`,
    '/m/short',
    `/m/${'%20'.repeat(8)}`,
    `/r/${'A'.repeat(22)}`,
    '/m/%E0%A4%A',
    `/m/${'A'.repeat(65)}`,
    `/r/${'A'.repeat(2000)}`,
    '/nowhere'
  ]) {
    const response = await browser.get(url)
    expect(response.statusCode).toBe(404)
    bodies.push(response.body)
  }
  expect(new Set(bodies).size).toBe(1)
})

test('a result is not to be found by search engines, a page about an archetype is', async () => {
  const { view, browser } = await aResult()
  expect(load((await browser.get(view)).body)('meta[name=robots]').attr('content')).toBe('noindex')
  expect(load((await browser.get('/archetypes/solver')).body)('meta[name=robots]')).toHaveLength(0)
})

test('home leads back to the latest result', async () => {
  const { manage, browser } = await aResult()
  expect(load((await browser.get('/')).body)(`a[href="${manage}"]`)).toHaveLength(1)
})

test('every way of answering gives a page without an empty slot', async () => {
  const { visitor } = await testApp()
  const random = seeded(11)
  for (let taker = 0; taker < 20; taker++) {
    const browser = visitor()
    const { body } = await browser.get(await take(browser, careless(random)))
    const text = load(body)('main').text()
    expect(text).not.toMatch(/[{}]|undefined|NaN|null|\[object/)
    expect(text).not.toMatch(/\b(\w+) \1\b(?<!had had)/)
  }
}, 60_000)
