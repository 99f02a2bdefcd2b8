import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Content } from '../../content/load.ts'
import { questionnaireOf } from '../../content/load.ts'
import type { Breakdown } from '../../database/aggregates.ts'
import { dayOf } from '../../web/days.ts'
import { NotFound } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import { printed } from './cells.ts'
import { frame } from './frame.ts'
import { categoriesOf, type Labelled } from './overview-page.ts'
import type { Dependencies } from './routes.ts'
import { versionsOf } from './versions.ts'

const Query = z.object({ version: z.string().max(100).optional() })

/** The mix and the path by what people said of their company and themselves: one question at a time. */
export function breakdowns({ aggregates, content, minimum, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    app.get(paths.breakdowns, { config: { access: 'admin' } }, async (request, reply) => {
      const parsed = Query.safeParse(request.query)
      const version = parsed.data?.version ?? content.current.version
      if (!parsed.success || !versionsOf(content).includes(version)) throw new NotFound()
      const questionnaire = questionnaireOf(content, version)
      const found = await aggregates.breakdowns(questionnaire, dayOf(Date.now()))
      return render(reply, 'admin/breakdowns', {
        title: 'Breakdowns',
        ...frame(request, paths.breakdowns),
        version,
        minimum,
        questions: found.map((breakdown) => questionOf(breakdown, content, version, minimum))
      })
    })
  }
}

function questionOf({ question: id, ...mix }: Breakdown, content: Content, version: string, minimum: number) {
  const { question, options } = questionnaireOf(content, version).context.find((one) => one.id === id)!
  const { findings, leanings } = categoriesOf(content)
  const labelOf = (option: string) => options.find((one) => one.id === option)?.label ?? 'Not said'
  const table = (title: string, labels: Labelled[], { cells, rows }: Breakdown['findings']) => ({
    title,
    labels,
    rows: mix.rows.map((option, row) => ({
      name: labelOf(option),
      people: printed(rows[row]!, minimum),
      cells: labels.map(({ name }, column) => ({ name, text: printed(cells[row]![column]!, minimum) }))
    }))
  })
  return {
    id,
    question,
    tables: [table('Archetype mix', findings, mix.findings), table('Path', leanings, mix.paths)]
  }
}
