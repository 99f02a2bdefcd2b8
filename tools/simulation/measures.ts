import type { Quad } from '../../src/scoring/numerics/quad.ts'
import type { Range } from '../../src/scoring/profile/profile.ts'
import type { Random } from './random.ts'

/** A stated probability, and whether what was stated turned out so. */
export type Forecast = { probability: number; right: boolean }

/** A probability for each archetype to be first, and the one that is. */
export type Distribution = { first: Quad; truth: number }

/** Share of the values for which this holds; NaN of none. */
export function shareOf<T>(values: readonly T[], holds: (value: T) => boolean): number {
  return mean(values.map((value) => Number(holds(value))))
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

/**
 * Expected calibration error: sort the forecasts, cut them into groups of equal size, and average the distance
 * between what a group was told and how often it was right. Groups of equal size all carry the same sampling
 * error; those of equal width leave some almost empty.
 */
export function calibrationError(forecasts: readonly Forecast[], groups = GROUPS): number {
  const sorted = [...forecasts].sort((one, other) => one.probability - other.probability)
  let error = 0
  for (let group = 0; group < groups; group++) {
    const start = Math.round((group * sorted.length) / groups)
    const end = Math.round(((group + 1) * sorted.length) / groups)
    let difference = 0
    for (const { probability, right } of sorted.slice(start, end)) difference += probability - Number(right)
    error += Math.abs(difference)
  }
  return error / sorted.length
}

/**
 * What {@link calibrationError} comes to for forecasts that are perfectly honest, from chance alone: the
 * average over several draws in which every forecast comes true with the probability that it states.
 */
export function calibrationFloor(random: Random, forecasts: readonly Forecast[], draws = 20): number {
  const errors = Array.from({ length: draws }, () =>
    calibrationError(forecasts.map(({ probability }) => ({ probability, right: random() < probability })))
  )
  return mean(errors)
}

/** Brier score over all four archetypes, Σ_a (p_a − [a is first])²: 0 is perfect, 0.75 is one in four each. */
export function brier(distributions: readonly Distribution[]): number {
  return mean(
    distributions.map(({ first, truth }) =>
      first.reduce((sum, p, a) => sum + (p - Number(a === truth)) ** 2, 0)
    )
  )
}

/** How many of the true values lie in their ranges, limits included. */
export function covered(truths: readonly number[], ranges: readonly Range[]): number {
  return truths.filter((truth, i) => truth >= ranges[i]!.low && truth <= ranges[i]!.high).length
}

/**
 * Area under the ROC curve: the probability that a score from `high` lies above one from `low`, ties counting
 * half (Mann & Whitney). 1 separates perfectly, 0.5 not at all.
 */
export function areaUnderCurve(high: readonly number[], low: readonly number[]): number {
  const sorted = [...low].sort((a, b) => a - b)
  const wins = high.map((value) => (countBelow(sorted, value) + countUpTo(sorted, value)) / 2)
  return mean(wins) / low.length
}

const GROUPS = 10

function countBelow(sorted: readonly number[], value: number): number {
  return firstIndex(sorted, (other) => other >= value)
}

function countUpTo(sorted: readonly number[], value: number): number {
  return firstIndex(sorted, (other) => other > value)
}

/** The first index from which on `holds` is true, by bisection. */
function firstIndex(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
