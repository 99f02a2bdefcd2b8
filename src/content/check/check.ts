import { type Content, ContentError, loadContent } from '../load.ts'
import { readRatings } from '../ratings.ts'
import type { Questionnaire } from '../schema.ts'
import { type Balance, balanceOf, type Score, type Takers, takers } from './balance.ts'
import { type Desirability, desirabilityOf } from './desirability.ts'
import type { Finding } from './finding.ts'
import { reportOf } from './report.ts'
import { structureFaults } from './structure.ts'
import { wordingFaults, wordingWarnings } from './wording.ts'

/** What was found in one version. */
export type Checked = {
  questionnaire: Questionnaire
  status: 'current' | 'superseded' | 'not published'
  faults: Finding[]
  warnings: Finding[]
  balance: Balance
  desirability: Desirability
}

/** Checks one questionnaire by every rule. */
export function check(
  questionnaire: Questionnaire,
  desirability: Desirability,
  score: Score,
  simulated = takers
): Omit<Checked, 'status'> {
  const balance = balanceOf(questionnaire, score, simulated)
  return {
    questionnaire,
    faults: [...structureFaults(questionnaire), ...wordingFaults(questionnaire), ...balance.faults],
    warnings: [...wordingWarnings(questionnaire), ...desirability.warnings],
    balance,
    desirability
  }
}

/** Checks every version in a content folder, and says so for whoever wrote it. */
export function checkFolder(
  directory: string,
  score: Score,
  simulated: Takers = takers
): { passes: boolean; report: string } {
  try {
    const content = loadContent(directory)
    const checked = [...content.questionnaires.values()].map((questionnaire) => {
      const ratings = readRatings(directory, questionnaire.version)
      const found = check(questionnaire, desirabilityOf(questionnaire, ratings), score, simulated)
      return superseded({ ...found, status: statusOf(questionnaire, content) })
    })
    return {
      passes: checked.every(({ faults }) => faults.length === 0),
      report: reportOf(checked)
    }
  } catch (error) {
    if (!(error instanceof ContentError)) throw error
    return { passes: false, report: `${error.message}\nThe rest is checked once this is mended.` }
  }
}

function statusOf({ version }: Questionnaire, { current, published }: Content): Checked['status'] {
  if (version === current.version) return 'current'
  return published[version] ? 'superseded' : 'not published'
}

/** A version that nobody is asked any more can no longer be changed: what is wrong with it is worth knowing, no more. */
function superseded(checked: Checked): Checked {
  if (checked.status !== 'superseded') return checked
  return { ...checked, faults: [], warnings: [...checked.faults, ...checked.warnings] }
}
