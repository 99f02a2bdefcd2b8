import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { questionnaireOf } from '../../content/load.ts'
import { dayOf } from '../../web/days.ts'
import { NotFound } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import { exportsOf } from './exports.ts'
import { frame } from './frame.ts'
import { overviewExport, overviewPage, overviewTable } from './overview-page.ts'
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
    async function found({ query }: FastifyRequest) {
      const parsed = Query.safeParse(query)
      if (!parsed.success) throw new NotFound()
      const { version = content.current.version, ...scope } = parsed.data
      const versions = versionsOf(content)
      if (!versions.includes(version) || (scope.month && scope.group)) throw new NotFound()
      const figures = await aggregates.overview(questionnaireOf(content, version), dayOf(Date.now()))
      const page = overviewPage(figures, await groups.all(), content, { version, versions, scope, minimum })
      if (!page) throw new NotFound()
      return { page, exported: overviewExport(figures, page) }
    }

    app.get(paths.admin, full, async (request, reply) =>
      render(reply, 'admin/overview', { ...frame(request, paths.admin), ...(await found(request)).page })
    )

    app.get(paths.export, full, async (request, reply) =>
      exports.csv(request, reply, overviewTable((await found(request)).exported))
    )

    app.get(paths.exportJson, full, async (request, reply) =>
      exports.json(request, reply, (await found(request)).exported)
    )
  }
}
