import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import Fastify, {
  type FastifyContextConfig,
  type FastifyInstance,
  type InjectOptions,
  type RouteOptions
} from 'fastify'
import { expect, test } from 'vitest'
import { derivedToken, newToken } from '../src/attempt/tokens.ts'
import { readConfig } from '../src/config.ts'
import type { Stage } from '../src/features/admin/guard.ts'
import { security } from '../src/web/http/security.ts'
import { paths } from '../src/web/paths.ts'
import { addAdmin, addGroup, addTotp, giveSession } from './support/admin.ts'
import { content, testApp, type Visitor } from './support/app.ts'
import { devotedTo, seeded, take } from './support/taker.ts'

type Route = { method: string; url: string; config: FastifyContextConfig }
type Identity = { visitor: Visitor; hasDraft?: true; result?: string; stage?: Stage; isFresh?: true }

const minute = 60 * 1000

test('every route lets in whom it says that it is for, and nobody else', async () => {
  const { routes, identities, manage, send, rows } = await everybody()
  expect(routes.length).toBeGreaterThan(50)
  const before = await rows()

  for (const [name, identity] of Object.entries(identities)) {
    const met: Record<string, string> = {}
    const declared: Record<string, string> = {}
    for (const route of routes) {
      const key = `${route.method} ${route.url}`
      met[key] = outcomeOf(await send(route, identity))
      declared[key] = expectedOf(route, identity)
    }
    expect(met, name).toEqual(declared)
  }
  expect(await rows()).toEqual(before)

  // Whoever has a private link is its owner, whoever else they are.
  for (const route of routes.filter(({ method, config }) => config.access === 'owner' && method === 'GET')) {
    for (const identity of Object.values(identities)) {
      expect((await send(route, identity, manage)).statusCode).toBe(200)
    }
  }
}, 120_000)

test('a start fails at routes that do not say whom they are for', async () => {
  const app = Fastify()
  await app.register(security, readConfig({}))
  app.get('/open', { config: { access: 'public' } }, () => '')
  app.get('/forgotten', () => '')
  await expect(app.ready()).rejects.toThrow(/who they are for: GET \/forgotten/)
})

/** What the declared access comes to for somebody, without a form’s token and with a made-up private link. */
function expectedOf({ method, url, config }: Route, { hasDraft, result, stage, isFresh }: Identity): string {
  if (config.access === 'public') return 'in'
  if (config.access === 'owner' || config.access === 'scraper') return 'not found'
  if (config.access === 'taker') {
    if (hasDraft || (method === 'POST' && url === paths.quiz)) return 'in'
    return result ? `sent to ${result}` : 'not found'
  }
  if (stage === undefined) return 'sent to /admin/login'
  if (!(config.stages ?? ['full']).includes(stage)) {
    const places = {
      code: '/admin/login/code',
      password: '/admin/password',
      authenticator: '/admin/authenticator',
      full: '/admin'
    }
    return `sent to ${places[stage]}`
  }
  if (config.fresh && !isFresh) return 'asked for the password'
  return method === 'POST' ? 'stale' : 'in'
}

const closed = [/^\/admin\/login/, /^\/admin\/password$/, /^\/admin\/authenticator$/, /^\/admin$/, /^\/m\//]

function outcomeOf({ statusCode, headers, body }: Awaited<ReturnType<FastifyInstance['inject']>>): string {
  const location = String(headers.location ?? '')
  if (location.startsWith('/admin/confirm')) return 'asked for the password'
  if (closed.some((place) => place.test(location))) {
    expect(body).toBe('')
    return `sent to ${location}`
  }
  if (statusCode === 404) return 'not found'
  if (statusCode === 403 && body.includes('This page was open too long')) return 'stale'
  // What a handler answers to an empty form is a matter of that form.
  return [200, 303, 400, 422].includes(statusCode) ? 'in' : `${statusCode}`
}

async function everybody() {
  const declared: RouteOptions[] = []
  const note = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', (route) => {
      declared.push(route)
    })
  }
  subscribe('fastify.initialization', note)
  // Only where an app is required can somebody have it still to set up.
  const { app, database, visitor } = await testApp({ REQUIRE_TOTP: 'true' })
  unsubscribe('fastify.initialization', note)
  const routes = declared.flatMap(({ method, url, config = {} }): Route[] =>
    [method].flat().map((one) => ({ method: one, url, config }))
  )

  const manage = (await take(visitor(), devotedTo('solver', seeded(1)))).slice('/m/'.length)
  const owner = visitor()
  const result = await take(owner, devotedTo('architect', seeded(2)))
  const taker = visitor()
  await taker.post('/quiz')

  async function admin(
    name: string,
    { hasApp = true, initialUntil = undefined as number | undefined, ...session }
  ) {
    await addAdmin(database, name, initialUntil)
    if (hasApp) await addTotp(database, name)
    const browser = visitor()
    await giveSession(database, browser, { name, ...session })
    return browser
  }
  const identities: Record<string, Identity> = {
    nobody: { visitor: visitor() },
    'a taker': { visitor: taker, hasDraft: true },
    'the owner of another result': { visitor: owner, result },
    'an admin whose code is awaited': { visitor: await admin('ada', { awaitsCode: true }), stage: 'code' },
    'an admin with a password that was handed over': {
      visitor: await admin('bob', { initialUntil: Date.now() + minute }),
      stage: 'password',
      isFresh: true
    },
    'an admin who still needs an app': {
      visitor: await admin('cleo', { hasApp: false }),
      stage: 'authenticator',
      isFresh: true
    },
    'an admin who gave the password a while ago': {
      visitor: await admin('dora', { at: Date.now() - 6 * minute }),
      stage: 'full'
    },
    'an admin': { visitor: await admin('emma', {}), stage: 'full', isFresh: true }
  }

  const group = await addGroup(database)
  const parameters: Record<string, string> = {
    ':number': '1',
    ':id': 'solver',
    ':name': 'ada',
    ':group': group.id,
    ':version': content.current.version,
    '*': 'style.css'
  }
  let requests = 0
  function send({ method, url }: Route, { visitor }: Identity, link?: string) {
    // The link that a page is shared with is no private link, nor is that of a group.
    const shared = url.startsWith('/g/') ? group.link : derivedToken(manage, 'view')
    const token = url.startsWith('/m/') ? (link ?? shared) : shared
    return app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url: url.replaceAll(/:\w+|\*/g, (name) => parameters[name] ?? token),
      cookies: Object.fromEntries(visitor.cookies),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: method === 'POST' ? `unknown=${newToken()}` : '',
      // Everybody from an address of their own: nobody is slowed down.
      remoteAddress: `10.0.${requests >> 8}.${requests++ & 255}`
    })
  }

  const { read } = database
  const rows = async () => ({
    results: await read.result.findMany(),
    admins: await read.admin.findMany(),
    groups: await read.group.findMany(),
    codes: await read.recoveryCode.findMany(),
    sessions: (await read.session.findMany()).map(({ id }) => id).sort()
  })
  return { routes, identities, manage, send, rows }
}
