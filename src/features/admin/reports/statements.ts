import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { questionnaireOf } from '../../../content/load.ts'
import { dayOf } from '../../../days.ts'
import { paths } from '../../../web/paths.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { exportsOf } from './exports.ts'
import { formOf, queryFor, versionFilter } from './filters.ts'
import { orders, statementsExport, statementsPage, statementsTable } from './statements-page.ts'

/** How well each statement measures. */
export function statements({ aggregates, audit, content, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'statements', about: 'of statements' }, audit)
    const read = queryFor(paths.statements, content, { sort: z.enum(orders).default('set').catch('set') })

    /** What is asked for, and the figures of it. */
    async function found(query: unknown) {
      const { version, sort } = read(query)
      const questionnaire = questionnaireOf(content, version)
      const day = dayOf(Date.now())
      const { published } = await aggregates.overview(questionnaire, day)
      const figures = await aggregates.statements(questionnaire, day)
      return { questionnaire, sort, content, figures, published, minimum: aggregates.minimum }
    }

    app.get(paths.statements, full, async (request, reply) => {
      const asked = await found(request.query)
      const { questionnaire, sort } = asked
      return render(reply, 'admin/statements', {
        ...frame(request, paths.statements),
        ...statementsPage(asked),
        form: formOf(paths.statements, [versionFilter(content, questionnaire.version)], { sort })
      })
    })

    app.get(paths.statementsCsv, full, async (request, reply) =>
      exports.csv(request, reply, statementsTable(statementsExport(await found(request.query)).statements))
    )

    app.get(paths.statementsJson, full, async (request, reply) =>
      exports.json(request, reply, statementsExport(await found(request.query)))
    )
  }
}
