import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import type { Action } from '../../../database/stores/audit.ts'
import { paths } from '../../../web/paths.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'

const wording: Record<Action, string> = {
  login: 'Logged in',
  'login-failed': 'Failed to log in, wrong',
  'login-throttled': 'Was made to wait after failed logins',
  logout: 'Logged out',
  'logout-everywhere': 'Signed out everywhere',
  'password-changed': 'Changed the password',
  'totp-on': 'Turned the authenticator app on',
  'totp-off': 'Turned the authenticator app off',
  'recovery-code-used': 'Used a recovery code',
  'recovery-codes-renewed': 'Made new recovery codes',
  'account-added': 'Added the account',
  'account-removed': 'Removed the account',
  'account-reset': 'Reset the account',
  'aggregate-exported': 'Exported the aggregate',
  'rows-exported': 'Exported single results',
  'group-opened': 'Opened the group',
  'group-closed': 'Closed the group',
  'results-expired': 'Deleted results that had reached their age, in number:',
  'drafts-expired': 'Deleted drafts that nobody came back to, in number:'
}

const entriesOnAPage = 50
const Query = z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) })

/** What was done here, newest first. */
export function auditLog({ audit, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    app.get(paths.audit, { config: { access: 'admin' } }, async (request, reply) => {
      const { before } = Query.parse(request.query)
      const entries = await audit.entries(entriesOnAPage, before)
      const oldest = entries.at(-1)?.number ?? 1
      return render(reply, 'admin/audit', {
        title: 'Audit',
        ...frame(request, paths.audit),
        entries: entries.map(({ at, action, ...entry }) => ({
          ...entry,
          day: at.slice(0, 10),
          time: at.slice(11, 19),
          at,
          what: wording[action as Action] ?? action
        })),
        older: oldest > 1 && paths.auditBefore(oldest),
        newest: before !== undefined && paths.audit
      })
    })
  }
}
