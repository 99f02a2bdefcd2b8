import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { BadRequest } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import { hashOf, isToken } from '../../web/tokens.ts'
import { faultOfAttempt } from './attempts.ts'
import { hashOfCode } from './codes.ts'
import { frame } from './frame.ts'
import { byAdmin, newSession } from './guard.ts'
import { isPassword, longest } from './password.ts'
import type { Dependencies } from './routes.ts'
import { stepOf } from './totp.ts'

const LoginForm = z.object({ name: z.string().max(100), password: z.string().max(longest) })
const CodeForm = z.object({ code: z.string().max(100) })
const PasswordForm = z.object({ password: z.string().max(longest), next: z.string().max(200) })

/** Guessing is slowed down for each account; this keeps one address from trying many. */
const rateLimit = { max: 20, timeWindow: '15 minutes' }

/** Name and password: the only pages of the section for those who are not logged in. */
export function login({ admins, sessions, failures, cookie, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const open = { access: 'public' as const }
    const loginPage = (reply: FastifyReply, name: string, fault: string | null) =>
      render(reply, 'admin/login', {
        title: fault === null ? 'Log in' : 'Error: Log in',
        action: paths.login,
        name,
        faults: fault === null ? [] : [{ id: 'name', message: fault }]
      })

    app.get(paths.login, { config: open }, async (_request, reply) => loginPage(reply, '', null))

    app.post(paths.login, { config: { ...open, rateLimit } }, async (request, reply) => {
      const form = LoginForm.safeParse(request.body)
      if (!form.success) throw new BadRequest()
      const { name, password } = form.data
      const account = await admins.find(name)
      const fault = await faultOfAttempt(failures, request, reply, {
        account: name,
        actor: account ? name : '(unknown)',
        what: 'password',
        isRight: async () =>
          (await isPassword(password, account?.passwordHash ?? null)) && !hasExpired(account?.initialUntil),
        ifWrong: 'The name or the password is not right'
      })
      if (fault !== null) return loginPage(reply, name, fault)

      const awaitsCode = Boolean(account?.totpSecret)
      const presented = cookie.read(request)
      const replaces = isToken(presented) ? hashOf(presented) : null
      const id = newSession(reply, cookie)
      await sessions.start(id, name, byAdmin(request, name), { awaitsCode, replaces })
      return reply.redirect(awaitsCode ? paths.loginCode : paths.admin, 303)
    })
  }
}

function hasExpired(initialUntil: number | null | undefined): boolean {
  return typeof initialUntil === 'number' && initialUntil < Date.now()
}

/** What is asked of those who have a session: the code of their app, and after a while their password again. */
export function loginSteps({ admins, sessions, failures, cookie, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const awaited = { access: 'admin' as const, stages: ['code'] as const }

    app.get(paths.loginCode, { config: awaited }, async (request, reply) =>
      render(reply, 'admin/login-code', { title: 'Enter your code', ...frame(request) })
    )

    app.post(paths.loginCode, { config: { ...awaited, rateLimit } }, async (request, reply) => {
      const form = CodeForm.safeParse(request.body)
      if (!form.success) throw new BadRequest()
      const { admin } = request
      const fault = await faultOfAttempt(failures, request, reply, {
        account: admin,
        actor: admin,
        what: 'code',
        isRight: () => isCode(form.data.code),
        ifWrong: 'That code is not right, or was used before. Wait for the next one and try that'
      })
      if (fault !== null) {
        return render(reply, 'admin/login-code', {
          title: 'Error: Enter your code',
          ...frame(request),
          faults: [{ id: 'code', message: fault }]
        })
      }
      const replaces = request.adminSession.id
      await sessions.start(newSession(reply, cookie), admin, byAdmin(request), { replaces })
      return reply.redirect(paths.admin, 303)

      async function isCode(text: string): Promise<boolean> {
        const code = text.replaceAll(' ', '')
        if (!/^\d{6}$/.test(code)) return admins.useRecoveryCode(admin, hashOfCode(text), byAdmin(request))
        const secret = (await admins.find(admin))?.totpSecret
        const step = secret ? stepOf(code, secret, Date.now()) : null
        return step !== null && admins.useTotpStep(admin, step)
      }
    })

    const loggedIn = { access: 'admin' as const, stages: ['authenticator', 'full'] as const }

    app.get<{ Querystring: { next?: unknown } }>(
      paths.confirm,
      { config: loggedIn },
      async (request, reply) =>
        render(reply, 'admin/confirm', {
          title: 'Confirm that it is you',
          ...frame(request),
          next: ours(request.query.next)
        })
    )

    app.post(paths.confirm, { config: { ...loggedIn, rateLimit } }, async (request, reply) => {
      const form = PasswordForm.safeParse(request.body)
      if (!form.success) throw new BadRequest()
      const { admin } = request
      const next = ours(form.data.next)
      const account = await admins.find(admin)
      const fault = await faultOfAttempt(failures, request, reply, {
        account: admin,
        actor: admin,
        what: 'password',
        isRight: () => isPassword(form.data.password, account?.passwordHash ?? null),
        ifWrong: 'The password is not right'
      })
      if (fault !== null) {
        return render(reply, 'admin/confirm', {
          title: 'Error: Confirm that it is you',
          ...frame(request),
          next,
          faults: [{ id: 'password', message: fault }]
        })
      }
      const renewal = { from: request.adminSession.id, to: newSession(reply, cookie) }
      await sessions.confirm(admin, renewal, Date.now())
      return reply.redirect(next, 303)
    })

    const anyStage = ['code', 'password', 'authenticator', 'full'] as const
    const leaving = { config: { access: 'admin' as const, stages: anyStage } }
    const leave = (reply: FastifyReply) => {
      cookie.clear(reply)
      return reply.header('clear-site-data', '"cache", "cookies", "storage"').redirect(paths.login, 303)
    }

    app.post(paths.logout, leaving, async (request, reply) => {
      await sessions.end(request.adminSession.id, byAdmin(request))
      return leave(reply)
    })

    app.post(paths.logoutEverywhere, { config: { access: 'admin' } }, async (request, reply) => {
      await sessions.endAll(request.admin, byAdmin(request))
      return leave(reply)
    })
  }
}

/** A page of the admin section to return to; never one of another site. */
function ours(next: unknown): string {
  return typeof next === 'string' && /^\/admin(\/\w[\w.@-]*)*$/.test(next) ? next : paths.admin
}
