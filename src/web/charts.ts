/** A position along an axis, as a percentage of its length: SVG needs no other unit here. */
export type Percent = string

/** Where numbers from `from` to `to` lie on an axis. */
export function axis(from: number, to: number) {
  return (value: number): Percent => `${+(((value - from) / (to - from)) * 100).toFixed(2)}%`
}

/** Ruler ticks every `step`, the longer ones every `major`. */
export function ticks(from: number, to: number, step: number, major: number) {
  const at = axis(from, to)
  const count = Math.round((to - from) / step)
  return Array.from({ length: count + 1 }, (_, index) => {
    const value = from + index * step
    return { x: at(value), major: Math.abs(value % major) < 1e-9 }
  })
}

/** Whole percentages of shares that sum to 1, so that they sum to 100 (largest remainders). */
export function wholePercentages(shares: readonly number[]): number[] {
  const exact = shares.map((share) => share * 100)
  const whole = exact.map(Math.floor)
  const short = 100 - whole.reduce((sum, value) => sum + value, 0)
  const byRemainder = [...exact.keys()].sort((a, b) => (exact[b]! % 1) - (exact[a]! % 1))
  for (const index of byRemainder.slice(0, short)) whole[index]! += 1
  return whole
}
