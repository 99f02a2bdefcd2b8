import { ConfigError, loadConfig } from '../config.ts'
import { ContentError, loadContent } from '../content/load.ts'
import { archetypes } from '../content/schema.ts'
import { openDatabase } from '../database/client.ts'
import { migrate } from '../database/migrate.ts'
import { ChangedQuestionnaire, questionnairesIn } from '../database/questionnaires.ts'
import { draftDays } from '../features/ops/retention.ts'
import { pageNames } from '../features/quiz/steps.ts'
import { statementsFor } from '../simulation/population.ts'
import { progressOn } from '../simulation/progress.ts'
import { markdown } from '../simulation/tables.ts'
import { plantedTable, truthCount, truthTables } from '../simulation/truth.ts'
import { daysBefore } from '../web/days.ts'
import { assertRoom, fill, NoRoom } from './fill.ts'
import { OptionsError } from './options.ts'
import { readOptions } from './simulate-options.ts'
import { truthFile } from './truth-file.ts'

/**
 * `npm run simulate -- --takers 5000 --seed 1` fills an empty database with made-up takers of whom the truth is
 * known. Three bad statements are planted among those that they answer; `--sound` plants none, `--until 2026-11-23`
 * sets the last day, `--add` adds to what is there, and `--truth FILE` writes the truth about everybody as JSON.
 */
try {
  await simulate()
} catch (error) {
  const kinds = [OptionsError, NoRoom, ConfigError, ContentError, ChangedQuestionnaire]
  const noFile = (error as NodeJS.ErrnoException).syscall === 'open'
  const plain = noFile || kinds.some((kind) => error instanceof kind)
  console.error(plain ? (error as Error).message : error)
  process.exitCode = 1
}

async function simulate() {
  const { truth: file, add, ...settings } = readOptions(process.argv.slice(2), Date.now())
  const { contentDirectory, databaseUrl } = loadConfig()
  const content = loadContent(contentDirectory)
  const questionnaire = content.current
  await migrate(databaseUrl)
  const database = await openDatabase(databaseUrl)
  try {
    await assertRoom(database, settings, add)
    await questionnairesIn(database).register(content.questionnaires.values())
    const { faults, statements } = statementsFor(settings, questionnaire, archetypes)
    const { truth, add: count } = truthCount(
      pageNames(questionnaire).length,
      daysBefore(settings.until, draftDays)
    )
    const head = { questionnaire: questionnaire.version, ...settings, planted: faults }
    const written = file === undefined ? null : await truthFile(file, head)

    const start = performance.now()
    const show = progressOn(process.stderr, settings.takers, start)
    let done = 0
    for await (const batch of fill(database, questionnaire, settings, statements)) {
      batch.forEach(count)
      await written?.write(batch)
      done += batch.length
      show(done, performance.now())
    }
    await written?.end(truth)

    const seconds = (performance.now() - start) / 1000
    console.error(`${done} takers in ${seconds.toFixed(1)} s: ${Math.round(done / seconds)} a second`)
    for (const table of [plantedTable(faults), ...truthTables(truth)]) {
      console.log(`\n${table.title}\n\n${markdown(table)}`)
    }
  } finally {
    await database.close()
  }
}
