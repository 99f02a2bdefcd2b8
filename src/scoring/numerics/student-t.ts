import { arctan } from './elementary.ts'

/**
 * Distribution function of Student's t with a whole number of degrees of freedom: P(T ≤ t).
 *
 * The finite series of Abramowitz & Stegun 26.7.3–4. With θ = arctan(t / √df) and c = cos² θ,
 * P(|T| ≤ |t|) is
 *     odd df:   2/π (θ + sin θ cos θ (1 + 2/3 c + (2·4)/(3·5) c² + … up to c^((df−3)/2)))
 *     even df:  sin θ (1 + 1/2 c + (1·3)/(2·4) c² + … up to c^((df−2)/2))
 *
 * @throws RangeError unless df is a whole number from 1
 */
export function studentCdf(t: number, df: number): number {
  if (!(Number.isInteger(df) && df >= 1))
    throw new RangeError(`No t distribution with ${df} degrees of freedom`)
  const odd = df % 2 === 1
  const c = df / (df + t * t)
  const sine = t / Math.sqrt(df + t * t)
  let term = 1
  let series = df === 1 ? 0 : 1
  for (let k = odd ? 3 : 2; k < df; k += 2) {
    term *= ((k - 1) / k) * c
    series += term
  }
  const inside = odd
    ? (2 / Math.PI) * (arctan(t / Math.sqrt(df)) + sine * Math.sqrt(c) * series)
    : sine * series
  return (1 + inside) / 2
}

/** Quantile of Student's t: the t with P(T ≤ t) = p, 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  let low = -1e4
  let high = 1e4
  // Bisection until the two ends are neighbouring doubles.
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (studentCdf(middle, df) < p) low = middle
    else high = middle
  }
}
