import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Content } from '../../content/load.ts'
import type { Admins } from '../../database/admins.ts'
import type { Statistics } from '../../database/statistics.ts'
import { BadRequest } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import type { Cookie } from '../../web/security.ts'
import { hashOf, isToken, newToken } from '../../web/tokens.ts'
import type { Render } from '../../web/views.ts'
import { dashboardPage, exportOf } from './page.ts'
import { isPassword } from './password.ts'

declare module 'fastify' {
  interface FastifyRequest {
    admin: string
  }
}

type Dependencies = {
  admins: Admins
  statistics: Statistics
  content: Content
  cookie: Cookie
  render: Render
}

const LoginForm = z.object({ name: z.string().max(100), password: z.string().max(1000) })

/** Aggregates for whoever runs this site: login, dashboard, export. */
export function admin({ admins, statistics, content, cookie, render }: Dependencies) {
  const loginPage = (reply: FastifyReply, name: string, faults: { id: string; message: string }[]) =>
    render(reply, 'admin/login', {
      title: faults.length > 0 ? 'Error: Log in' : 'Log in',
      action: paths.login,
      name,
      faults
    })

  return async (app: FastifyInstance) => {
    const open = { config: { access: 'public' as const } }

    app.get(paths.login, open, async (_request, reply) => loginPage(reply, '', []))

    const limited = { config: { ...open.config, rateLimit: { max: 20, timeWindow: '15 minutes' } } }
    app.post(paths.login, limited, async (request, reply) => {
      const form = LoginForm.safeParse(request.body)
      if (!form.success) throw new BadRequest()
      const { name, password } = form.data
      const now = Date.now()

      const wait = Math.ceil((await admins.waitOf(name, now)) / 1000)
      if (wait > 0) {
        const message = `Too many failed attempts. Try again in ${wait === 1 ? 'a second' : `${wait} seconds`}`
        return loginPage(reply.code(429).header('retry-after', wait), name, [{ id: 'name', message }])
      }
      if (!(await isPassword(password, await admins.passwordHash(name)))) {
        await admins.noteFailure(name, now)
        const message = 'The name or the password is not right'
        return loginPage(reply.code(422), name, [{ id: 'name', message }])
      }
      const token = newToken()
      await admins.startSession(hashOf(token), name, now)
      cookie.write(reply, token, 12 * 60 * 60)
      return reply.redirect(paths.admin, 303)
    })

    await app.register(async (guarded) => {
      const forAdmins = { config: { access: 'admin' as const } }
      guarded.decorateRequest('admin')
      guarded.addHook('onRequest', async (request, reply) => {
        const token = cookie.read(request)
        const name = isToken(token) ? await admins.sessionOf(hashOf(token), Date.now()) : null
        if (name === null) return reply.redirect(paths.login, 303)
        request.admin = name
      })

      const dashboard = async (admin: string) =>
        dashboardPage(await statistics.overview(content.current.version), content, admin)

      guarded.get(paths.admin, forAdmins, async (request, reply) =>
        render(reply, 'admin/dashboard', await dashboard(request.admin))
      )

      guarded.get(paths.export, forAdmins, async (request, reply) =>
        reply
          .header('content-disposition', 'attachment; filename="staff-bearings-aggregate.csv"')
          .type('text/csv; charset=utf-8')
          .send(exportOf(await dashboard(request.admin)))
      )

      guarded.post(paths.logout, forAdmins, async (request, reply) => {
        const token = cookie.read(request)
        if (isToken(token)) await admins.endSession(hashOf(token))
        cookie.clear(reply)
        return reply.header('clear-site-data', '"cache", "cookies", "storage"').redirect(paths.login, 303)
      })
    })
  }
}
