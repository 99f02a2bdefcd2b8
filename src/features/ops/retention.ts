import type { Attempts } from '../../database/attempts.ts'
import type { Results } from '../../database/results.ts'
import { type Day, daysBefore } from '../../web/days.ts'

/** How long we keep what nobody touches; the privacy page states the same numbers. */
export const draftDays = 30
export const resultMonths = 24

/** Deletes what is older than we promise to keep. */
export async function forgetOld({ attempts, results }: { attempts: Attempts; results: Results }, today: Day) {
  await attempts.forgetBefore(daysBefore(today, draftDays))
  await results.deleteBefore(daysBefore(today, Math.round(resultMonths * 30.44)))
}
