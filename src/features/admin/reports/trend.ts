import type { Archetype } from '../../../content/schema.ts'
import { longMonth } from '../../../days.ts'
import { proportion } from '../../../scoring/numerics/proportion.ts'
import type { Cell } from '../../../statistics/suppression.ts'
import { axis } from '../../../web/views/charts.ts'

/** How many calendar months are drawn, up to the newest; the table below holds all. */
const months = 24

/** CSS pixels. */
const height = 96

export type MonthOfPeople = { month: string; people: Cell; cells: readonly Cell[] }

/**
 * The share of each archetype by month, with its 95 % range: a chart for each, all to one scale. A month is left out
 * where its number may not be told. Null as long as there are not two months to compare.
 */
export function trendOf(all: readonly MonthOfPeople[], labels: readonly { id: Archetype; name: string }[]) {
  const last = Math.max(...all.map(({ month }) => numberOf(month)))
  const rows = all.filter(({ month }) => numberOf(month) > last - months)
  if (rows.length < 2) return null
  const first = Math.min(...rows.map(({ month }) => numberOf(month)))
  const shares = labels.map((_, column) =>
    rows.flatMap(({ month, people, cells }) => {
      const cell = cells[column]!
      if (cell.kind !== 'shown' || people.kind !== 'shown' || people.count === 0) return []
      return [{ month: numberOf(month), ...proportion(cell.count, people.count) }]
    })
  )
  const top = Math.ceil(10 * Math.max(0.1, ...shares.flat().map(({ high }) => high))) / 10
  const x = axis(first, last)
  const y = (share: number) => Math.round(height * (1 - share / top))
  return {
    height,
    top: Math.round(100 * top),
    from: longMonth(rows[0]!.month),
    to: longMonth(rows.at(-1)!.month),
    charts: labels.map(({ id, name }, index) => ({
      archetype: id,
      name,
      points: shares[index]!.map(({ month, share, low, high }) => ({
        x: x(month),
        y: y(share),
        low: y(low),
        high: y(high)
      }))
    }))
  }
}

/** Months in a row have numbers in a row. */
function numberOf(month: string): number {
  const [year, inYear] = month.split('-').map(Number)
  return 12 * year! + inYear!
}
