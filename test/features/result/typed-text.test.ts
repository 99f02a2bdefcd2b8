import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { paths } from '../../../src/web/paths.ts'
import { addAdmin, giveSession, submit } from '../../support/admin.ts'
import { routesOf, testApp, type Visitor } from '../../support/app.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

type Answer = Awaited<ReturnType<Visitor['get']>>

/** What would become an element, an attribute or an address if it were printed as it is, wherever it lands. */
const corpus = [
  '<xss>',
  '"><xss>',
  "'><xss>",
  '</textarea><xss>',
  '</title><xss>',
  '</script><xss>',
  '--><xss>',
  ']]><xss>',
  '" onfocus="xss" autofocus="',
  "' onfocus='xss' autofocus='",
  ' onfocus=xss autofocus ',
  'javascript:xss',
  ' javascript:xss',
  'data:text/html,<xss>',
  '//xss.example/',
  '&lt;xss&gt;',
  '&#60;xss&#62;',
  '{{{xss}}}',
  '{{#with this}}<xss>{{/with}}',
  '<svg/onload=xss>',
  '<img src=x onerror=xss>',
  '<xss\u0000>',
  '\u2028<xss>',
  '＜xss＞<xss>'
]

/** Elements, attributes and addresses of a page that are not ours. */
function injectedInto(html: string): string[] {
  const page = load(html)
  return page('*')
    .toArray()
    .flatMap((element) => {
      const tag = page(element).prop('tagName')!.toLowerCase()
      const ours = tag !== 'xss' && !(tag === 'script' && !page(element).attr('src'))
      const attributes = Object.entries(page(element).attr() ?? {})
        .filter(([name, value]) => {
          const isAddress = /^(?:href|src|action|formaction)$/.test(name)
          return /^on/.test(name) || (isAddress && /^\s*(?:javascript|data):|^\/\/xss/.test(value))
        })
        .map(([name, value]) => `<${tag} ${name}="${value}">`)
      return ours ? attributes : [`<${tag}>`, ...attributes]
    })
}

test('what is injected would be noticed', () => {
  expect(injectedInto('<p>&lt;xss></p><a href="/javascript:xss">here</a>')).toEqual([])
  expect(injectedInto('<p><xss></p>')).toEqual(['<xss>'])
  expect(injectedInto('<script>xss</script>')).toEqual(['<script>'])
  expect(injectedInto('<input onfocus=xss>')).toHaveLength(1)
  expect(injectedInto('<a href=" javascript:xss">')).toHaveLength(1)
})

test('whatever is typed, wherever, is only ever text', async () => {
  const { app, database, visitor } = await testApp()
  const taker = visitor()
  const manage = await take(taker, devotedTo('solver', seeded(1)))
  const draft = visitor()
  await draft.post(paths.quiz)
  await addAdmin(database)
  const admin = visitor()
  await giveSession(database, admin)
  const answers: Answer[] = []
  const see = async (...asked: Promise<Answer>[]) => {
    answers.push(...(await Promise.all(asked)))
  }
  const doors: string[] = []

  for (const text of corpus) {
    // Kept: a note, and the name of a group. Refused and given back: the same when too long, and the name of an account.
    await submit(taker, manage, { note: text })
    const opened = await submit(admin, paths.newGroup, { name: text })
    answers.push(opened)
    doors.push(new URL(load(opened.body)('#link').attr('value')!).pathname)
    await see(submit(taker, manage, { note: text + 'x'.repeat(1000) }))
    await see(submit(admin, paths.newGroup, { name: text + 'x'.repeat(100), closes: text }))
    await see(submit(admin, paths.newAccount, { name: text }))
    // Fields that no browser would send.
    for (const url of ['/quiz/path/1', '/quiz/sets/1', '/quiz/habits']) {
      await see(draft.post(url, { most: text, least: text, shown: text, [text]: text }))
    }
  }
  const all = corpus.join('')
  await see(visitor().post(paths.login, { name: all, password: all }))

  // All that is kept, to whomever it is shown, before and after the groups are closed.
  const own = await taker.get(manage)
  const notes = load(own.body)('.journal .typed').toArray()
  const typed = new Set(corpus.map((text) => text.replace('\0', '').trim()))
  expect(new Set(notes.map((note) => load(note).text()))).toEqual(typed)
  const groups = await database.read.group.findMany()
  await see(Promise.resolve(own), admin.get(paths.groups), admin.get(paths.audit))
  await see(...doors.flatMap((door) => [visitor().get(door), draft.get(door), taker.get(door)]))
  await see(...groups.flatMap(({ id }) => [paths.overviewOf(id), paths.groupClosing(id)].map(admin.get)))
  for (const { id } of groups) await submit(admin, paths.groupClosing(id))
  await see(admin.get(paths.groups), ...doors.map((door) => visitor().get(door)))

  // Every address, and every question that one may be asked.
  const names = ['from', 'a', 'b', 'next', 'version', 'group', 'before', 'sort', all]
  for (const text of [...corpus.slice(0, 3), all]) {
    const query = new URLSearchParams(names.map((name) => [name, text]))
    for (const route of routesOf(app, 'GET').filter((route) => !/\.\w+$|\*/.test(route))) {
      const url = route.replaceAll(/:\w+/g, encodeURIComponent(text))
      await see(admin.get(`${url}?${query}`), draft.get(`${url}?${query}`))
    }
  }

  const pages = answers.filter(({ headers }) => String(headers['content-type']).startsWith('text/html'))
  expect(pages.length).toBeGreaterThan(400)
  expect(pages.flatMap(({ body }) => injectedInto(body))).toEqual([])
  expect(answers.filter(({ statusCode }) => statusCode >= 500)).toEqual([])
  // Nor does any of it lead away.
  const places = answers.map(({ headers }) => String(headers.location ?? '/'))
  expect(places.filter((place) => !/^\/(?!\/)/.test(place))).toEqual([])
}, 60_000)
