import type { FastifyInstance, FastifyReply } from 'fastify'
import * as z from 'zod'
import { BadRequest } from '../../../web/http/errors.ts'
import { paths } from '../../../web/paths.ts'
import { byAdmin, renewed } from '../guard.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { faultOfAttempt } from './login-throttle.ts'
import { isPassword, longest } from './password.ts'

const PasswordForm = z.object({ password: z.string().max(longest), next: z.string().max(200) })

/** A session, once begun: the password asked for again, and the ways to end it. */
export function session({ admins, sessions, failures, cookie, render }: Dependencies) {
  return async (app: FastifyInstance) => {
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

    app.post(paths.confirm, { config: loggedIn }, async (request, reply) => {
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
      await sessions.confirm(admin, renewed(request, reply, cookie), Date.now())
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
