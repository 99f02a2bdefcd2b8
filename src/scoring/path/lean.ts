import { studentCdf, studentQuantile } from '../numerics/student-t.ts'

/**
 * An answer to a bipolar five-point item as −2 … 2 towards one of its poles.
 * @param point the point marked, 1 (left) to 5 (right)
 * @throws RangeError for a point outside 1 to 5
 */
export function oriented(point: number, pole: 'left' | 'right'): number {
  if (!(Number.isInteger(point) && point >= 1 && point <= 5)) {
    throw new RangeError(`A point is a whole number from 1 to 5, not ${point}`)
  }
  return pole === 'right' ? point - 3 : 3 - point
}

/** Where someone leans between individual contributor (−1) and management (+1). */
export type Lean = {
  lean: number
  /** Standard error of `lean`. */
  standardError: number
  /** 80 % range of `lean`, within −1 to 1. */
  range80: { low: number; high: number }
  /** Probability that the true lean is towards management. */
  management: number
  verdict: 'individual-contributor' | 'management' | 'balanced'
}

/** What the prior says about the variance of answers within one person: as much as 8 items of variance 1. */
const PRIOR_ITEMS = 8
const PRIOR_VARIANCE = 1
/** The verdict names a side from this probability on. */
const SURE = 0.9

/**
 * The lean from bipolar items, half of them keyed the other way round.
 *
 * With mean m of the answers x, lean = m/2. The variance of a person's answers is shrunk towards 1,
 * s² = (8 · 1 + Σ (x − m)²) / (8 + n − 1), so that identical answers do not look perfectly certain;
 * m / √(s²/n) is then referred to Student's t with 8 + n − 1 degrees of freedom (docs/method).
 *
 * @param x one answer per item, −2 … 2 towards management ({@link oriented}); the questionnaire has eight
 * @throws RangeError for no answers or one outside −2 … 2
 */
export function lean(x: readonly number[]): Lean {
  if (x.length === 0) throw new RangeError('A lean needs at least one answer')
  if (!x.every((value) => value >= -2 && value <= 2)) throw new RangeError(`Answers lie in −2 … 2, not ${x}`)
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length
  const squares = x.reduce((sum, value) => sum + (value - mean) * (value - mean), 0)
  const df = PRIOR_ITEMS + x.length - 1
  const error = Math.sqrt((PRIOR_ITEMS * PRIOR_VARIANCE + squares) / df / x.length)
  const margin = studentQuantile(0.9, df) * error
  const management = studentCdf(mean / error, df)
  return {
    lean: mean / 2,
    standardError: error / 2,
    range80: { low: Math.max(-1, (mean - margin) / 2), high: Math.min(1, (mean + margin) / 2) },
    management,
    verdict:
      management >= SURE ? 'management' : management <= 1 - SURE ? 'individual-contributor' : 'balanced'
  }
}
