import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { dayOf } from '../../web/days.ts'
import { NotFound } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import { calibrationExport, calibrationTable } from './calibration-export.ts'
import { calibrationPage } from './calibration-page.ts'
import { exportsOf } from './exports.ts'
import { frame } from './frame.ts'
import type { Dependencies } from './routes.ts'
import { versionsOf } from './versions.ts'

/** What `npm run calibrate` found last: nothing is estimated here. */
export function calibration({ aggregates, calibrations, audit, content, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'calibration', about: 'of the calibration' }, audit)
    const versions = versionsOf(content)
    const Query = z.object({ version: z.enum(versions).optional() })

    /** The last estimate of the version that is asked for. */
    async function found(query: unknown) {
      const parsed = Query.safeParse(query)
      if (!parsed.success) throw new NotFound()
      const { version = content.current.version } = parsed.data
      const questionnaire = content.questionnaires.get(version)!
      const last = await calibrations.last(version)
      return { questionnaire, content, versions, last, minimum: calibrations.minimum }
    }

    app.get(paths.calibration, full, async (request, reply) => {
      const asked = await found(request.query)
      const day = dayOf(Date.now())
      const { measured } = await aggregates.statements(asked.questionnaire, day)
      return render(reply, 'admin/calibration', {
        ...frame(request, paths.calibration),
        ...calibrationPage({ ...asked, measured, day })
      })
    })

    app.get(paths.calibrationCsv, full, async (request, reply) =>
      exports.csv(request, reply, calibrationTable(calibrationExport(await found(request.query)).statements))
    )

    app.get(paths.calibrationJson, full, async (request, reply) =>
      exports.json(request, reply, calibrationExport(await found(request.query)))
    )
  }
}
