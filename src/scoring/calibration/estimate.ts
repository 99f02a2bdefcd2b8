import type { Questionnaire } from '../../content/schema.ts'
import { roundedToZeroSums } from '../numerics/zero-sums.ts'
import type { Response } from '../profile/response.ts'
import { attractivenessOf, byStatement } from './attractiveness.ts'
import { uncalibrated } from './calibration.ts'
import { type Effect, effectOf } from './calibration-effect.ts'
import { FITS, recalibrate } from './recalibration.ts'

/** What a questionnaire's takers say about its statements, and what knowing it would change. */
export type Estimate = {
  /** Attractiveness of every statement by its id, in hundredths of a logit, as a new version would have it. */
  attractiveness: Record<string, number>
  /** Held-out log-likelihood per taker, with the estimate minus with what the questionnaire is scored with. */
  gain: number
  /** Whether it is worth a new version. */
  ship: boolean
  effect: Effect
}

/** How many steps {@link estimate} takes. */
export const STEPS = FITS + 1

/**
 * Estimates how attractive the statements of a questionnaire are by themselves. Takes seconds for some hundred takers,
 * and minutes for some ten thousand.
 *
 * @param responses new, valid takers of this questionnaire
 * @param done called after each of {@link STEPS} steps, of much the same length
 * @throws RangeError for fewer than five takers
 */
export function estimate(
  questionnaire: Questionnaire,
  responses: readonly Response[],
  archetypes: readonly string[],
  done: () => void = () => {}
): Estimate {
  const current = attractivenessOf(questionnaire, archetypes)
  const start = uncalibrated(questionnaire.blocks.length)
  const inUse = { ...start, attractiveness: current ?? start.attractiveness }
  const { calibration, gain, ship } = recalibrate(responses, inUse, done)
  const learned = roundedToZeroSums(calibration.attractiveness)
  const effect = effectOf(responses, current, learned)
  done()
  return { attractiveness: byStatement(learned, questionnaire, archetypes), gain, ship, effect }
}
