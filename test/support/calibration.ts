import { archetypes, type Questionnaire } from '../../src/content/schema.ts'
import type { Calibration } from '../../src/database/stores/calibrations.ts'
import { byStatement } from '../../src/scoring/calibration/attractiveness.ts'
import { roundedToZeroSums } from '../../src/scoring/numerics/zero-sums.ts'
import { attractivenessOf, seeded } from '../scoring/takers.ts'

/** What could have been estimated of a questionnaire. */
export function madeUpCalibration(
  questionnaire: Questionnaire,
  parts: Partial<Calibration> = {}
): Calibration {
  const d = roundedToZeroSums(attractivenessOf(seeded(8), questionnaire.blocks.length, 0.5))
  return {
    attractiveness: byStatement(d, questionnaire, archetypes),
    gain: 0.25,
    ship: true,
    effect: {
      otherLeading: 24,
      otherFirst: 3,
      meanChange: 0.0123,
      before: [0.3, 0.28, 0.22, 0.2],
      after: [0.28, 0.29, 0.22, 0.21]
    },
    estimatedOn: '2026-11-20',
    people: 400,
    available: 400,
    ...parts
  }
}
