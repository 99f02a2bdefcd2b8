import type { Cell } from '../../../statistics/suppression.ts'

/** A cell as pages print it: the number, or in words why there is none. */
export function printed(cell: Cell, minimum: number): string {
  return cell.kind === 'shown' ? whole(cell.count) : String(exported(cell, minimum))
}

/** How many people it tells of; null where that is hidden. */
export function countOf(cell: Cell): number | null {
  return cell.kind === 'shown' ? cell.count : null
}

/** Its share of a total as pages print it; null where either may not be told. */
export function shareOf(cell: Cell, total: Cell): string | null {
  if (cell.kind !== 'shown' || total.kind !== 'shown' || total.count === 0) return null
  return `${Math.round((100 * cell.count) / total.count)} %`
}

/** A number of people as pages print it: 12,345. */
export function whole(people: number): string {
  return people.toLocaleString('en-GB')
}

/** The same for programs and spreadsheets, where numbers are numbers. */
export function exported(cell: Cell, minimum: number): number | string {
  switch (cell.kind) {
    case 'shown':
      return cell.count
    case 'few':
      return `fewer than ${minimum}`
    case 'withheld':
      return 'withheld'
  }
}
