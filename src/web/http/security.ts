import { fastifyCookie } from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../../config.ts'
import { Forbidden, TooMany } from './errors.ts'
import { networkOf } from './network.ts'

/**
 * Who a route is for. `owner` routes ask for a token in the URL, `admin` routes for a session, and `scraper` routes
 * are for the operator's monitoring.
 */
export type Access = 'public' | 'taker' | 'owner' | 'admin' | 'scraper'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
}

/** What every route has: headers, limits, and the check that a form was sent from our own pages. */
export const security = fp(async (app: FastifyInstance, config: Config) => {
  const headers = Object.entries(securityHeaders(config))
  // At the end, as what is sent ready has them already. What a route says itself stands.
  app.addHook('onSend', (_request, reply, payload, done) => {
    for (const [name, value] of headers) if (!reply.hasHeader(name)) reply.header(name, value)
    done(null, payload)
  })
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    routes.push(route)
  })
  app.addHook('onReady', async () => {
    const open = routes.filter(({ config }) => !config?.access).map(({ method, url }) => `${method} ${url}`)
    if (open.length > 0) throw new Error(`These routes do not say who they are for: ${open.join(', ')}`)
  })
  // For what has a limit of its own: logging in, and guessing links.
  await app.register(rateLimit, {
    global: false,
    cache: 10_000,
    // Whoever has requests left need not know how many.
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false
    }
  })
  const unlimited = new Set<string>()
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.rateLimit === false) unlimited.add(url)
  })
  const waitOf = requestLimit(config.rateLimit)
  app.addHook('onRequest', (request, reply, done) => {
    const wait = unlimited.has(request.url) ? 0 : waitOf(request.ip)
    if (wait > 0) {
      reply.header('retry-after', wait)
      return done(new TooMany())
    }
    const isFine = safeMethods.has(request.method) || isFromOurPages(request, config.publicUrl)
    done(isFine ? undefined : new Forbidden())
  })
})

const minute = 60_000
/** Of how many networks requests are counted: of more, the one that came first is forgotten first. */
const remembered = 10_000

/**
 * Counts the requests of each network, and says how many seconds one has to wait that has had this many in a minute. It
 * waits for nothing itself: for pages that are ready, the plugin's way takes a tenth of the whole time.
 */
function requestLimit(most: number): (address: string) => number {
  const counts = new Map<string, number>()
  let until = 0
  return (address) => {
    const now = Date.now()
    if (now >= until) {
      counts.clear()
      until = now + minute
    }
    const network = address.includes(':') ? networkOf(address) : address
    const requests = (counts.get(network) ?? 0) + 1
    counts.set(network, requests)
    if (counts.size > remembered) counts.delete(counts.keys().next().value!)
    return requests > most ? Math.ceil((until - now) / 1000) : 0
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Every browser says where a POST comes from, in Sec-Fetch-Site or, older ones, in Origin. A request with
 * neither comes from no browser, so it carries no visitor's cookies against their will.
 */
function isFromOurPages({ headers }: FastifyRequest, publicUrl: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  if (headers.origin === undefined) return true
  return headers.origin === publicUrl || hostOf(headers.origin) === headers.host
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** Deny by default; what helmet would send, made once and frozen. A test holds it against helmet. */
export function securityHeaders({ https }: Pick<Config, 'https'>): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    ...(https ? ['upgrade-insecure-requests'] : [])
  ]
  return Object.freeze({
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not "no-referrer": with that, browsers send "Origin: null" from our own forms.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
    'cache-control': 'no-store',
    ...(https ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {})
  })
}

export type Cookie = ReturnType<typeof cookieNamed>

/**
 * A cookie of ours: over TLS only the origin itself can set it, and it never travels unencrypted. Cookies are parsed
 * where one is asked for, as most pages need none.
 */
export function cookieNamed(name: string, options: { https: boolean; sameSite: 'lax' | 'strict' }) {
  const fullName = options.https ? `__Host-${name}` : name
  const attributes = { path: '/', httpOnly: true, secure: options.https, sameSite: options.sameSite }
  return {
    read: ({ headers: { cookie } }: FastifyRequest) =>
      cookie === undefined ? undefined : fastifyCookie.parse(cookie)[fullName],
    write: (reply: FastifyReply, value: string, maxAge: number) =>
      reply.header('set-cookie', fastifyCookie.serialize(fullName, value, { ...attributes, maxAge })),
    clear: (reply: FastifyReply) =>
      reply.header('set-cookie', fastifyCookie.serialize(fullName, '', { ...attributes, maxAge: 0 }))
  }
}
