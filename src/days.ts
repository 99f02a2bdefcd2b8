/** A day as YYYY-MM-DD in UTC: the finest time that we keep of a taker. */
export type Day = string

export function dayOf(time: number): Day {
  return new Date(time).toISOString().slice(0, 10)
}

export function daysBefore(day: Day, days: number): Day {
  return dayOf(Date.parse(day) - days * 24 * 60 * 60 * 1000)
}

export function daysAfter(day: Day, days: number): Day {
  return daysBefore(day, -days)
}

/** A month as YYYY-MM, as a visitor reads it: November 2026. */
export function longMonth(month: string): string {
  return new Date(month).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })
}

/** As a visitor reads it: 23 November 2026. */
export function longDay(day: Day): string {
  return new Date(day).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
}
