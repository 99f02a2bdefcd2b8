import type { FastifyInstance, FastifyRequest } from 'fastify'
import { questionnaireOf } from '../../../content/load.ts'
import { dayOf } from '../../../days.ts'
import { paths } from '../../../web/paths.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { dropOffExport, dropOffPage, dropOffTable, placesOf } from './drop-off-page.ts'
import { exportsOf } from './exports.ts'
import { formOf, queryFor, versionFilter } from './filters.ts'

/** Page by page, who went no further. */
export function dropOff({ aggregates, audit, content, minimum, pagesOf, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'drop-off', about: 'of drop-off' }, audit)
    const read = queryFor(paths.dropOff, content, {})

    async function found({ query }: FastifyRequest) {
      const { version } = read(query)
      const questionnaire = questionnaireOf(content, version)
      const places = placesOf(pagesOf(questionnaire), questionnaire.blocks)
      const counted = places.map(({ counted }) => counted)
      const figures = await aggregates.dropOff(version, counted, dayOf(Date.now()))
      return { figures, places, version, minimum }
    }

    app.get(paths.dropOff, full, async (request, reply) => {
      const asked = await found(request)
      return render(reply, 'admin/drop-off', {
        ...frame(request, paths.dropOff),
        ...dropOffPage(asked),
        form: formOf(paths.dropOff, [versionFilter(content, asked.version)])
      })
    })

    app.get(paths.dropOffCsv, full, async (request, reply) =>
      exports.csv(request, reply, dropOffTable(await found(request)))
    )

    app.get(paths.dropOffJson, full, async (request, reply) =>
      exports.json(request, reply, dropOffExport(await found(request)))
    )
  }
}
