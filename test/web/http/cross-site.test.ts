import { expect, test } from 'vitest'
import { derivedToken } from '../../../src/attempt/tokens.ts'
import { paths } from '../../../src/web/paths.ts'
import { addAdmin, addGroup, addTotp, giveSession, password } from '../../support/admin.ts'
import { routesOf } from '../../support/app.ts'
import { answeredUpTo, listening } from '../../support/browser.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

/** A site with people in it, and every form that it takes, filled in as well as somebody elsewhere ever could. */
async function attacked() {
  const site = await listening()
  const { app, database } = site
  await addAdmin(database)
  await addAdmin(database, 'grace')
  await addTotp(database)
  const group = await addGroup(database)
  const victim = await answeredUpTo(site, paths.context)
  await giveSession(database, victim)
  const result = await take(site.visitor(), devotedTo('solver', seeded(3)))
  const form = {
    token: derivedToken(victim.cookies.get('bearings-admin')!, 'form'),
    again: 'yes',
    skip: 'yes',
    note: 'from elsewhere',
    name: 'mallory',
    password,
    sure: 'yes'
  }
  const values: Record<string, string> = { ':number': '1', ':name': 'grace', ':group': group.id }
  const targets = routesOf(app, 'POST').map((route) =>
    route
      .replace(/^\/m\/:token/, result)
      .replace(/^\/g\/:token/, paths.join(group.link))
      .replaceAll(/:\w+/g, (name) => values[name] ?? name)
  )
  expect(targets.length).toBeGreaterThan(20)
  expect(targets.filter((url) => url.includes(':'))).toEqual([])
  const { read } = database
  const rows = async () => ({
    attempts: await read.attempt.findMany({ include: { pages: true } }),
    results: await read.result.findMany({ include: { notes: true } }),
    groups: await read.group.findMany(),
    tallies: await read.tally.findMany(),
    admins: await read.admin.findMany({ include: { sessions: true, recoveryCodes: true } }),
    failures: await read.loginFailures.findMany(),
    audit: await read.auditEntry.findMany()
  })
  return { site, victim, form, targets, rows }
}

test('a form with every secret changes nothing if the browser says that it is from elsewhere', async () => {
  const { site, victim, form, targets, rows } = await attacked()
  const before = await rows()
  const origins = [
    { 'sec-fetch-site': 'cross-site', origin: site.origin },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://elsewhere.example' },
    { origin: 'null' }
  ]
  for (const url of targets) {
    for (const headers of origins) {
      const { statusCode } = await site.app.inject({
        method: 'POST',
        url,
        headers: { ...(headers as object), 'content-type': 'application/x-www-form-urlencoded' },
        cookies: Object.fromEntries(victim.cookies),
        payload: new URLSearchParams(form).toString()
      })
      expect([url, headers, statusCode]).toEqual([url, headers, 403])
    }
  }
  expect(await rows()).toEqual(before)
})
