import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { dayOf } from '../../web/days.ts'
import { NotFound } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import { exportsOf } from './exports.ts'
import { frame } from './frame.ts'
import type { Dependencies } from './routes.ts'
import { orders, statementsExport, statementsPage, statementsTable } from './statements-page.ts'
import { versionsOf } from './versions.ts'

/** How well each statement measures. */
export function statements({ aggregates, audit, content, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'statements', about: 'of statements' }, audit)
    const versions = versionsOf(content)
    const Query = z.object({
      version: z.enum(versions).optional(),
      sort: z.enum(orders).default('set').catch('set')
    })

    /** What is asked for, and the figures of it. */
    async function found(query: unknown) {
      const parsed = Query.safeParse(query)
      if (!parsed.success) throw new NotFound()
      const { version = content.current.version, sort } = parsed.data
      const questionnaire = content.questionnaires.get(version)!
      const day = dayOf(Date.now())
      const { published } = await aggregates.overview(questionnaire, day)
      const figures = await aggregates.statements(questionnaire, day)
      return { questionnaire, sort, content, versions, figures, published, minimum: aggregates.minimum }
    }

    app.get(paths.statements, full, async (request, reply) =>
      render(reply, 'admin/statements', {
        ...frame(request, paths.statements),
        ...statementsPage(await found(request.query))
      })
    )

    app.get(paths.statementsCsv, full, async (request, reply) =>
      exports.csv(request, reply, statementsTable(statementsExport(await found(request.query)).statements))
    )

    app.get(paths.statementsJson, full, async (request, reply) =>
      exports.json(request, reply, statementsExport(await found(request.query)))
    )
  }
}
