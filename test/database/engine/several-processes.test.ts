import { expect, test } from 'vitest'
import { archetypes } from '../../../src/content/schema.ts'
import type { Database } from '../../../src/database/engine/client.ts'
import { aggregatesIn } from '../../../src/database/stores/aggregates.ts'
import { calibrationsIn } from '../../../src/database/stores/calibrations.ts'
import { firstTally, rebuildTallies } from '../../../src/database/stores/rebuild-tallies.ts'
import type { TallyOf } from '../../../src/database/stores/results.ts'
import { tallyOf } from '../../../src/statistics/tally.ts'
import { randomFrom } from '../../../tools/simulation/random.ts'
import { content, testDatabase } from '../../support/app.ts'
import { madeUpCalibration } from '../../support/calibration.ts'
import { addPeople, madeUp } from '../../support/people.ts'

const questionnaire = content.current
const { version } = questionnaire
const day = '2026-11-12'
const random = randomFrom(1)
const counted: TallyOf = (result) => tallyOf(result, questionnaire, archetypes)
const people = (count: number) => Array.from({ length: count }, () => madeUp(questionnaire, random))

/** The same database as another process has it, which meanwhile does this before each of our writes. */
function overtaken(database: Database, meanwhile: () => Promise<void>): Database {
  return {
    ...database,
    async write(job) {
      await meanwhile()
      return database.write(job)
    }
  }
}

test('a published copy that another process has renewed meanwhile is not put back to what was read before', async () => {
  const { database } = await testDatabase()
  const categories = { findings: archetypes, paths: ['balanced'], archetypes }
  const other = aggregatesIn(database, 5, categories)
  const ours = aggregatesIn(
    overtaken(database, async () => {
      await addPeople(database, people(2), questionnaire, { day })
      expect((await other.overview(questionnaire, day)).published).toBe(7)
    }),
    5,
    categories
  )
  await addPeople(database, people(5), questionnaire, { day })
  expect((await ours.overview(questionnaire, day)).published).toBe(7)
  expect((await other.overview(questionnaire, day)).published).toBe(7)
})

test('of two first counts at once one is made, and nobody who comes after it is lost', async () => {
  const { database } = await testDatabase()
  await addPeople(database, people(20), questionnaire, { day })
  await database.write((transaction) => transaction.tally.deleteMany())
  const meanwhile = async () => {
    await firstTally(database, counted)
    await addPeople(database, people(1), questionnaire, { day })
  }
  await firstTally(overtaken(database, meanwhile), counted)
  expect(await rebuildTallies(database, counted)).toEqual([])
  expect(await database.read.tally.findMany()).toMatchObject([{ people: 21 }])
})

test('of two estimates at once that differ by few people one is kept', async () => {
  const { database } = await testDatabase()
  const calibrations = calibrationsIn(database, 5)
  const kept = [100, 103].map((people) =>
    calibrations.keep(version, madeUpCalibration(questionnaire, { people }))
  )
  expect(await Promise.all(kept)).toEqual([true, false])
  expect((await calibrations.last(version))?.people).toBe(100)
})
