import type { Cell } from '../../tallies/suppression.ts'

/** A cell as pages print it: the number, or in words why there is none. */
export function printed(cell: Cell, minimum: number): string {
  return cell.kind === 'shown' ? whole(cell.count) : String(exported(cell, minimum))
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
