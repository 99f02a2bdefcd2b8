import { archetypes, type Questionnaire } from '../content/schema.ts'
import type { Attempt, Begun } from '../database/stores/attempts.ts'
import type { Finding, NewResult } from '../database/stores/results.ts'
import type { Explanation, Scorer, Scores } from '../scoring/scores.ts'
import { NotFound } from '../web/http/errors.ts'
import { paths } from '../web/paths.ts'
import { type Step, stepsOf, unanswered } from './steps.ts'
import { derivedToken, hashOf, type Token } from './tokens.ts'

/** A taker's draft with everything that its pages need. */
export type Draft<Read extends Begun = Attempt> = {
  token: Token
  attempt: Read
  questionnaire: Questionnaire
  steps: Step[]
}

export function draftOf<Read extends Begun>(
  token: Token,
  attempt: Read,
  questionnaire: Questionnaire
): Draft<Read> {
  return { token, attempt, questionnaire, steps: stepsOf(questionnaire, attempt.arrangement) }
}

/** The step that a URL names. Throws NotFound if there is none. */
export function stepAt({ steps }: Draft<Begun>, url: string): Step {
  const path = url.split('?')[0]
  const step = steps.find((step) => step.url === path)
  if (!step) throw new NotFound()
  return step
}

/** Where a taker goes on: the first page that is not answered, or Review. */
export function nextUrl({ steps, attempt }: Draft): string {
  return steps.find((step) => unanswered(step, attempt.answers).length > 0)?.url ?? paths.review
}

/** The pairs of statements that would sharpen the result; none if it is sharp, or not all is answered yet. */
export function tieBreakerOf({ attempt, questionnaire, steps }: Draft, scorer: Scorer): [string, string][] {
  if (steps.some((step) => unanswered(step, attempt.answers).length > 0)) return []
  return scorer.duelsFor(questionnaire, { ...attempt, seconds: {} })
}

/** What a result is made with; whoever needs no reasons may give none. */
type ResultScorer = Pick<Scorer, 'scoringVersion' | 'score'> & {
  explain(...of: Parameters<Scorer['explain']>): Explanation | null
}

/** The result of a draft, or null if something is not answered yet. */
export function finish(
  { token, attempt, questionnaire, steps }: Draft,
  scorer: ResultScorer
): NewResult | null {
  if (steps.some((step) => unanswered(step, attempt.answers).length > 0)) return null
  const manage = derivedToken(token, 'manage')
  const seconds = Object.fromEntries([...attempt.pages].filter(([, time]) => time !== null)) as Record<
    string,
    number
  >
  const scores = scorer.score(questionnaire, { ...attempt, seconds })
  return {
    viewHash: hashOf(derivedToken(manage, 'view')),
    manageHash: hashOf(manage),
    questionnaireVersion: questionnaire.version,
    scoringVersion: scorer.scoringVersion,
    arrangement: attempt.arrangement,
    answers: attempt.answers,
    seconds,
    scores,
    explanation: scores.noPattern ? null : scorer.explain(questionnaire, attempt.answers, scores),
    finding: countedAs(scores),
    path: scores.lean.verdict
  }
}

function countedAs({ leading, noPattern }: Scores): Finding {
  if (noPattern) return 'no-pattern'
  const [first] = leading.archetypes
  return leading.kind === 'single' ? archetypes[first as 0 | 1 | 2 | 3] : leading.kind
}
