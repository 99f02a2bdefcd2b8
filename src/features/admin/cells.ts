import type { Cell } from '../../tallies/suppression.ts'

/** A cell as pages print it: the number, or in words why there is none. */
export function printed(cell: Cell, minimum: number): string {
  return String(exported(cell, minimum))
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
