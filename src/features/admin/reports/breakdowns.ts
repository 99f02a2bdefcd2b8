import type { FastifyInstance, FastifyRequest } from 'fastify'
import { questionnaireOf } from '../../../content/load.ts'
import { dayOf } from '../../../days.ts'
import { paths } from '../../../web/paths.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { breakdownsExport, breakdownsPage, breakdownsTable } from './breakdowns-page.ts'
import { exportsOf } from './exports.ts'
import { formOf, queryFor, versionFilter } from './filters.ts'

/** The mix and the path by what people said of their company and themselves: one question at a time. */
export function breakdowns({ aggregates, audit, content, minimum, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const read = queryFor(paths.breakdowns, content, {})
    const exports = exportsOf({ file: 'breakdowns', about: 'of breakdowns' }, audit)

    async function found({ query }: FastifyRequest) {
      const questionnaire = questionnaireOf(content, read(query).version)
      const figures = await aggregates.breakdowns(questionnaire, dayOf(Date.now()))
      return { figures, questionnaire, content, minimum }
    }

    app.get(paths.breakdowns, full, async (request, reply) => {
      const asked = await found(request)
      return render(reply, 'admin/breakdowns', {
        ...frame(request, paths.breakdowns),
        ...breakdownsPage(asked),
        form: formOf(paths.breakdowns, [versionFilter(content, asked.questionnaire.version)])
      })
    })

    app.get(paths.breakdownsCsv, full, async (request, reply) =>
      exports.csv(request, reply, breakdownsTable(await found(request)))
    )

    app.get(paths.breakdownsJson, full, async (request, reply) =>
      exports.json(request, reply, breakdownsExport(await found(request)))
    )
  }
}
