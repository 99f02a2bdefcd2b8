import { pageNames } from '../../../src/attempt/steps.ts'
import { OptionsError } from '../../../src/cli/options.ts'
import { progressOn } from '../../../src/cli/progress.ts'
import { markdown } from '../../../src/cli/tables.ts'
import { ConfigError, loadConfig } from '../../../src/config.ts'
import { ContentError, loadContent } from '../../../src/content/load.ts'
import { archetypes } from '../../../src/content/schema.ts'
import { isEmpty, openDatabase } from '../../../src/database/engine/client.ts'
import { migrate } from '../../../src/database/engine/migrate.ts'
import { ChangedQuestionnaire, questionnairesIn } from '../../../src/database/stores/questionnaires.ts'
import { daysBefore } from '../../../src/days.ts'
import { draftDays } from '../../../src/features/operations/retention.ts'
import { peopleForStatements } from '../../../src/statistics/statements.ts'
import { shownIn } from './dashboard-figures.ts'
import { assertRoom, fill, NoRoom } from './fill.ts'
import { readOptions } from './options.ts'
import { statementsFor } from './population.ts'
import { firsts, plantedTable, type Shown, type Truth, truthCount, truthTables } from './truth.ts'
import { truthFile } from './truth-file.ts'

/**
 * `npm run simulate -- --takers 5000 --seed 1` fills an empty database with made-up takers of whom the truth is
 * known. Three bad statements are planted among those that they answer; `--sound` plants none, `--until 2026-11-23`
 * sets the last day, `--add` adds to what is there, and `--truth FILE` writes the truth about everybody as JSON. It ends
 * with an error if the dashboard's estimate of who is truly first is not true of them.
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
  const { contentDirectory, databaseUrl, minimumCell } = loadConfig()
  const content = loadContent(contentDirectory)
  const questionnaire = content.current
  await migrate(databaseUrl)
  const database = await openDatabase(databaseUrl)
  try {
    await assertRoom(database, settings, add)
    await questionnairesIn(database).register(content.questionnaires.values())
    const wasEmpty = await isEmpty(database, 'Result')
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
    const shown = await shownIn(database, content, minimumCell, wasEmpty)
    for (const table of [plantedTable(faults), ...truthTables(truth, shown)]) {
      console.log(`\n${table.title}\n\n${markdown(table)}`)
    }
    console.log('')
    if (wasEmpty) compare(truth, shown, minimumCell)
    else console.log('The dashboard also shows who was there before, so there is nothing to compare.')
  } finally {
    await database.close()
  }
}

/** Says whether the dashboard shows the truth, and ends with an error if not. */
function compare(truth: Truth, shown: Shown, minimum: number): void {
  const waiting = truth.completed - shown.published
  if (waiting > 0) {
    console.log(`The dashboard waits for ${minimum} people more in a month: ${waiting} are not on it yet.`)
  }
  const all = firsts(truth, shown)
  const outside = all.filter(({ holds }) => !holds).map(({ name }) => name)
  if (all.some(({ estimate }) => !estimate)) {
    const enough = Math.max(peopleForStatements, minimum)
    console.log(`The dashboard estimates who is truly first from ${enough} people on.`)
  } else if (outside.length === 0) {
    console.log('All ranges under “Archetype mix, truly first” hold the truth.')
  } else {
    console.error(`The truth lies outside the range that the dashboard shows of ${outside.join(' and ')}.`)
    process.exitCode = 1
  }
}
