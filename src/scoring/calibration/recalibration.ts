import type { Response } from '../profile/response.ts'
import { type Calibration, calibrate, calibrateTakers, logLikelihood } from './calibration.ts'

/** Whether attractiveness learned from takers is worth a new version of the questionnaire. */
export type Recalibration = {
  calibration: Calibration
  /** Held-out log-likelihood per taker, learned minus current. */
  gain: number
  /** Ship it: enough takers, and answers that it had not seen are predicted better. */
  ship: boolean
}

/** With fewer takers, nothing is learned from them for everybody else. */
export const ENOUGH_TAKERS = 300
const FOLDS = 5
/** How often {@link recalibrate} fits: to all takers, and twice to each four fifths. */
export const FITS = 1 + 2 * FOLDS

/**
 * Learns the attractiveness of a questionnaire's statements from its takers and tests it on answers that it
 * has not seen: five times, four fifths of the takers (every fifth left out) predict the rest, once with d
 * learned and once with the current d; scale and share of clickers are learned in both. Learned values are
 * for a new version only; results keep the version they were made with. Takes seconds for some hundred takers.
 *
 * @param responses new, valid takers of this questionnaire
 * @param current what the questionnaire is scored with, or `uncalibrated(blocks)`
 * @param done called after each of {@link FITS} fits
 * @throws RangeError for fewer than five takers
 */
export function recalibrate(
  responses: readonly Response[],
  current: Calibration,
  done: () => void = () => {}
): Recalibration {
  if (responses.length < FOLDS) throw new RangeError(`Recalibration needs at least ${FOLDS} takers`)
  const calibration = calibrate(responses, current)
  done()
  let gain = 0
  for (let fold = 0; fold < FOLDS; fold++) {
    const training = responses.filter((_, taker) => taker % FOLDS !== fold)
    const heldOut = responses.filter((_, taker) => taker % FOLDS === fold)
    const learned = calibrate(training, current)
    done()
    const kept = calibrateTakers(training, current)
    done()
    gain += logLikelihood(heldOut, learned) - logLikelihood(heldOut, kept)
  }
  gain /= responses.length
  return { calibration, gain, ship: responses.length >= ENOUGH_TAKERS && gain > 0 }
}
