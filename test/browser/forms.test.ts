import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { derivedToken, newToken } from '../../src/attempt/tokens.ts'
import { dayOf } from '../../src/days.ts'
import { paths } from '../../src/web/paths.ts'
import { addAdmin, addGroup, addTotp, password } from '../support/admin.ts'
import { routesOf } from '../support/app.ts'
import { answeredUpTo, become, launched, listening, logIn, type Site } from '../support/browser.ts'
import { careless, fill, seeded, take } from '../support/taker.ts'

const { profile, visit } = launched()

for (const host of ['127.0.0.1', 'localhost']) {
  // Another port is another origin of the same site, which cookies go to; another name is another site.
  test(`a page on another origin, ${host}, cannot make a visitor send any form`, async () => {
    const site = await listening()
    const random = careless(seeded(3))
    const owner = site.visitor()
    const manage = await take(owner, random)
    await owner.post(manage, { note: 'mine' })
    const victim = await answeredUpTo(site, paths.review)
    await logIn(site, victim)
    await addAdmin(site.database, 'grace')
    await addTotp(site.database)
    const group = await addGroup(site.database)
    // Even if the other page knew the token of our forms.
    const token = derivedToken(victim.cookies.get('bearings-admin')!, 'form')
    const another = 'four words nobody expects'
    const sent = async (url: string) => ({ url, fields: fill((await victim.get(url)).body, random) })
    const forms = {
      '/quiz': { url: paths.quiz, fields: { again: 'yes' } },
      '/quiz/path/:number': await sent(paths.pathPage(1)),
      '/quiz/sets/:number': await sent(paths.block(1)),
      '/quiz/habits': await sent(paths.habitsPage),
      '/quiz/review': { url: paths.review, fields: {} },
      '/quiz/context': { url: paths.context, fields: { skip: 'yes' } },
      '/quiz/six-more': { url: paths.tieBreaker, fields: { skip: 'yes' } },
      '/g/:token': { url: paths.join(group.link), fields: { again: 'yes' } },
      '/m/:token': { url: manage, fields: { note: 'not mine' } },
      '/m/:token/notes/:number/delete': { url: `${manage}/notes/1/delete`, fields: {} },
      '/m/:token/delete': { url: `${manage}/delete`, fields: {} },
      '/admin/login': { url: paths.login, fields: { name: 'ada', password } },
      '/admin/login/code': { url: paths.loginCode, fields: { token, code: '123456' } },
      '/admin/logout': { url: paths.logout, fields: { token } },
      '/admin/logout-everywhere': { url: paths.logoutEverywhere, fields: { token } },
      '/admin/confirm': { url: paths.confirm, fields: { token, password, next: paths.account } },
      '/admin/password': {
        url: paths.password,
        fields: { token, current: password, password: another, again: another }
      },
      '/admin/authenticator': { url: paths.authenticator, fields: { token, code: '123456' } },
      '/admin/authenticator/off': { url: paths.authenticatorOff, fields: { token } },
      '/admin/authenticator/recovery-codes': { url: paths.recoveryCodes, fields: { token } },
      '/admin/accounts/new': { url: paths.newAccount, fields: { token, name: 'mallory' } },
      '/admin/accounts/:name/remove': { url: paths.accountRemoval('grace'), fields: { token } },
      '/admin/groups/new': {
        url: paths.newGroup,
        fields: { token, once: newToken(), name: 'not ours', closes: dayOf(Date.now()) }
      },
      '/admin/groups/:group/close': { url: paths.groupClosing(group.id), fields: { token } }
    }
    expect(Object.keys(forms).sort()).toEqual(routesOf(site.app, 'POST'))

    const context = await profile()
    await become(context, victim, site)
    const before = await rowsOf(site)
    const cookies = await context.cookies(site.origin)
    const page = await context.newPage()
    const elsewhere = `http://${host}:${await otherServer()}`
    for (const [route, { url, fields }] of Object.entries(forms)) {
      await page.goto(elsewhere)
      expect(await sendForm(page, site.origin + url, fields), route).toBe(403)
    }
    expect(await rowsOf(site)).toEqual(before)
    expect(await context.cookies(site.origin)).toEqual(cookies)
  })
}

test('a double click on the last button makes one result', async () => {
  const { site, context } = await atTheEnd()
  const page = await context.newPage()
  await page.goto(paths.context)
  let arrived = 0
  site.app.server.on('request', ({ method }) => {
    if (method === 'POST') arrived++
  })
  // Both clicks must get through to the server: the first is kept waiting until the second is there.
  const release = await held(site)
  const button = page.getByRole('button', { name: 'See my result' }).last()
  await button.scrollIntoViewIfNeeded()
  const { x, y } = (await button.boundingBox())!
  for (const clicks of [1, 2]) {
    await page.mouse.click(x + 5, y + 5)
    await expect.poll(() => arrived, { timeout: 10_000 }).toBe(clicks)
  }
  release()
  // The second click gives up the navigation of the first: whoever waits for that one is told so.
  await expect.poll(() => new URL(page.url()).pathname, { timeout: 15_000 }).toMatch(/^\/m\//)
  expect(await site.database.read.result.count()).toBe(1)
})

test('two tabs that both send the last page get the same one result', async () => {
  const { site, context } = await atTheEnd()
  const tabs = [await context.newPage(), await context.newPage()]
  for (const tab of tabs) await tab.goto(paths.context)
  await Promise.all(tabs.map((tab) => tab.getByRole('button', { name: 'See my result' }).last().click()))
  await Promise.all(tabs.map((tab) => tab.waitForURL('**/m/*')))
  expect(tabs[0]!.url()).toBe(tabs[1]!.url())
  expect(await site.database.read.result.count()).toBe(1)
})

/** Keeps everything that writes waiting, until what it resolves to is called. */
async function held({ database }: Site) {
  let release = () => {}
  const waits = new Promise<void>((resolve) => {
    release = resolve
  })
  await new Promise<void>((begun) => {
    database.write(() => {
      begun()
      return waits
    })
  })
  onTestFinished(release)
  return release
}

async function atTheEnd() {
  const site = await listening()
  const context = await visit(site)
  await become(context, await answeredUpTo(site, paths.review), site)
  return { site, context }
}

/** The port of a web server that has nothing to do with ours. */
async function otherServer(): Promise<number> {
  const server = createServer((_request, response) => response.end('<!doctype html><title>Elsewhere</title>'))
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  })
  return (server.address() as AddressInfo).port
}

/** Makes the page post a form, and returns the status of the answer. */
async function sendForm(page: Page, action: string, fields: Record<string, string>) {
  const [response] = await Promise.all([
    page.waitForNavigation(),
    page.evaluate(
      ({ action, fields }) => {
        const form = document.createElement('form')
        Object.assign(form, { method: 'post', action })
        for (const [name, value] of Object.entries(fields)) {
          form.append(Object.assign(document.createElement('input'), { name, value }))
        }
        document.body.append(form)
        form.submit()
      },
      { action, fields }
    )
  ])
  return response?.status()
}

/** Everything that a visitor could change. */
async function rowsOf({ database: { read } }: Site) {
  return {
    attempts: await read.attempt.findMany(),
    pages: await read.savedPage.findMany(),
    results: await read.result.findMany(),
    notes: await read.note.findMany(),
    groups: await read.group.findMany(),
    sessions: await read.session.findMany(),
    failures: await read.loginFailures.findMany(),
    admins: await read.admin.findMany(),
    recoveryCodes: await read.recoveryCode.findMany(),
    audit: await read.auditEntry.findMany()
  }
}
