import type { Answers, Arrangement } from '../content/answers.ts'
import type { Questionnaire } from '../content/schema.ts'
import { type BlockRecord, type Consistency, consistency } from './consistency.ts'
import { type LeadingSet, leadingSet } from './leading.ts'
import { type Lean, lean, oriented } from './lean.ts'
import { type Profile, profileEngine } from './profile.ts'
import type { Choice } from './response.ts'
import { SCORING_VERSION } from './version.ts'

/** Everything that is computed from one person's answers, and stored with them. */
export type Scores = {
  profile: Profile
  leading: LeadingSet
  lean: Lean
  hybrid: Record<'pendulum' | 'both-at-once', Level>
  consistency: Consistency
}

/** How far an answer goes towards one pole of an item. */
export type Level = 'high' | 'middle' | 'low'

/** What one person answered, in which order it was shown, and how long each page was on screen. */
export type Answered = { answers: Answers; arrangement: Arrangement; seconds: Record<string, number> }

export type Scorer = ReturnType<typeof scorer>

/** Scores whole attempts: every question must be answered. Building it takes some 10 ms; keep it. */
export function scorer(archetypes: readonly string[]) {
  const engine = profileEngine()

  return {
    scoringVersion: SCORING_VERSION,

    score(questionnaire: Questionnaire, answered: Answered): Scores {
      const { answers } = answered
      const profile = engine.score({ choices: choicesIn(questionnaire, answers, archetypes) })
      return {
        profile,
        leading: leadingSet(profile.first),
        lean: lean(questionnaire.lean.map(({ id, management }) => oriented(answers.items[id]!, management))),
        hybrid: Object.fromEntries(
          questionnaire.hybrid.map(({ id, measures, hybrid }) => [
            measures,
            levelOf(answers.items[id]!, hybrid)
          ])
        ) as Scores['hybrid'],
        consistency: consistency(profile.logBayesFactor, recordsOf(questionnaire, answered))
      }
    }
  }
}

function choicesIn({ blocks }: Questionnaire, answers: Answers, archetypes: readonly string[]): Choice[] {
  return blocks.map(({ id, statements }) => {
    const { most, least } = answers.blocks[id]!
    const archetype = (statement: string) =>
      archetypes.indexOf(statements.find(({ id }) => id === statement)!.archetype)
    return { most: archetype(most), least: archetype(least) }
  })
}

/** How each block was answered, in the order in which it was shown. */
function recordsOf({ blocks }: Questionnaire, { answers, arrangement, seconds }: Answered): BlockRecord[] {
  return arrangement.map((place) => {
    const { id, statements } = blocks[place.block]!
    const { most, least } = answers.blocks[id]!
    const position = (marked: string) =>
      place.statements.findIndex((index) => statements[index]!.id === marked)
    return {
      most: position(most),
      least: position(least),
      words: statements.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0),
      seconds: seconds[`set-${id}`] ?? null
    }
  })
}

function levelOf(point: number, pole: 'left' | 'right'): Level {
  const towards = oriented(point, pole)
  return towards > 0 ? 'high' : towards < 0 ? 'low' : 'middle'
}
