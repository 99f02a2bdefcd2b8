import * as z from 'zod'
import { ConfigError, loadConfig } from '../config.ts'
import { ContentError, loadContent } from '../content/load.ts'
import { laterThanAll, startCalibratedVersion, VersionError } from '../content/versions.ts'
import { openDatabase } from '../database/engine/client.ts'
import { migrate } from '../database/engine/migrate.ts'
import { calibrationsIn } from '../database/stores/calibrations.ts'
import { dayOf, longDay } from '../days.ts'
import { STEPS } from '../scoring/calibration/estimate.ts'
import { calibrated, NoEstimate } from './calibrate-questionnaire.ts'
import { calibrationReport, howToWrite, writtenText } from './calibration-report.ts'
import { OptionsError, optionsOf } from './options.ts'
import { progressOn } from './progress.ts'

const version = z.string('names a version: 2026-11').min(1, 'names a version: 2026-11').optional()
const Options = z.strictObject({ version, write: version })
const options = { version: { type: 'string' }, write: { type: 'string' } } as const

/**
 * `npm run calibrate` estimates from all results how attractive the statements of the current version are by themselves,
 * keeps that for the admin pages, and says what it would change; `--version 2026-11` does so for another version.
 * `--write 2027-03` also writes it as a new version, if it is worth one.
 */
try {
  await calibrate()
} catch (error) {
  const kinds = [OptionsError, ConfigError, ContentError, VersionError, NoEstimate]
  const noFile = (error as NodeJS.ErrnoException).syscall !== undefined
  const plain = noFile || kinds.some((kind) => error instanceof kind)
  console.error(plain ? (error as Error).message : error)
  process.exitCode = 1
}

async function calibrate() {
  const asked = optionsOf(process.argv.slice(2), options, Options)
  const { contentDirectory, databaseUrl, minimumCell } = loadConfig()
  const content = loadContent(contentDirectory)
  const questionnaire = content.questionnaires.get(asked.version ?? content.current.version)
  if (!questionnaire) throw new NoEstimate(`There is no ${asked.version} in ${contentDirectory}.`)
  // Before the minutes that an estimate may take.
  if (asked.write !== undefined) laterThanAll(contentDirectory, asked.write)

  await migrate(databaseUrl)
  const database = await openDatabase(databaseUrl)
  try {
    const start = performance.now()
    const show = progressOn(process.stderr, STEPS, start)
    let done = 0
    const found = await calibrated(
      calibrationsIn(database, minimumCell),
      questionnaire,
      dayOf(Date.now()),
      () => show(++done, performance.now())
    )
    console.log(calibrationReport(found, questionnaire, minimumCell))
    if (asked.write === undefined) {
      if (found.ship) console.log(howToWrite)
      return
    }
    if (!found.ship)
      throw new NoEstimate(`${asked.write} is not written: it would predict answers no better.`)
    const { people, estimatedOn, attractiveness: values } = found
    const origin = `Estimated on ${longDay(estimatedOn)} from the answers of ${people} people to ${questionnaire.version}.`
    startCalibratedVersion(contentDirectory, asked.write, questionnaire.version, { values, origin })
    console.log(writtenText(asked.write, contentDirectory))
  } finally {
    await database.close()
  }
}
