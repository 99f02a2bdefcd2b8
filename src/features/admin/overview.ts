import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { dayOf } from '../../web/days.ts'
import { NotFound } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import { exportsOf } from './exports.ts'
import { frame } from './frame.ts'
import { overviewPage, overviewRows } from './overview-page.ts'
import type { Dependencies } from './routes.ts'
import { versionsOf } from './versions.ts'

const chosen = z.string().max(100).optional()
const Query = z.object({
  version: chosen,
  month: chosen.transform((month) => month || undefined),
  group: chosen.transform((group) => group || undefined)
})

/** Who took the quiz, and how they divide: as a page, as CSV and as JSON. */
export function overview({ aggregates, groups, audit, content, minimum, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'aggregate', about: 'of the overview' }, audit)

    /** Unknown versions, months and groups are pages that do not exist; a month and a group do not go together. */
    async function pageOf({ query }: FastifyRequest) {
      const parsed = Query.safeParse(query)
      if (!parsed.success) throw new NotFound()
      const { version = content.current.version, ...scope } = parsed.data
      const versions = versionsOf(content)
      if (!versions.includes(version) || (scope.month && scope.group)) throw new NotFound()
      const found = await aggregates.overview(version, dayOf(Date.now()))
      const page = overviewPage(found, await groups.all(), content, { version, versions, scope, minimum })
      if (!page) throw new NotFound()
      return page
    }

    app.get(paths.admin, full, async (request, reply) =>
      render(reply, 'admin/overview', { ...frame(request, paths.admin), ...(await pageOf(request)) })
    )

    app.get(paths.export, full, async (request, reply) =>
      exports.csv(request, reply, overviewRows(await pageOf(request)))
    )

    app.get(paths.exportJson, full, async (request, reply) => {
      const { version, who, people, completions, drafts, tables } = await pageOf(request)
      return exports.json(request, reply, { version, who, people, completions, drafts, tables })
    })
  }
}
