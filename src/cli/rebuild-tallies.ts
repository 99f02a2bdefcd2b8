import { loadConfig } from '../config.ts'
import { loadContent, questionnaireOf } from '../content/load.ts'
import { archetypes } from '../content/schema.ts'
import { openDatabase } from '../database/engine/client.ts'
import { migrate } from '../database/engine/migrate.ts'
import { rebuildTallies } from '../database/stores/rebuild-tallies.ts'
import { tallyOf } from '../statistics/tally.ts'

/** `npm run tallies:rebuild` computes every tally again from the rows. Stop the service first. */
const { databaseUrl, contentDirectory } = loadConfig()
await migrate(databaseUrl)
const content = loadContent(contentDirectory)
const database = await openDatabase(databaseUrl)
try {
  const different = await rebuildTallies(database, (result) =>
    tallyOf(result, questionnaireOf(content, result.questionnaireVersion), archetypes)
  )
  for (const { kind, questionnaireVersion, month, groupId } of different) {
    console.log(`Corrected: ${kind} of ${questionnaireVersion}, ${month}${groupId && `, group ${groupId}`}`)
  }
  console.log(different.length === 0 ? 'No tally differed.' : `${different.length} tallies differed.`)
} finally {
  await database.close()
}
