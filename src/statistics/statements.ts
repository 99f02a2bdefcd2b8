import type { Questionnaire } from '../content/schema.ts'
import { type Proportion, proportion } from '../scoring/numerics/proportion.ts'
import { type Counts, countAt } from './counts.ts'
import { flagsOf, type ItemStatistics } from './item-statistics.ts'
import { medianOf } from './seconds.ts'
import { type Cell, suppressedLine } from './suppression.ts'
import { MILLION } from './tally.ts'

/** A value with its 95 % range. */
export type Estimate = { value: number; low: number; high: number }

/** How one statement measures, computed from sums. */
export type StatementStatistics = ItemStatistics & {
  id: string
  block: string
  archetype: string
  /** How many marked it MOST, and LEAST, as far as that can be told of the four of its block. */
  told: { most: Cell; least: Cell }
  /** Share of MOST less share of LEAST. Null where one of the two cannot be told. */
  bestMinusWorst: Estimate | null
  /** Share of MOST where it is shown first of the four, less that where it is shown last. Null of few. */
  positionEffect: Estimate | null
}

/** With fewer people, the numbers of single statements say more about the people than about the statements. */
export const peopleForStatements = 50

const Z = 1.96

/** The statistics of every statement from the tally of a version: what one would find from all its answers. */
export function statementsOf(
  counts: Counts,
  questionnaire: Questionnaire,
  archetypes: readonly string[],
  minimum: number
): StatementStatistics[] {
  const n = countAt(counts, 'measured')
  return questionnaire.blocks.flatMap(({ id: block, statements }) => {
    const pair = (most: string, least: string) => countAt(counts, 'blocks', block, `${most}>${least}`)
    const most = (one: string) => sum(archetypes.map((other) => pair(one, other)))
    const least = (one: string) => sum(archetypes.map((other) => pair(other, one)))
    const score = (one: string) => most(one) - least(one)
    /** Σ y y' over people, of two statements of this block. */
    const product = (one: string, other: string) =>
      one === other ? most(one) + least(one) : -pair(one, other) - pair(other, one)
    const withTotal = (one: string, other: string) => countAt(counts, 'with', block, one, other)

    /** Of a statement's score, with an archetype's net count in the other blocks. */
    function correlation(one: string, other: string): number | null {
      const rest = countAt(counts, 'totals', other) - score(other)
      const restSquares =
        countAt(counts, 'products', other, other) - 2 * withTotal(other, other) + product(other, other)
      const both = withTotal(one, other) - product(one, other)
      const covariance = both - (score(one) * rest) / n
      const spread = (product(one, one) - score(one) ** 2 / n) * (restSquares - rest ** 2 / n)
      return spread > 0 ? covariance / Math.sqrt(spread) : null
    }

    const tellable = {
      most: suppressedLine(
        statements.map(({ archetype }) => most(archetype)),
        minimum
      ),
      least: suppressedLine(
        statements.map(({ archetype }) => least(archetype)),
        minimum
      )
    }

    return statements.map(({ id, archetype }, index) => {
      const told = { most: tellable.most[index]!, least: tellable.least[index]! }
      const others = archetypes
        .map((other, index) => ({ archetype: index, r: correlation(archetype, other) }))
        .filter((other) => archetypes[other.archetype] !== archetype)
      const statistics = {
        answered: n,
        most: proportion(most(archetype), n),
        least: proportion(least(archetype), n),
        itemRest: correlation(archetype, archetype),
        bestOther: others.reduce<ItemStatistics['bestOther']>(
          (best, { archetype, r }) => (r !== null && (best === null || r > best.r) ? { archetype, r } : best),
          null
        )
      }
      const difference = score(archetype) / n
      const variance = (most(archetype) + least(archetype)) / n - difference ** 2
      const at = (position: number, what: string) => countAt(counts, 'at', id, position, what)
      return {
        id,
        block,
        archetype,
        ...statistics,
        told,
        flags: flagsOf(statistics),
        bestMinusWorst:
          told.most.kind === 'shown' && told.least.kind === 'shown'
            ? estimate(difference, variance / n)
            : null,
        positionEffect:
          Math.min(at(0, 'most'), at(3, 'most')) >= minimum
            ? differenceOf(
                proportion(at(0, 'most'), at(0, 'shown')),
                at(0, 'shown'),
                proportion(at(3, 'most'), at(3, 'shown')),
                at(3, 'shown')
              )
            : null
      }
    })
  })
}

/**
 * Empirical reliability of the utilities, Var(û) / (Var(û) + mean posterior variance), with a 95 % range: the variance
 * of n people in three dimensions is known to a relative √(2 / 3(n − 1)), taken as normal on the log of the odds.
 * Null for fewer than two.
 */
export function reliabilityOf(counts: Counts, archetypes: readonly string[]): Estimate | null {
  const n = countAt(counts, 'measured')
  if (n < 2) return null
  const of = (what: string, archetype: string) => countAt(counts, what, archetype) / MILLION
  const explained = sum(archetypes.map((a) => (of('utility²', a) - of('utility', a) ** 2 / n) / (n - 1)))
  const uncertain = sum(archetypes.map((a) => of('variance', a) / n))
  const margin = Math.exp(Z * Math.sqrt(2 / (3 * (n - 1))))
  const odds = explained / uncertain
  const share = (odds: number) => odds / (1 + odds)
  return { value: share(odds), low: share(odds / margin), high: share(odds * margin) }
}

/** The median of the seconds that a set was on screen, over all sets or one; null where none were counted. */
export function medianSeconds(counts: Counts, pages: readonly string[]): number | null {
  const all: Record<string, number> = {}
  for (const page of pages) {
    const buckets = counts.pages
    const found = typeof buckets === 'object' ? buckets[page] : undefined
    if (typeof found !== 'object') continue
    for (const [bucket, count] of Object.entries(found)) all[bucket] = (all[bucket] ?? 0) + Number(count)
  }
  return medianOf(all)
}

function estimate(value: number, variance: number): Estimate {
  const margin = Z * Math.sqrt(variance)
  return { value, low: value - margin, high: value + margin }
}

function differenceOf(one: Proportion, n: number, other: Proportion, m: number): Estimate {
  const variance = ({ share }: Proportion, of: number) => (of > 0 ? (share * (1 - share)) / of : 1)
  return estimate(one.share - other.share, variance(one, n) + variance(other, m))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
