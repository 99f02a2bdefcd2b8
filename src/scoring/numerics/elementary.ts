/**
 * exp, log and arctan from + − × ÷ alone.
 *
 * ECMAScript leaves Math.exp, Math.log, Math.atan and ** "implementation-approximated", so their last bits may
 * differ between engines and processors. The four operations are exact IEEE 754 everywhere; with them the
 * same answers give the same bytes on every machine. Errors stay within
 * a few units in the last place.
 */

const LN2_HIGH = 0.6931471803691238 // the leading 33 bits of ln 2: k × LN2_HIGH is exact for |k| < 2^20
const LN2_LOW = 1.9082149292705877e-10
const LOWEST_EXPONENT = -1074
const POWER_OF_TWO = powersOfTwo()

/** e^x. Below −744 it is 0, above 709 Infinity. */
export function exp(x: number): number {
  if (x < -744) return 0
  if (x > 709) return Number.POSITIVE_INFINITY
  // x = k ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor series of e^r: the first term left out is 4e-18.
  const k = Math.floor(x / Math.LN2 + 0.5)
  const r = x - k * LN2_HIGH - k * LN2_LOW
  let series = 1 / 6227020800
  series = series * r + 1 / 479001600
  series = series * r + 1 / 39916800
  series = series * r + 1 / 3628800
  series = series * r + 1 / 362880
  series = series * r + 1 / 40320
  series = series * r + 1 / 5040
  series = series * r + 1 / 720
  series = series * r + 1 / 120
  series = series * r + 1 / 24
  series = series * r + 1 / 6
  series = series * r + 1 / 2
  series = series * r + 1
  series = series * r + 1
  return series * POWER_OF_TWO[k - LOWEST_EXPONENT]!
}

/** Natural logarithm of a positive, finite x; throws a RangeError for any other. */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) throw new RangeError(`There is no logarithm of ${x} here`)
  let k = 0
  while (x >= 65536) {
    x /= 65536
    k += 16
  }
  while (x < 1 / 65536) {
    x *= 65536
    k -= 16
  }
  while (x > Math.SQRT2) {
    x /= 2
    k += 1
  }
  while (x < Math.SQRT1_2) {
    x *= 2
    k -= 1
  }
  // ln x = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (x − 1)/(x + 1), |s| ≤ 0.172.
  const s = (x - 1) / (x + 1)
  const q = s * s
  let series = 1 / 23
  series = series * q + 1 / 21
  series = series * q + 1 / 19
  series = series * q + 1 / 17
  series = series * q + 1 / 15
  series = series * q + 1 / 13
  series = series * q + 1 / 11
  series = series * q + 1 / 9
  series = series * q + 1 / 7
  series = series * q + 1 / 5
  series = series * q + 1 / 3
  return k * LN2_HIGH + (2 * s + (2 * s * q * series + k * LN2_LOW))
}

/** Arctangent in radians. */
export function arctan(x: number): number {
  // arctan x = 2 arctan(x / (1 + √(1 + x²))): three halvings bring |x| under 0.2, then x − x³/3 + x⁵/5 − …
  let y = x
  for (let halving = 0; halving < 3; halving++) y = y / (1 + Math.sqrt(1 + y * y))
  let series = 0
  for (let k = 25; k >= 1; k -= 2) series = 1 / k - y * y * series
  return 8 * y * series
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(1024 - LOWEST_EXPONENT)
  const zero = -LOWEST_EXPONENT
  powers[zero] = 1
  for (let k = zero + 1; k < powers.length; k++) powers[k] = powers[k - 1]! * 2
  for (let k = zero - 1; k >= 0; k--) powers[k] = powers[k + 1]! / 2
  return powers
}
