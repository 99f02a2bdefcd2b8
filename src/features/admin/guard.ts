import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { derivedToken, hashOf, isToken, newToken, type Token } from '../../attempt/tokens.ts'
import type { By } from '../../database/stores/audit.ts'
import type { Renewal, Session, Sessions } from '../../database/stores/sessions.ts'
import { VisitorError } from '../../web/http/errors.ts'
import { formBody } from '../../web/http/forms.ts'
import type { Cookie } from '../../web/http/security.ts'
import { paths } from '../../web/paths.ts'

/** How far an admin has come: what they have to do next, or `full`, once they can do everything. */
export type Stage = 'code' | 'password' | 'authenticator' | 'full'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The stages at which an admin can use this route; by default only `full`. */
    stages?: readonly Stage[]
    /** Whether the password must have been asked for in the last minutes. */
    fresh?: boolean
  }
  interface FastifyRequest {
    /** The name of the admin. */
    admin: string
    adminSession: Session & { token: Token; stage: Stage }
  }
}

const placeOf: Record<Stage, string> = {
  code: paths.loginCode,
  password: paths.password,
  authenticator: paths.authenticator,
  full: paths.admin
}

const freshFor = 5 * 60 * 1000
/** As long as a session lasts at most. */
const cookieSeconds = 12 * 60 * 60

/** Only for admins: lets requests through that have a session at the right stage, and forms made for it. */
export function guard(
  app: FastifyInstance,
  { sessions, cookie, requireTotp }: { sessions: Sessions; cookie: Cookie; requireTotp: boolean }
) {
  app.decorateRequest('admin')
  app.decorateRequest('adminSession')

  app.addHook('onRequest', async (request, reply) => {
    const token = cookie.read(request)
    const session = isToken(token) ? await sessions.of(hashOf(token), Date.now()) : null
    if (!isToken(token) || session === null) return reply.redirect(paths.login, 303)
    const stage = stageOf(session, requireTotp)
    const { stages = ['full'], fresh = false } = request.routeOptions.config
    if (!stages.includes(stage)) return reply.redirect(placeOf[stage], 303)
    if (fresh && Date.now() - session.confirmedAt > freshFor) {
      return reply.redirect(paths.confirmFor(request.url.replace(/\?.*/, '')), 303)
    }
    request.admin = session.name
    request.adminSession = { ...session, token, stage }
  })

  app.addHook('preHandler', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return
    const { token } = formBody(request.body)
    const expected = formTokenOf(request)
    const isOurs = isToken(token) && timingSafeEqual(Buffer.from(token), Buffer.from(expected))
    if (!isOurs) throw new VisitorError(403, 'errors/stale')
  })
}

function stageOf(session: Session, requireTotp: boolean): Stage {
  if (session.awaitsCode) return 'code'
  if (session.hasInitialPassword) return 'password'
  return requireTotp && !session.hasTotp ? 'authenticator' : 'full'
}

export function formTokenOf({ adminSession }: FastifyRequest): Token {
  return derivedToken(adminSession.token, 'form')
}

/** Who makes this request, for the audit log. */
export function byAdmin(request: FastifyRequest, actor = request.admin): By {
  return { actor, at: Date.now(), requestId: request.id }
}

/** Gives the browser the token of a session; returns its id. */
export function newSession(reply: FastifyReply, cookie: Cookie): string {
  const token = newToken()
  cookie.write(reply, token, cookieSeconds)
  return hashOf(token)
}

/** Gives the browser another token for its session. */
export function renewed(request: FastifyRequest, reply: FastifyReply, cookie: Cookie): Renewal {
  return { from: request.adminSession.id, to: newSession(reply, cookie) }
}
