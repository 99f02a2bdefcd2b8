/** How long the quiz takes: measured, once enough people have taken it. */
export type Duration = { minutes: string; people: number | null }

/** Our estimate, for as long as nothing is measured. */
export const estimate: Duration = { minutes: 'seven minutes', people: null }

const enough = 50
const numerals = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')

/**
 * The median of the attempts in which every page was timed.
 * @param attempts for each attempt, the seconds that each page was on screen
 * @param pages the names of the pages that every attempt has
 */
export function durationOf(attempts: Record<string, number>[], pages: string[]): Duration {
  const totals = attempts
    .filter((seconds) => pages.every((page) => seconds[page] !== undefined))
    .map((seconds) => Object.values(seconds).reduce((sum, one) => sum + one, 0))
    .sort((a, b) => a - b)
  if (totals.length < enough) return estimate
  const middle = (totals.length - 1) / 2
  const median = (totals[Math.floor(middle)]! + totals[Math.ceil(middle)]!) / 2
  const minutes = Math.max(1, Math.round(median / 60))
  const numeral = numerals[minutes - 1] ?? String(minutes)
  return { minutes: minutes === 1 ? 'one minute' : `${numeral} minutes`, people: totals.length }
}
