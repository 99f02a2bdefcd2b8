import type { RowFigures } from './figures.ts'
import type { CrowdFigures } from './mix.ts'

/** A figure that has to stay between two limits, in every row that it is asked of. */
export type Requirement = {
  what: string
  limits: { low?: number; high?: number }
  /** The lowest and the highest value that occurred. */
  found: { low: number; high: number }
  holds: boolean
}

/** With fewer people per row, chance alone could break a requirement. */
export const TAKERS_FOR_REQUIREMENTS = 12_000

/** What the instrument promises, and whether it is kept. */
export function requirements(rows: readonly RowFigures[], crowds: readonly CrowdFigures[]): Requirement[] {
  const ordinary = rows.filter(({ condition }) => condition.s === 1 && condition.noise === 0.4)
  const careful = rows.filter(({ condition }) => condition.noise <= 0.4)
  return [
    requirement(
      'calibration error (ECE), every row',
      { high: 0.04 },
      rows.map(({ calibration }) => calibration.error)
    ),
    requirement(
      'first archetype found, s = 1, noise 0.4',
      { low: 0.74, high: 0.8 },
      ordinary.map(({ accuracy }) => accuracy.model)
    ),
    requirement(
      'coverage of 80 % ranges, noise up to 0.4',
      { low: 0.74, high: 0.87 },
      careful.map(({ coverage }) => coverage)
    ),
    requirement(
      'found, minus found by plain counts, every row',
      { low: -0.01 },
      rows.map(({ accuracy }) => accuracy.model - accuracy.counts)
    ),
    requirement(
      'ranges of who is first, of many, that hold the truth',
      { low: 0.95 },
      crowds.map(({ held }) => held)
    )
  ]
}

function requirement(what: string, limits: Requirement['limits'], values: readonly number[]): Requirement {
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = limits
  const found = { low: Math.min(...values), high: Math.max(...values) }
  return { what, limits, found, holds: found.low >= low && found.high <= high }
}
