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

/** Whole percentages of shares that sum to 1, so that they sum to 100. */
export function wholePercentages(shares: readonly number[]): number[] {
  return wholeParts(shares.map((share) => share * 100))
}

/** Whole numbers next to these, so that they add up to the rounded sum (largest remainders). */
export function wholeParts(values: readonly number[]): number[] {
  const whole = values.map(Math.floor)
  const sum = (all: readonly number[]) => all.reduce((total, value) => total + value, 0)
  const short = Math.round(sum(values)) - sum(whole)
  const remainder = (index: number) => values[index]! - whole[index]!
  const byRemainder = [...values.keys()].sort((a, b) => remainder(b) - remainder(a))
  for (const index of byRemainder.slice(0, short)) whole[index]! += 1
  return whole
}
