import type { FastifyRequest } from 'fastify'
import { paths } from '../../web/paths.ts'
import { formTokenOf } from './guard.ts'

/** The pages of the admin section, as its navigation lists them. */
const sections = [
  { name: 'Overview', url: paths.admin },
  { name: 'Breakdowns', url: paths.breakdowns },
  { name: 'Drop-off', url: paths.dropOff },
  { name: 'Statements', url: paths.statements },
  { name: 'Calibration', url: paths.calibration },
  { name: 'Groups', url: paths.groups },
  { name: 'Responses', url: paths.responses },
  { name: 'Accounts', url: paths.accounts },
  { name: 'Audit', url: paths.audit }
]

/** What every page for admins prints: its navigation, empty until they can go anywhere, and the token of its forms. */
export function frame(request: FastifyRequest, here?: string) {
  const { name, stage } = request.adminSession
  return {
    admin: name,
    isAccount: here === paths.account,
    sections:
      stage === 'full' ? sections.map((section) => ({ ...section, current: section.url === here })) : [],
    formToken: formTokenOf(request),
    faults: []
  }
}
