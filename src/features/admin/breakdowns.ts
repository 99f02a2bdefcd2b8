import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { questionnaireOf } from '../../content/load.ts'
import { dayOf } from '../../web/days.ts'
import { NotFound } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import { breakdownsExport, breakdownsPage, breakdownsTable } from './breakdowns-page.ts'
import { exportsOf } from './exports.ts'
import { frame } from './frame.ts'
import type { Dependencies } from './routes.ts'
import { versionsOf } from './versions.ts'

/** The mix and the path by what people said of their company and themselves: one question at a time. */
export function breakdowns({ aggregates, audit, content, minimum, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const versions = versionsOf(content)
    const Query = z.object({ version: z.enum(versions).optional() })
    const exports = exportsOf({ file: 'breakdowns', about: 'of breakdowns' }, audit)

    async function found({ query }: FastifyRequest) {
      const parsed = Query.safeParse(query)
      if (!parsed.success) throw new NotFound()
      const questionnaire = questionnaireOf(content, parsed.data.version ?? content.current.version)
      const figures = await aggregates.breakdowns(questionnaire, dayOf(Date.now()))
      return { figures, questionnaire, versions, content, minimum }
    }

    app.get(paths.breakdowns, full, async (request, reply) =>
      render(reply, 'admin/breakdowns', {
        ...frame(request, paths.breakdowns),
        ...breakdownsPage(await found(request))
      })
    )

    app.get(paths.breakdownsCsv, full, async (request, reply) =>
      exports.csv(request, reply, breakdownsTable(await found(request)))
    )

    app.get(paths.breakdownsJson, full, async (request, reply) =>
      exports.json(request, reply, breakdownsExport(await found(request)))
    )
  }
}
