import type { Block } from '../../../content/schema.ts'
import type { DropOff } from '../../../database/stores/aggregates.ts'
import type { Cell } from '../../../statistics/suppression.ts'
import { paths } from '../../../web/paths.ts'
import { axis } from '../../../web/views/charts.ts'
import { countOf, exported, printed, whole } from './cells.ts'
import type { Field } from './csv.ts'
import { urlOf } from './filters.ts'

/** A page as everybody meets it, and the names of the pages whose times count for it. */
type Place = { name: string; counted: string[] }

type Found = { figures: DropOff; places: readonly Place[]; version: string; minimum: number }

/** Which set comes at which place differs, so the times of all sets are taken together. */
export function placesOf(pages: readonly string[], blocks: readonly Block[]): Place[] {
  const sets = blocks.map(({ id }) => `set-${id}`)
  let [path, set] = [0, 0]
  return [
    ...pages.map((page): Place => {
      if (page.startsWith('path-')) return { name: `Path, page ${++path}`, counted: [page] }
      if (sets.includes(page)) return { name: `Set ${++set}`, counted: sets }
      return { name: 'Where the hours went', counted: [page] }
    }),
    { name: 'Optional questions', counted: [] },
    { name: 'Six more choices', counted: ['six-more'] }
  ]
}

export function dropOffPage({ figures, places, version, minimum }: Found) {
  const reached = reachedOf(figures)
  const lengthOf = axis(0, Math.max(1, figures.began))
  return {
    title: 'Drop-off',
    version,
    minimum,
    isEmpty: figures.began === 0,
    began: whole(figures.began),
    finished: whole(figures.finished),
    rows: figures.pages.map(({ left, medianSeconds }, index) => ({
      name: places[index]!.name,
      reached: printed(reached[index]!, minimum),
      bar: lengthOf(countOf(reached[index]!) ?? 0),
      left: printed(left, minimum),
      seconds: medianSeconds === null ? '–' : `${Math.round(medianSeconds)} s`
    })),
    csvUrl: urlOf(paths.dropOffCsv, { version }),
    jsonUrl: urlOf(paths.dropOffJson, { version })
  }
}

/** The page's figures for programs, in its order. */
export function dropOffExport({ figures, places, version, minimum }: Found) {
  const reached = reachedOf(figures)
  return {
    questionnaire: version,
    began: figures.began,
    finished: figures.finished,
    pages: figures.pages.map(({ left, medianSeconds }, index) => ({
      page: places[index]!.name,
      reached: exported(reached[index]!, minimum),
      left: exported(left, minimum),
      medianSeconds: medianSeconds === null ? null : Math.round(medianSeconds)
    }))
  }
}

/** The same as rows, the first of them with the names of the columns; the end is a page that some reached. */
export function dropOffTable(found: Found): Field[][] {
  const { questionnaire, pages, finished } = dropOffExport(found)
  return [
    ['questionnaire', 'page', 'reached', 'left', 'medianSeconds'],
    ...pages.map(({ page, reached, left, medianSeconds }) => [
      ...[questionnaire, page, reached, left],
      medianSeconds
    ]),
    [questionnaire, 'Finished', finished, null, null]
  ]
}

/** How many came to each page, worked out from the start or the end as far as nothing is hidden on the way. */
function reachedOf({ began, pages, finished }: DropOff): Cell[] {
  const left = pages.map(({ left }) => (left.kind === 'shown' ? left.count : Number.NaN))
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return pages.map((_, index) => {
    const fromStart = began - sum(left.slice(0, index))
    const fromEnd = finished + sum(left.slice(index))
    const reached = Number.isNaN(fromStart) ? fromEnd : fromStart
    return Number.isNaN(reached) ? { kind: 'withheld' } : { kind: 'shown', count: reached }
  })
}
