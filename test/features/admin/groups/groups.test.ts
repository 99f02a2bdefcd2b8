import { load } from 'cheerio'
import { afterEach, expect, test, vi } from 'vitest'
import { derivedToken, newToken } from '../../../../src/attempt/tokens.ts'
import { auditIn } from '../../../../src/database/stores/audit.ts'
import { dayOf, daysAfter, longDay } from '../../../../src/days.ts'
import { addAdmin, giveSession, submit } from '../../../support/admin.ts'
import { testApp, type Visitor } from '../../../support/app.ts'
import { devotedTo, fill, seeded, take } from '../../../support/taker.ts'

afterEach(() => {
  vi.useRealTimers()
})

const manner = devotedTo('solver', seeded(5))
const today = () => dayOf(Date.now())

async function withAdmin() {
  const context = await testApp()
  await addAdmin(context.database)
  const admin = context.visitor()
  await giveSession(context.database, admin)
  return { ...context, admin }
}

/** Opens a group, and returns the path of its link. */
async function opened(admin: Visitor, fields: Record<string, string> = {}): Promise<string> {
  const page = await submit(admin, '/admin/groups/new', { name: 'Platform guild', ...fields })
  if (page.statusCode !== 200) throw new Error(`Opening a group answered ${page.statusCode}`)
  return new URL(load(page.body)('#link').attr('value')!).pathname
}

async function withGroup() {
  const context = await withAdmin()
  const link = await opened(context.admin)
  const { id } = (await context.database.read.group.findFirst())!
  const close = () => submit(context.admin, `/admin/groups/${id}/close`)
  const tallies = async () =>
    (await context.database.read.tally.findMany()).map(({ kind, month, groupId, counts }) => ({
      kind,
      month,
      groupId,
      people: JSON.parse(counts).people
    }))
  const groupsOfDrafts = async () =>
    (await context.database.read.attempt.findMany()).map(({ groupId }) => groupId)
  return { ...context, link, id, close, tallies, groupsOfDrafts }
}

/** The buttons and links of a page that begin or continue something. */
function choicesOn(body: string): string[] {
  const page = load(body)
  return page('main .button')
    .toArray()
    .map((element) => page(element).text())
}

test('the link of a group is shown once, and the database holds its fingerprint only', async () => {
  const { admin, database } = await withAdmin()
  expect((await admin.get('/admin/groups')).body).toContain('There is no group yet')
  const link = await opened(admin, { name: '  Platform   guild ' })
  expect(link).toMatch(/^\/g\/[\w-]{22}$/)
  const list = await admin.get('/admin/groups')
  expect(load(list.body)('tbody th a').text()).toBe('Platform guild')
  expect(list.body).not.toContain(link)
  expect(await database.read.group.findMany()).toMatchObject([
    { name: 'Platform guild', openedOn: today(), closesOn: daysAfter(today(), 30), revokedOn: null }
  ])
  expect((await admin.get(link)).statusCode).toBe(200)
  expect(JSON.stringify(await database.read.group.findMany())).not.toContain(link.slice('/g/'.length))
})

test('a form that is sent twice opens one group; one that was changed meanwhile, another', async () => {
  const { admin, database } = await withAdmin()
  const form = load((await admin.get('/admin/groups/new')).body)('form[action="/admin/groups/new"]')
  const given = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]))
  const send = async (name: string) =>
    load((await admin.post('/admin/groups/new', { ...given, name })).body)('#link').attr('value')
  const link = await send('Platform')
  expect(await send('Platform')).toBe(link)
  expect(await send('Security')).not.toBe(link)
  expect(await database.read.group.count()).toBe(2)
  expect(await database.read.auditEntry.count({ where: { action: 'group-opened' } })).toBe(2)
})

test('who joins by the link counts in the group, in the month in which it was opened', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2027, 0, 30, 12) })
  const { link, id, visitor, tallies } = await withGroup()
  vi.setSystemTime(Date.UTC(2027, 1, 2, 12))

  const member = visitor()
  const page = await member.get(link)
  expect(page.statusCode).toBe(200)
  expect(page.headers['x-robots-tag']).toBe('noindex')
  expect(page.cookies).toEqual([])
  expect(load(page.body)('main').text()).toContain('until 1 March 2027')
  expect(load(page.body)('main').text()).toContain('once at least 5 people have finished')
  const manage = await take(member, manner, link)
  await take(visitor(), manner)

  const results = (await tallies()).filter(({ kind }) => kind === 'results')
  expect(results).toHaveLength(2)
  expect(results).toContainEqual({ kind: 'results', month: '2027-01', groupId: id, people: 1 })
  expect(results).toContainEqual({ kind: 'results', month: '2027-02', groupId: '', people: 1 })

  const download = JSON.parse((await member.get(`${manage}/answers.json`)).body)
  expect(download.group).toBe('Platform guild')
  expect(JSON.stringify(download)).not.toContain(id)
  const view = new URL(load((await member.get(manage)).body)('#share').attr('value')!).pathname
  expect((await visitor().get(view)).body).not.toContain('Platform guild')
})

test('somebody without a group has none in their download', async () => {
  const { visitor } = await testApp()
  const browser = visitor()
  const manage = await take(browser, manner)
  expect(JSON.parse((await browser.get(`${manage}/answers.json`)).body).group).toBeNull()
})

test('the last page of questions says that the answers count in the group, and what is seen of it', async () => {
  const { link, visitor } = await withGroup()
  const contextOf = async (door: string) => {
    const browser = visitor()
    let url = (await browser.post(door)).headers.location as string
    while (url !== '/quiz/review') {
      url = (await browser.post(url, fill((await browser.get(url)).body, manner))).headers.location as string
    }
    return load((await browser.get('/quiz/context')).body)('.note').text()
  }
  expect(await contextOf(link)).toBe(
    'You answer as part of the group Platform guild: whoever runs this site sees how the group as a whole divides, once 5 have finished.'
  )
  expect(await contextOf('/quiz')).toBe('')
})

test('a group can be joined until the end of its last day, and who has begun can finish', async () => {
  const { link, visitor, id, database } = await withGroup()
  const last = daysAfter(today(), 30)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(`${last}T23:59:59Z`) })
  const member = visitor()
  expect((await member.get(link)).statusCode).toBe(200)
  expect((await member.post(link)).headers.location).toBe('/quiz/path/1')

  vi.setSystemTime(Date.parse(`${daysAfter(last, 1)}T00:00:00Z`))
  const late = visitor()
  const closed = await late.get(link)
  expect(closed.statusCode).toBe(410)
  expect(load(closed.body)('main').text()).toContain(`Joining ended on ${longDay(last)}`)
  expect(load(closed.body)('main a.button').attr('href')).toBe('/')
  expect((await late.post(link)).headers.location).toBe(link)
  expect(late.cookies.size).toBe(0)

  expect(choicesOn((await member.get(link)).body)).toEqual(['Continue where you left off'])
  let url = '/quiz/path/1'
  while (!url.startsWith('/m/')) {
    url = (await member.post(url, fill((await member.get(url)).body, manner))).headers.location as string
  }
  expect(await database.read.result.findMany()).toMatchObject([{ groupId: id }])
})

test('a closed group cannot be joined, and its results stay', async () => {
  const { link, id, visitor, admin, close, tallies, database } = await withGroup()
  await take(visitor(), manner, link)
  expect((await admin.get(`/admin/groups/${id}/close`)).body).toContain('Close the group Platform guild?')
  expect((await visitor().get(link)).statusCode).toBe(200)

  expect((await close()).headers.location).toBe('/admin/groups')
  const late = visitor()
  expect((await late.get(link)).statusCode).toBe(410)
  expect((await late.post(link)).headers.location).toBe(link)
  expect(late.cookies.size).toBe(0)
  expect(await tallies()).toContainEqual({
    kind: 'results',
    month: today().slice(0, 7),
    groupId: id,
    people: 1
  })
  const list = load((await admin.get('/admin/groups')).body)
  expect(list('tbody tr').text()).toContain(`closed by an admin on ${longDay(today())}`)
  expect(list('tbody a.button')).toHaveLength(0)
  // From a page that was loaded before.
  const token = derivedToken(admin.cookies.get('bearings-admin')!, 'form')
  expect((await admin.post(`/admin/groups/${id}/close`, { token })).headers.location).toBe('/admin/groups')
  expect((await admin.get(`/admin/groups/${id}/close`)).headers.location).toBe('/admin/groups')
  expect(await database.read.auditEntry.count({ where: { action: 'group-closed' } })).toBe(1)
})

test('an unknown link and a malformed one look alike, and guessing is limited', async () => {
  const { visitor, link, app } = await withGroup()
  const browser = visitor()
  const nowhere = await browser.get('/nowhere')
  for (const url of [`/g/${newToken()}`, '/g/short', `${link}x`, '/g/%00', link.toUpperCase()]) {
    const page = await browser.get(url)
    expect(page.statusCode, url).toBe(404)
    expect(page.body).toBe(nowhere.body)
    expect((await browser.post(url)).statusCode, url).toBe(404)
  }
  const guess = () => app.inject({ url: `/g/${newToken()}`, remoteAddress: '10.1.2.3' })
  for (let guesses = 0; guesses < 60; guesses++) expect((await guess()).statusCode).toBe(404)
  expect((await guess()).statusCode).toBe(429)
})

test('a quiz under way is not moved into the group unless the taker says so', async () => {
  const { link, id, visitor, groupsOfDrafts } = await withGroup()
  const browser = visitor()
  await browser.post('/quiz')
  await browser.post('/quiz/path/1', fill((await browser.get('/quiz/path/1')).body, manner))

  expect(choicesOn((await browser.get(link)).body)).toEqual([
    'Go on without this group',
    'Delete these answers and start again in this group'
  ])
  expect((await browser.post(link)).headers.location).toBe(link)
  expect(await groupsOfDrafts()).toEqual([null])
  expect((await browser.get('/quiz')).headers.location).toBe('/quiz/path/2')

  expect((await browser.post(link, { again: 'yes' })).headers.location).toBe('/quiz/path/1')
  expect(await groupsOfDrafts()).toEqual([id])
  expect((await browser.get('/quiz')).headers.location).toBe('/quiz/path/1')
  expect(choicesOn((await browser.get(link)).body)[0]).toBe('Continue where you left off')
})

test('home says that starting again leaves the group', async () => {
  const { link, visitor, groupsOfDrafts } = await withGroup()
  const browser = visitor()
  await browser.post('/quiz')
  expect((await browser.get('/')).body).not.toContain('the group that you joined')
  await browser.post(link, { again: 'yes' })
  expect((await browser.get('/')).body).toContain('the group that you joined')
  await browser.post('/quiz', { again: 'yes' })
  expect(await groupsOfDrafts()).toEqual([null])
})

test('who has a result starts a new attempt, after they were told to keep their link', async () => {
  const { link, id, visitor, groupsOfDrafts } = await withGroup()
  const browser = visitor()
  const manage = await take(browser, manner)
  const page = load((await browser.get(link)).body)
  expect(page('.note a').attr('href')).toBe(manage)
  expect((await browser.post(link)).headers.location).toBe('/quiz/path/1')
  expect(await groupsOfDrafts()).toEqual([id])
  expect((await browser.get(manage)).statusCode).toBe(200)
})

const inDays = (days: number) => daysAfter(today(), days)

test.each<[string, Record<string, string>, string, string]>([
  ['no name', { name: ' ' }, 'name', 'Give the group a name'],
  ['a long name', { name: 'é'.repeat(81) }, 'name', 'A name has at most 80 characters; this one has 81'],
  ['no day', { closes: '' }, 'closes', 'Choose the last day for joining'],
  ['no such day', { closes: '2027-02-30' }, 'closes', 'Enter a day as year-month-day'],
  ['another notation', { closes: '31/12/2027' }, 'closes', 'Enter a day as year-month-day'],
  ['yesterday', { closes: inDays(-1) }, 'closes', 'cannot be in the past'],
  ['more than a year', { closes: inDays(366) }, 'closes', `can be ${longDay(inDays(365))} at the latest`]
])('a group with %s is not opened, and nothing typed is lost', async (_what, wrong, field, message) => {
  const { admin, database } = await withAdmin()
  const fields = { name: 'Platform', closes: inDays(3), ...wrong }
  const response = await submit(admin, '/admin/groups/new', fields)
  expect(response.statusCode).toBe(422)
  const page = load(response.body)
  expect(page('title').text()).toMatch(/^Error: /)
  expect(page('.error-summary a').attr('href')).toBe(`#${field}`)
  expect(page('.error-summary li').text()).toContain(message)
  expect(page(`#${field}`).attr('aria-describedby')).toContain(`${field}-fault`)
  expect(page('#name').val()).toBe(fields.name.trim())
  expect(page('#closes').val()).toBe(fields.closes)
  expect(await database.read.group.count()).toBe(0)
})

test.each([
  { name: 'é'.repeat(80), closes: inDays(0) },
  { name: '👩🏽‍🔬 <b>&{{title}}</b>', closes: inDays(365) }
])('a group can be named and end like %o', async (fields) => {
  const { admin, visitor } = await withAdmin()
  const link = await opened(admin, fields)
  expect(load((await visitor().get(link)).body)('h1').text()).toBe(`Join the group ${fields.name}`)
})

test('a stale form opens and closes nothing', async () => {
  const { admin, id, database } = await withGroup()
  const fields = { token: newToken(), once: newToken(), name: 'Platform', closes: today() }
  expect((await admin.post('/admin/groups/new', fields)).statusCode).toBe(403)
  expect((await admin.post(`/admin/groups/${id}/close`, fields)).statusCode).toBe(403)
  expect(await database.read.group.findMany()).toMatchObject([{ id, revokedOn: null }])
})

test('a form without its parts is refused, and an unknown group not found', async () => {
  const { admin, database } = await withAdmin()
  for (const wrong of [
    { once: 'x' },
    { once: '' },
    { name: 'x'.repeat(1001) },
    { closes: '1'.repeat(101) }
  ]) {
    expect((await submit(admin, '/admin/groups/new', wrong)).statusCode).toBe(400)
  }
  expect(await database.read.group.count()).toBe(0)
  expect((await admin.get('/admin/groups/unknown/close')).statusCode).toBe(404)
})

test('opening and closing are in the audit log, under the name of the admin and the group', async () => {
  const { admin, close, link, database } = await withGroup()
  await close()
  const entries = await database.read.auditEntry.findMany({ orderBy: { number: 'asc' } })
  expect(entries.slice(-2)).toMatchObject([
    { actor: 'ada', action: 'group-opened', about: 'Platform guild' },
    { actor: 'ada', action: 'group-closed', about: 'Platform guild' }
  ])
  for (const { requestId } of entries.slice(-2)) expect(requestId).toMatch(/^[\w-]{8}-\d+$/)
  expect(JSON.stringify(entries)).not.toContain(link.slice('/g/'.length))
  expect((await auditIn(database).verify()).broken).toBeNull()
  expect((await admin.get('/admin/audit')).body).toContain('Closed the group Platform guild')
})

test('the list of groups tells no numbers of people', async () => {
  const { admin, link, id, visitor } = await withGroup()
  const list = async () => load((await admin.get('/admin/groups')).body)('main table').text()
  const before = await list()
  await take(visitor(), manner, link)
  await visitor().post(link)
  expect(await list()).toBe(before)
  const page = load((await admin.get('/admin/groups')).body)
  expect(page('tbody th a').attr('href')).toBe(`/admin?people=${id}`)
})
