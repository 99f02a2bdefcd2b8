import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { questionnaireOf } from '../../../content/load.ts'
import { dayOf } from '../../../days.ts'
import { paths } from '../../../web/paths.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { exportsOf } from './exports.ts'
import { formOf, NoFigures, queryFor, versionFilter } from './filters.ts'
import { overviewExport, overviewPage, overviewTable } from './overview-page.ts'
import { peopleFilter, peopleIn, whyMissing } from './population.ts'

/** Who took the quiz, and how they divide: as a page, as CSV and as JSON. */
export function overview({ aggregates, groups, audit, content, minimum, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'aggregate', about: 'of the overview' }, audit)
    const read = queryFor(paths.admin, content, { people: z.string('Choose people once.').default('') })

    async function found({ query }: FastifyRequest) {
      const { version, people: asked } = read(query)
      const figures = await aggregates.overview(questionnaireOf(content, version), dayOf(Date.now()))
      const known = { parts: figures.parts.rows, groups: await groups.all() }
      const people = peopleIn(known, asked)
      const form = formOf(paths.admin, [versionFilter(content, version), peopleFilter(known, people)])
      if (people === null) throw new NoFigures(whyMissing(asked, minimum), form)
      const page = overviewPage(figures, content, { version, people, minimum })
      return { page, form, exported: overviewExport(figures, page) }
    }

    app.get(paths.admin, full, async (request, reply) => {
      const { page, form } = await found(request)
      return render(reply, 'admin/overview', { ...frame(request, paths.admin), ...page, form })
    })

    app.get(paths.export, full, async (request, reply) =>
      exports.csv(request, reply, overviewTable((await found(request)).exported))
    )

    app.get(paths.exportJson, full, async (request, reply) =>
      exports.json(request, reply, (await found(request)).exported)
    )
  }
}
