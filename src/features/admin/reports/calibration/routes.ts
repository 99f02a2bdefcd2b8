import type { FastifyInstance } from 'fastify'
import { questionnaireOf } from '../../../../content/load.ts'
import { dayOf } from '../../../../days.ts'
import { paths } from '../../../../web/paths.ts'
import { frame } from '../../layout.ts'
import type { Dependencies } from '../../routes.ts'
import { exportsOf } from '../exports.ts'
import { formOf, queryFor, versionFilter } from '../filters.ts'
import { calibrationExport, calibrationTable } from './export.ts'
import { calibrationPage } from './page.ts'

/** What `npm run calibrate` found last: nothing is estimated here. */
export function calibration({ aggregates, calibrations, audit, content, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const exports = exportsOf({ file: 'calibration', about: 'of the calibration' }, audit)
    const read = queryFor(paths.calibration, content, {})

    /** The last estimate of the version that is asked for. */
    async function found(query: unknown) {
      const { version } = read(query)
      const questionnaire = questionnaireOf(content, version)
      const last = await calibrations.last(version)
      return { questionnaire, content, last, minimum: calibrations.minimum }
    }

    app.get(paths.calibration, full, async (request, reply) => {
      const asked = await found(request.query)
      const day = dayOf(Date.now())
      const { measured } = await aggregates.statements(asked.questionnaire, day)
      return render(reply, 'admin/calibration', {
        ...frame(request, paths.calibration),
        ...calibrationPage({ ...asked, measured, day }),
        form: formOf(paths.calibration, [versionFilter(content, asked.questionnaire.version)])
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
