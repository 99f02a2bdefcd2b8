import { expect, test } from 'vitest'
import { attemptsIn } from '../../src/database/attempts.ts'
import { questionnairesIn } from '../../src/database/questionnaires.ts'
import { resultsIn } from '../../src/database/results.ts'
import { statisticsIn } from '../../src/database/statistics.ts'
import { testDatabase } from '../support/app.ts'
import { complete, page, start, version } from './rows.ts'

test('nobody is counted as nobody', async () => {
  const { database } = await testDatabase()
  expect(await statisticsIn(database).overview(version)).toEqual({
    completions: 0,
    drafts: 0,
    findings: {},
    paths: {}
  })
})

test('everybody is counted once: as completed, or as a draft once a page is saved', async () => {
  const { database } = await testDatabase()
  const attempts = attemptsIn(database)
  await complete(database, 'one', undefined, { finding: 'solver', path: 'balanced' })
  await complete(database, 'two', undefined, { finding: 'solver', path: 'management' })
  await complete(database, 'three', undefined, { finding: 'no-pattern', path: 'management' })
  for (const id of ['only begun', 'a page', 'two pages']) await start(database, id)
  await attempts.save('a page', page('path-1'), '2026-11-01')
  for (const name of ['path-1', 'path-2']) await attempts.save('two pages', page(name), '2026-11-01')

  const statistics = statisticsIn(database)
  expect(await statistics.overview(version)).toEqual({
    completions: 3,
    drafts: 2,
    findings: { solver: 2, 'no-pattern': 1 },
    paths: { balanced: 1, management: 2 }
  })

  await resultsIn(database).delete('manage-two')
  await attempts.forget('a page')
  expect(await statistics.overview(version)).toEqual({
    completions: 2,
    drafts: 1,
    findings: { solver: 1, 'no-pattern': 1 },
    paths: { balanced: 1, management: 1 }
  })
})

test('the times of the latest results are told, as many as asked for, of one version', async () => {
  const { database } = await testDatabase()
  await questionnairesIn(database).register([{ version: '2027-05', sha256: 'next' }])
  await complete(database, 'older', '2026-11-01', { seconds: { habits: 1 } })
  await complete(database, 'newest', '2026-11-03', { seconds: { habits: 3, 'six-more': 9 } })
  await complete(database, 'newer', '2026-11-02', { seconds: {} })
  await complete(database, 'other', '2026-11-04', { questionnaireVersion: '2027-05' })
  const statistics = statisticsIn(database)
  expect(await statistics.latestSeconds(version, 2)).toEqual([{ habits: 3, 'six-more': 9 }, {}])
  expect(await statistics.latestSeconds(version, 9)).toHaveLength(3)
})

test('versions of the questionnaire are counted apart', async () => {
  const { database } = await testDatabase()
  await questionnairesIn(database).register([{ version: '2027-05', sha256: 'next' }])
  await complete(database, 'one')
  await complete(database, 'two', undefined, {
    questionnaireVersion: '2027-05',
    finding: 'architect',
    path: 'management'
  })
  const statistics = statisticsIn(database)
  const one = { completions: 1, drafts: 0 }
  expect(await statistics.overview(version)).toEqual({
    ...one,
    findings: { solver: 1 },
    paths: { balanced: 1 }
  })
  expect(await statistics.overview('2027-05')).toEqual({
    ...one,
    findings: { architect: 1 },
    paths: { management: 1 }
  })
})
