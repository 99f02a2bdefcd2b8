import type { Attempts } from '../../database/stores/attempts.ts'
import type { By } from '../../database/stores/audit.ts'
import type { Deletions } from '../../database/stores/deletions.ts'
import type { Results } from '../../database/stores/results.ts'
import { type Day, daysBefore } from '../../days.ts'

/** How long we keep what nobody touches; the privacy page states the same numbers. */
export const draftDays = 30
export const resultMonths = 24
/** How long a deletion is remembered, so that it can be repeated in a backup: no backup may be older. */
export const backupDays = 60

type Stores = { attempts: Attempts; results: Results; deletions: Deletions }

/** Deletes what is older than we promise to keep. */
export async function forgetOld({ attempts, results, deletions }: Stores, today: Day, by: By) {
  await attempts.forgetBefore(daysBefore(today, draftDays), by)
  await results.deleteBefore(daysBefore(today, Math.round(resultMonths * 30.44)), by)
  await deletions.forgetBefore(daysBefore(today, backupDays))
}
