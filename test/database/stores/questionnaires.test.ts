import { expect, test } from 'vitest'
import { ChangedQuestionnaire, questionnairesIn } from '../../../src/database/stores/questionnaires.ts'
import { content, testDatabase } from '../../support/app.ts'
import { complete, start, version } from '../rows.ts'

const { sha256 } = content.current
const changed = { version, sha256: 'other' }

async function register() {
  const { database } = await testDatabase()
  const { register } = questionnairesIn(database)
  const known = async () =>
    Object.fromEntries(
      (await database.read.questionnaire.findMany()).map(({ version, sha256 }) => [version, sha256])
    )
  return { database, register, known }
}

test('a questionnaire that is offered is registered, again at every start', async () => {
  const { register: offer, known } = await register()
  await offer([
    { version, sha256 },
    { version: '2027-05', sha256: 'next' }
  ])
  await offer([{ version, sha256 }])
  expect(await known()).toEqual({ [version]: sha256, '2027-05': 'next' })
})

test('a questionnaire that nobody has begun may still change', async () => {
  const { register: offer, known } = await register()
  await offer([changed])
  expect(await known()).toEqual({ [version]: 'other' })
})

test('a questionnaire that somebody has taken may not change', async () => {
  const { database, register: offer, known } = await register()
  await complete(database, 'one')
  await expect(offer([changed])).rejects.toThrow(
    new ChangedQuestionnaire(`${version} was changed after 1 person took it; publish a new version`)
  )
  await offer([{ version, sha256 }])
  expect(await known()).toEqual({ [version]: sha256 })
})

test('those who have only begun count as well', async () => {
  const { database, register: offer } = await register()
  await complete(database, 'one')
  await start(database, 'two')
  await start(database, 'three')
  await expect(offer([changed])).rejects.toThrow(
    new ChangedQuestionnaire(`${version} was changed after 3 people took it; publish a new version`)
  )
})

test('beside a changed questionnaire no other is registered', async () => {
  const { database, register: offer, known } = await register()
  await start(database, 'one')
  await expect(offer([{ version: '2026-01', sha256: 'new' }, changed])).rejects.toThrow(ChangedQuestionnaire)
  expect(await known()).toEqual({ [version]: sha256 })
})
