import type { Cell } from '../../tallies/suppression.ts'

/** A cell as tables and exports print it: the number, or in words why there is none. */
export function printed(cell: Cell, minimum: number): string {
  switch (cell.kind) {
    case 'shown':
      return String(cell.count)
    case 'few':
      return `fewer than ${minimum}`
    case 'withheld':
      return 'withheld'
  }
}
