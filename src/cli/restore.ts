import { resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { loadContent, questionnaireOf } from '../content/load.ts'
import { archetypes } from '../content/schema.ts'
import { type Restored, restore } from '../database/backup/restore.ts'
import { Refusal } from '../database/backup/table-copy.ts'
import { placeOf } from '../database/engine/client.ts'
import { dayOf, daysBefore } from '../days.ts'
import { backupDays } from '../features/operations/retention.ts'
import { tallyOf } from '../statistics/tally.ts'
import { counted, progress } from './copy-report.ts'
import { plainly } from './run-command.ts'

/**
 * `npm run restore -- FILE` puts a backup in the place of the database of a service that is stopped, and deletes again
 * what was deleted since.
 */
await plainly(async () => {
  const [file, ...rest] = process.argv.slice(2)
  if (!file || rest.length > 0) {
    throw new Refusal('Say from where: npm run restore -- /somewhere/else/bearings.db')
  }
  const { contentDirectory, databaseUrl } = loadConfig()
  const content = loadContent(contentDirectory)
  const now = Date.now()
  const restored = await restore(databaseUrl, resolve(file), {
    tallyOf: (result) => tallyOf(result, questionnaireOf(content, result.questionnaireVersion), archetypes),
    now,
    progress
  })
  console.log(`Restored ${resolve(file)} to ${placeOf(databaseUrl)}, which holds now:`)
  console.log(counted(restored.counts))
  for (const line of aboutDeletions(restored, daysBefore(dayOf(now), backupDays))) console.log(line)
  if (restored.previous) console.log(`What was there before is in ${restored.previous}`)
})

function aboutDeletions({ deletedAgain, madeOn }: Restored, remembered: string): string[] {
  if (deletedAgain === null) {
    return ['What takers deleted after the backup was made is not known, and is there again.']
  }
  const { results, notes, drafts } = deletedAgain
  const again = `Deleted again, as takers had deleted it since: ${results} results, ${notes} notes, ${drafts} drafts.`
  if (madeOn === null || madeOn >= remembered) return [again]
  return [
    again,
    `The backup is of ${madeOn}: what was deleted before ${remembered} is forgotten, and there again.`
  ]
}
