import type { FastifyInstance } from 'fastify'
import type { Questionnaire } from '../../content/schema.ts'
import type { DropOff } from '../../database/aggregates.ts'
import { dayOf } from '../../web/days.ts'
import { paths } from '../../web/paths.ts'
import { printed } from './cells.ts'
import { frame } from './frame.ts'
import type { Dependencies } from './routes.ts'

/** Page by page, who went no further. */
export function dropOff({ aggregates, content, minimum, pages, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    app.get(paths.dropOff, { config: { access: 'admin' } }, async (request, reply) => {
      const { current } = content
      const places = placesOf(pages, current)
      const found = await aggregates.dropOff(
        current.version,
        places.map(({ counted }) => counted),
        dayOf(Date.now())
      )
      return render(reply, 'admin/drop-off', {
        title: 'Drop-off',
        ...frame(request, paths.dropOff),
        version: current.version,
        minimum,
        began: found.began,
        finished: printed(found.finished, minimum),
        rows: rowsOf(found, places, minimum)
      })
    })
  }
}

type Place = { name: string; counted: string[] }

/** The pages as everybody meets them: which set comes at which place differs, so their times are taken together. */
function placesOf(pages: readonly string[], { blocks, habits }: Questionnaire): Place[] {
  const sets = blocks.map(({ id }) => `set-${id}`)
  let [path, set] = [0, 0]
  return [
    ...pages.map((page): Place => {
      if (page.startsWith('path-')) return { name: `Path, page ${++path}`, counted: [page] }
      if (sets.includes(page)) return { name: `Set ${++set}`, counted: sets }
      return { name: habits.kinds.length > 0 ? 'Where the hours went' : page, counted: [page] }
    }),
    { name: 'Optional questions', counted: [] },
    { name: 'Six more choices', counted: ['six-more'] }
  ]
}

/** How many reached a page can be told from the start, or from the end, as far as nothing is hidden on the way. */
function rowsOf({ began, pages, finished }: DropOff, places: readonly Place[], minimum: number) {
  const left = pages.map(({ left }) => (left.kind === 'shown' ? left.count : Number.NaN))
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return pages.map((page, index) => {
    const fromStart = began - sum(left.slice(0, index))
    const fromEnd = (finished.kind === 'shown' ? finished.count : Number.NaN) + sum(left.slice(index))
    const reached = Number.isNaN(fromStart) ? fromEnd : fromStart
    return {
      name: places[index]!.name,
      reached: Number.isNaN(reached) ? 'withheld' : String(reached),
      left: printed(page.left, minimum),
      seconds: page.medianSeconds === null ? '–' : `${Math.round(page.medianSeconds)} s`
    }
  })
}
