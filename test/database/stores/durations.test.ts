import { expect, test } from 'vitest'
import { statisticsIn } from '../../../src/database/stores/durations.ts'
import { questionnairesIn } from '../../../src/database/stores/questionnaires.ts'
import { testDatabase } from '../../support/app.ts'
import { complete, version } from '../rows.ts'

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
