import { exp } from './elementary.ts'

/**
 * Distribution function of the standard normal, by the series of Marsaglia (2004):
 * Φ(x) = 1/2 + φ(x) (x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + …).
 */
export function normalCdf(x: number): number {
  if (x < -8) return 0
  if (x > 8) return 1
  let term = x
  let series = x
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(series); k += 2) {
    term *= (x * x) / k
    series += term
  }
  return 0.5 + (series * exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}
