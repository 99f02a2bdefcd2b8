import { expect, test } from 'vitest'
import { archetypes } from '../../../src/content/schema.ts'
import { calibrationsIn } from '../../../src/database/stores/calibrations.ts'
import { resultsIn } from '../../../src/database/stores/results.ts'
import { tallyOf } from '../../../src/statistics/tally.ts'
import { randomFrom } from '../../../tools/simulation/random.ts'
import { content, testDatabase } from '../../support/app.ts'
import { madeUpCalibration } from '../../support/calibration.ts'
import { addPeople, madeUp } from '../../support/people.ts'

const questionnaire = content.current
const { version } = questionnaire

async function answersIn(answers: AsyncIterable<object>) {
  const all = []
  for await (const one of answers) all.push(JSON.stringify(one))
  return all
}

test('an estimate is made from the answers of everybody but the careless', async () => {
  const { database } = await testDatabase()
  const random = randomFrom(1)
  const careful = Array.from({ length: 30 }, () => madeUp(questionnaire, random))
  const hasty = Array.from({ length: 7 }, () => madeUp(questionnaire, random, { secondsASet: 1 }))
  const [one] = careful
  const elsewhere = { ...madeUp(questionnaire, random), questionnaireVersion: '2027-03' }
  await database.write((transaction) =>
    transaction.questionnaire.create({ data: { version: '2027-03', sha256: '' } })
  )
  await addPeople(database, [...careful, ...hasty], questionnaire)
  await addPeople(database, [elsewhere], { ...questionnaire, version: '2027-03' })
  const kept = careful.filter(({ scores }) => !scores.consistency.leaveOut)
  expect(kept.length).toBeGreaterThan(25)

  const calibrations = calibrationsIn(database, 5)
  const { answers, available, isWhole } = await calibrations.sample(version, 100)
  expect({ available, isWhole }).toEqual({ available: kept.length, isWhole: true })
  const expected = kept.map(({ answers }) => JSON.stringify(answers))
  expect((await answersIn(answers)).toSorted()).toEqual(expected.toSorted())

  // A deleted result is in no further estimate.
  await resultsIn(database, (result) => tallyOf(result, questionnaire, archetypes)).delete(
    one!.manageHash,
    '2026-11-04'
  )
  const later = await calibrations.sample(version, 100)
  expect(await answersIn(later.answers)).not.toContain(JSON.stringify(one!.answers))
})

test('of too many, a half or a quarter is taken: always the same, and a part of any larger part', async () => {
  const { database } = await testDatabase()
  const random = randomFrom(2)
  const people = Array.from({ length: 800 }, () => madeUp(questionnaire, random))
  await addPeople(database, people, questionnaire)
  const calibrations = calibrationsIn(database, 5)
  const taken = async (most: number) => {
    const { answers, isWhole } = await calibrations.sample(version, most)
    return { isWhole, answers: await answersIn(answers) }
  }
  const [all, half, again] = [await taken(800), await taken(400), await taken(400)]
  const { available } = await calibrations.sample(version, 1)
  expect(all).toMatchObject({ isWhole: true, answers: { length: available } })
  expect(half.isWhole).toBe(false)
  // Within four standard errors of what chance gives.
  expect(Math.abs(half.answers.length - available / 2)).toBeLessThan(4 * Math.sqrt(available / 4))
  const small = await taken(available / 4)
  expect(Math.abs(small.answers.length - available / 4)).toBeLessThan(4 * Math.sqrt((available * 3) / 16))
  expect(again).toEqual(half)
  for (const one of small.answers) expect(half.answers).toContain(one)
  expect((await taken(available / 4096)).answers.length).toBeLessThan(10)
})

test('an estimate is replaced only by one from enough people more, or fewer', async () => {
  const { database } = await testDatabase()
  const calibrations = calibrationsIn(database, 5)
  const from = (people: number) => madeUpCalibration(questionnaire, { people, gain: people / 1000 })
  expect(await calibrations.last(version)).toBeNull()
  expect(await calibrations.keep(version, from(400))).toBe(true)
  for (const people of [404, 400, 396]) {
    expect(await calibrations.keep(version, from(people))).toBe(false)
    expect(await calibrations.last(version)).toEqual(from(400))
  }
  for (const people of [405, 400]) {
    expect(await calibrations.keep(version, from(people))).toBe(true)
    expect(await calibrations.last(version)).toEqual(from(people))
  }
  // Each version has its own.
  expect(await calibrations.keep('2027-03', from(401))).toBe(true)
  expect(await calibrations.last(version)).toEqual(from(400))
})
