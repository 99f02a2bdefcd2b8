import type { FastifyInstance, FastifyReply } from 'fastify'
import * as z from 'zod'
import { hashOf, isToken } from '../../../attempt/tokens.ts'
import { BadRequest } from '../../../web/http/errors.ts'
import { paths } from '../../../web/paths.ts'
import { byAdmin, newSession } from '../guard.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { faultOfAttempt } from './login-throttle.ts'
import { isPassword, longest } from './password.ts'
import { hashOfCode } from './recovery-codes.ts'
import { stepOf } from './totp.ts'

const LoginForm = z.object({ name: z.string().max(100), password: z.string().max(longest) })
const CodeForm = z.object({ code: z.string().max(100) })

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

/** The second step for those with an authenticator app: its code, or a recovery code. */
export function loginCode({ admins, sessions, failures, cookie, render }: Dependencies) {
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
  }
}
