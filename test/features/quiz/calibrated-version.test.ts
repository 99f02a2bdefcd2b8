import { expect, test } from 'vitest'
import { loadContent } from '../../../src/content/load.ts'
import { archetypes } from '../../../src/content/schema.ts'
import { publishVersion, startCalibratedVersion } from '../../../src/content/versions.ts'
import { attractivenessOf } from '../../../src/scoring/calibration/attractiveness.ts'
import { responseOf } from '../../../src/scoring/scores.ts'
import { independentProfile } from '../../scoring/independent.ts'
import { content, testApp } from '../../support/app.ts'
import { madeUpCalibration } from '../../support/calibration.ts'
import { contentWith } from '../../support/content-copy.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

test('takers of a calibrated version are scored, and given reasons, with its attractiveness', async () => {
  const directory = contentWith()
  const { attractiveness: values } = madeUpCalibration(content.current)
  startCalibratedVersion(directory, '2027-03', '2026-11', { values, origin: '' })
  publishVersion(directory, '2027-03')
  const calibrated = loadContent(directory)
  const { database, visitor } = await testApp({}, calibrated)

  await take(visitor(), devotedTo('solver', seeded(3)))
  const [row] = await database.read.result.findMany()
  expect(row!.questionnaireVersion).toBe('2027-03')
  const { profile } = JSON.parse(row!.scores)
  const response = responseOf(calibrated.current, JSON.parse(row!.answers), archetypes)
  const known = independentProfile([response], attractivenessOf(calibrated.current, archetypes))
  const plain = independentProfile([response])
  for (const a of [0, 1, 2, 3] as const) {
    expect(profile.first[a]).toBeCloseTo(known.first[a]!, 3)
    expect(profile.share[a]).toBeCloseTo(known.share[a]!, 3)
  }
  expect(Math.max(...known.share.map((share, a) => Math.abs(share - plain.share[a]!)))).toBeGreaterThan(0.003)

  const { why } = JSON.parse(row!.explanation!)
  const parts = [...why.blocks, ...why.duels].reduce((sum: number, part: number) => sum + part, 0)
  expect(parts).toBeCloseTo(profile.share[why.first] - profile.share[why.second], 9)
})
