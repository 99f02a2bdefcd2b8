import type { FastifyInstance } from 'fastify'
import type { Content } from '../../content/load.ts'
import type { Questionnaire } from '../../content/schema.ts'
import type { Admins } from '../../database/stores/admins.ts'
import type { Aggregates } from '../../database/stores/aggregates.ts'
import type { Audit } from '../../database/stores/audit.ts'
import type { Calibrations } from '../../database/stores/calibrations.ts'
import type { Groups } from '../../database/stores/groups.ts'
import type { LoginFailures } from '../../database/stores/login-failures.ts'
import type { Responses } from '../../database/stores/responses.ts'
import type { Sessions } from '../../database/stores/sessions.ts'
import type { Cookie } from '../../web/http/security.ts'
import type { Render } from '../../web/views/rendering.ts'
import { account } from './access/account.ts'
import { accounts } from './access/accounts.ts'
import { authenticator } from './access/authenticator.ts'
import { login, loginCode } from './access/login.ts'
import { session } from './access/session.ts'
import { auditLog } from './audit/routes.ts'
import { groupsPages } from './groups/routes.ts'
import { guard } from './guard.ts'
import { frame } from './layout.ts'
import { breakdowns } from './reports/breakdowns.ts'
import { calibration } from './reports/calibration/routes.ts'
import { dropOff } from './reports/drop-off.ts'
import { NoFigures } from './reports/filters.ts'
import { overview } from './reports/overview.ts'
import { responses } from './reports/responses.ts'
import { statements } from './reports/statements.ts'

export type Dependencies = {
  admins: Admins
  sessions: Sessions
  failures: LoginFailures
  audit: Audit
  groups: Groups
  aggregates: Aggregates
  calibrations: Calibrations
  responses: Responses
  content: Content
  cookie: Cookie
  /** Whether every admin must have an authenticator app. */
  requireTotp: boolean
  /** Of how many people something must be told before it is told at all. */
  minimum: number
  /** The names of the pages that every taker of a questionnaire comes through, in their order but for the sets. */
  pagesOf: (questionnaire: Questionnaire) => readonly string[]
  render: Render
}

/** For whoever runs this site: aggregates, accounts and the audit log. */
export function admin(dependencies: Dependencies) {
  const { sessions, failures, render } = dependencies

  return async (app: FastifyInstance) => {
    const tidy = () => Promise.all([sessions.forgetExpired(Date.now()), failures.forgetOld(Date.now())])
    app.addHook('onReady', async () => void (await tidy()))
    const hourly = setInterval(() => tidy().catch((error) => app.log.error(error)), 60 * 60 * 1000).unref()
    app.addHook('onClose', async () => clearInterval(hourly))

    await app.register(login(dependencies))

    await app.register(async (guarded) => {
      guard(guarded, dependencies)
      guarded.setErrorHandler(async (error, request, reply) => {
        if (!(error instanceof NoFigures)) throw error
        const { message, form } = error
        const page = { title: 'No such figures', ...frame(request, form.page), message, form }
        return render(reply.code(404), 'admin/no-figures', page)
      })
      await guarded.register(loginCode(dependencies))
      await guarded.register(session(dependencies))
      await guarded.register(account(dependencies))
      await guarded.register(authenticator(dependencies))
      await guarded.register(accounts(dependencies))
      await guarded.register(overview(dependencies))
      await guarded.register(breakdowns(dependencies))
      await guarded.register(dropOff(dependencies))
      await guarded.register(groupsPages(dependencies))
      await guarded.register(statements(dependencies))
      await guarded.register(calibration(dependencies))
      await guarded.register(responses(dependencies))
      await guarded.register(auditLog(dependencies))
    })
  }
}
