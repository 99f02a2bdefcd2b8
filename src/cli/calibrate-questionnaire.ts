import { archetypes, type Questionnaire } from '../content/schema.ts'
import type { Calibration, Calibrations } from '../database/stores/calibrations.ts'
import { estimate } from '../scoring/calibration/estimate.ts'
import { ENOUGH_TAKERS } from '../scoring/calibration/recalibration.ts'
import type { Response } from '../scoring/profile/response.ts'
import { responseOf } from '../scoring/scores.ts'

/** Answers of so many people tell an attractiveness to some 0.03 logits; of more, a part is taken. */
const MOST = 20_000

/** There is no estimate. The message says why in one sentence. */
export class NoEstimate extends Error {
  override name = 'NoEstimate'
}

/** An estimate, and whether it was there before. */
export type Found = Calibration & { isNew: boolean }

/**
 * What can be learned about the statements of a questionnaire from those who took it. Kept in place of the last estimate,
 * which is given back as it is while too few people have come or gone since.
 *
 * @param done called after each step of the estimate
 * @throws NoEstimate if too few people have taken it
 */
export async function calibrated(
  calibrations: Calibrations,
  questionnaire: Questionnaire,
  day: string,
  done: () => void
): Promise<Found> {
  const { version } = questionnaire
  const { answers, isWhole, available } = await calibrations.sample(version, MOST)
  const responses: Response[] = []
  for await (const one of answers) responses.push(responseOf(questionnaire, one, archetypes))
  const people = responses.length
  const last = await calibrations.last(version)
  if (last && !(await calibrations.isDue(version, people))) return { ...last, isNew: false }
  if (people < ENOUGH_TAKERS) {
    throw new NoEstimate(
      `${people === 1 ? '1 person has' : `${people} people have`} given answers to ${version} that can be used. ` +
        `With fewer than ${ENOUGH_TAKERS}, an estimate would say more about them than about the statements.`
    )
  }
  const found = {
    ...estimate(questionnaire, responses, archetypes, done),
    estimatedOn: day,
    people,
    available: isWhole ? people : available
  }
  await calibrations.keep(version, found)
  return { ...found, isNew: true }
}
