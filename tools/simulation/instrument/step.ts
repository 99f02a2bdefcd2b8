import { randomFrom } from '../random.ts'
import { type Attempt, attemptsAt, clickersAt, type Lengths, type Reading, type Score } from './attempts.ts'
import { CROWDS, type CrowdError, crowdAt } from './mix.ts'
import {
  CONDITIONS,
  longerPickOne,
  PEOPLE_PER_QUESTIONNAIRE,
  PEOPLE_PER_STEP,
  QUESTIONNAIRES_PER_STEP,
  RETEST_EVERY,
  STREAMS,
  type Step
} from './plan.ts'

/** What one step found. */
export type StepResult = { attempts: Attempt[]; clickers: Reading[]; crowds: CrowdError[] }

/** Does one step; what it finds depends on the step alone, not on who does it or when. */
export function runStep({ row, part, settings }: Step, score: Score): StepResult {
  const { seed, sets } = settings
  const lengths: Lengths = { sets, longerPickOne: longerPickOne(sets) }
  if (row === 'clickers') {
    const random = randomFrom(seed, STREAMS.clickers, part)
    return { attempts: [], clickers: clickersAt(random, score, lengths, PEOPLE_PER_STEP), crowds: [] }
  }
  if (row === 'crowds') {
    const random = randomFrom(seed, STREAMS.crowds, part)
    return {
      attempts: [],
      clickers: [],
      crowds: [crowdAt(random, score, CROWDS[part % CROWDS.length]!, sets)]
    }
  }
  const attempts = Array.from({ length: QUESTIONNAIRES_PER_STEP }, (_, i) => {
    const questionnaire = part * QUESTIONNAIRES_PER_STEP + i
    const random = randomFrom(seed, STREAMS.attempts, row, questionnaire)
    const retest = questionnaire % RETEST_EVERY === 0
    return attemptsAt(random, score, CONDITIONS[row]!, lengths, PEOPLE_PER_QUESTIONNAIRE, retest)
  })
  return { attempts: attempts.flat(), clickers: [], crowds: [] }
}
