import { ARCHETYPE_INDICES, four, type Quad } from './quad.ts'

/**
 * Attractiveness in hundredths of a logit, next to these values, that adds to exactly 0 within every block and over
 * every archetype, as the values themselves do but for the last bits. What plain rounding leaves over is taken from
 * where it was rounded up most.
 */
export function roundedToZeroSums(values: readonly Quad[]): Quad[] {
  const rounded = values.map((d) => d.map((value) => Math.round(100 * value)))
  /** By how much a value was rounded up. */
  const up = (block: number, a: number) => rounded[block]![a]! - 100 * values[block]![a]!
  const largest = (indices: Iterable<number>, by: (index: number) => number) =>
    [...indices].reduce((best, index) => (by(index) > by(best) ? index : best))

  for (const [block, d] of rounded.entries()) {
    for (let sum = total(d); sum !== 0; sum -= Math.sign(sum)) {
      d[largest(ARCHETYPE_INDICES, (a) => Math.sign(sum) * up(block, a))]! -= Math.sign(sum)
    }
  }
  for (;;) {
    const sums = four((a) => total(rounded.map((d) => d[a]!)))
    const high = largest(ARCHETYPE_INDICES, (a) => sums[a as 0])
    const low = largest(ARCHETYPE_INDICES, (a) => -sums[a as 0])
    if (high === low) break
    const block = largest(rounded.keys(), (b) => up(b, high) - up(b, low))
    rounded[block]![high]! -= 1
    rounded[block]![low]! += 1
  }
  return rounded.map((d) => four((a) => d[a]! / 100))
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
