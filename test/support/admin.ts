import { randomUUID } from 'node:crypto'
import { load } from 'cheerio'
import { TOTP } from 'otpauth'
import { hashOf, newToken } from '../../src/attempt/tokens.ts'
import type { Database } from '../../src/database/engine/client.ts'
import { adminsIn } from '../../src/database/stores/admins.ts'
import { byServer } from '../../src/database/stores/audit.ts'
import { groupsIn } from '../../src/database/stores/groups.ts'
import { sessionsIn } from '../../src/database/stores/sessions.ts'
import { dayOf, daysAfter } from '../../src/days.ts'
import { hashPassword } from '../../src/features/admin/access/password.ts'
import { newRecoveryCodes } from '../../src/features/admin/access/recovery-codes.ts'
import { paths } from '../../src/web/paths.ts'
import type { Visitor } from './app.ts'

export const password = 'a longer pass phrase'
export const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

let passwordHash: Promise<string> | undefined

/** Makes an account with the password above. */
export async function addAdmin(database: Database, name = 'ada', initialUntil?: number): Promise<void> {
  passwordHash ??= hashPassword(password)
  const initial = initialUntil === undefined ? {} : { initialUntil }
  await adminsIn(database).add(name, { hash: await passwordHash, ...initial }, byServer(Date.now()))
}

/** Gives an account an authenticator app with the secret above; returns its recovery codes. */
export async function addTotp(database: Database, name = 'ada'): Promise<string[]> {
  const { codes, hashes } = newRecoveryCodes()
  const app = { secret, step: 0, recoveryCodes: hashes }
  await adminsIn(database).turnTotpOn(name, app, { from: '', to: '' }, byServer(Date.now()))
  return codes
}

/** What the authenticator app shows at this time. */
export function codeAt(time: number, of = secret): string {
  return new TOTP({ secret: of }).generate({ timestamp: time })
}

/** Gives a visitor a session that began at this time. */
export async function giveSession(
  database: Database,
  visitor: Visitor,
  { name = 'ada', at = Date.now(), awaitsCode = false } = {}
): Promise<void> {
  const token = newToken()
  const by = { actor: name, at, requestId: null }
  await sessionsIn(database).start(hashOf(token), name, by, { awaitsCode })
  visitor.cookies.set('bearings-admin', token)
}

/** Loads a page, fills in the form that is sent to `action`, and sends it. */
export async function submit(
  visitor: Visitor,
  url: string,
  fields: Record<string, string> = {},
  action = url
) {
  const page = await visitor.get(url)
  const form = load(page.body)(`form[action="${action}"]`)
  if (form.length === 0) throw new Error(`${url} (${page.statusCode}) has no form for ${action}`)
  const given = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]))
  return visitor.post(action, { ...given, ...fields })
}

/** Opens a group that can be joined for a month; returns its id and the token of its link. */
export async function addGroup(database: Database, name = 'Platform guild') {
  const link = newToken()
  const id = randomUUID()
  const today = dayOf(Date.now())
  const group = { id, name, openedOn: today, closesOn: daysAfter(today, 30) }
  await groupsIn(database).open(group, hashOf(link), byServer(Date.now()))
  return { id, link }
}

export function logIn(visitor: Visitor, name = 'ada') {
  return visitor.post(paths.login, { name, password })
}
