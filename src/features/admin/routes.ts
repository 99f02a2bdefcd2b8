import type { FastifyInstance } from 'fastify'
import type { Content } from '../../content/load.ts'
import type { Admins } from '../../database/admins.ts'
import type { Audit } from '../../database/audit.ts'
import type { LoginFailures } from '../../database/login-failures.ts'
import type { Sessions } from '../../database/sessions.ts'
import type { Statistics } from '../../database/statistics.ts'
import { paths } from '../../web/paths.ts'
import type { Cookie } from '../../web/security.ts'
import type { Render } from '../../web/views.ts'
import { account } from './account.ts'
import { accounts } from './accounts.ts'
import { auditLog } from './audit.ts'
import { authenticator } from './authenticator.ts'
import { frame } from './frame.ts'
import { byAdmin, guard } from './guard.ts'
import { login, loginCode } from './login.ts'
import { dashboardPage, exportOf } from './page.ts'
import { session } from './session.ts'

export type Dependencies = {
  admins: Admins
  sessions: Sessions
  failures: LoginFailures
  audit: Audit
  statistics: Statistics
  content: Content
  cookie: Cookie
  /** Whether every admin must have an authenticator app. */
  requireTotp: boolean
  render: Render
}

/** For whoever runs this site: aggregates, accounts and the audit log. */
export function admin(dependencies: Dependencies) {
  const { sessions, failures, audit, statistics, content, render } = dependencies

  return async (app: FastifyInstance) => {
    const tidy = () => Promise.all([sessions.forgetExpired(Date.now()), failures.forgetOld(Date.now())])
    app.addHook('onReady', async () => void (await tidy()))
    const hourly = setInterval(() => tidy().catch((error) => app.log.error(error)), 60 * 60 * 1000).unref()
    app.addHook('onClose', async () => clearInterval(hourly))

    await app.register(login(dependencies))

    await app.register(async (guarded) => {
      guard(guarded, dependencies)
      await guarded.register(loginCode(dependencies))
      await guarded.register(session(dependencies))
      await guarded.register(account(dependencies))
      await guarded.register(authenticator(dependencies))
      await guarded.register(accounts(dependencies))
      await guarded.register(auditLog(dependencies))

      const forAdmins = { config: { access: 'admin' as const } }
      const dashboard = async (admin: string) =>
        dashboardPage(await statistics.overview(content.current.version), content, admin)

      guarded.get(paths.admin, forAdmins, async (request, reply) =>
        render(reply, 'admin/dashboard', {
          ...frame(request, paths.admin),
          ...(await dashboard(request.admin))
        })
      )

      guarded.get(paths.export, forAdmins, async (request, reply) => {
        const csv = exportOf(await dashboard(request.admin))
        await audit.note(byAdmin(request), 'aggregate-exported')
        return reply
          .header('content-disposition', 'attachment; filename="staff-bearings-aggregate.csv"')
          .type('text/csv; charset=utf-8')
          .send(csv)
      })
    })
  }
}
