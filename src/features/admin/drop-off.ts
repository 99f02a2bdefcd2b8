import type { FastifyInstance } from 'fastify'
import { dayOf } from '../../web/days.ts'
import { paths } from '../../web/paths.ts'
import { dropOffExport, dropOffPage, dropOffTable, placesOf } from './drop-off-page.ts'
import { exportsOf } from './exports.ts'
import { frame } from './frame.ts'
import type { Dependencies } from './routes.ts'

/** Page by page, who went no further. */
export function dropOff({ aggregates, audit, content, minimum, pages, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'drop-off', about: 'of drop-off' }, audit)
    const { version, blocks } = content.current
    const places = placesOf(pages, blocks)

    async function found() {
      const counted = places.map(({ counted }) => counted)
      const figures = await aggregates.dropOff(version, counted, dayOf(Date.now()))
      return { figures, places, version, minimum }
    }

    app.get(paths.dropOff, full, async (request, reply) =>
      render(reply, 'admin/drop-off', { ...frame(request, paths.dropOff), ...dropOffPage(await found()) })
    )

    app.get(paths.dropOffCsv, full, async (request, reply) =>
      exports.csv(request, reply, dropOffTable(await found()))
    )

    app.get(paths.dropOffJson, full, async (request, reply) =>
      exports.json(request, reply, dropOffExport(await found()))
    )
  }
}
