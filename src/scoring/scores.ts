import type { Answers, Arrangement } from '../content/answers.ts'
import type { Questionnaire } from '../content/schema.ts'
import { attractivenessOf } from './calibration/attractiveness.ts'
import { type Contributions, contributionsFinder } from './explain/contributions.ts'
import { type Flip, flipFinder } from './explain/flip.ts'
import type { Quad } from './numerics/quad.ts'
import { type Lean, lean, oriented } from './path/lean.ts'
import { type MeasureSwitch, measureSwitch } from './path/measure-switch.ts'
import { type BlockRecord, type Consistency, consistency } from './profile/consistency.ts'
import { type LeadingSet, leadingSet } from './profile/leading.ts'
import { type Profile, profileEngine } from './profile/profile.ts'
import type { Choice, Response, Statement } from './profile/response.ts'
import { offersTieBreaker, tieBreakerDuels } from './profile/tie-breaker.ts'
import { SCORING_VERSION } from './version.ts'

/** Everything that is computed from one person's answers, and stored with them. */
export type Scores = {
  profile: Profile
  leading: LeadingSet
  lean: Lean
  /** The lean from the items on how one judges one's own contribution, and from the others. */
  measureSwitch: MeasureSwitch
  hybrid: Record<'pendulum' | 'both-at-once', Level>
  consistency: Consistency
  /** Whether the answers follow the screen rather than the statements, so that no archetype can be named. */
  noPattern: boolean
}

/**
 * Marking the same position again and again happens by chance to 1 in 300 who read. So the position speaks against
 * the statements only where these explain the answers less than 20 times better than blind clicking does.
 */
const EXPLAINED = 2.995732273553991

/** Why one archetype is ahead of the next, and what would have put another one first. */
export type Explanation = { why: Contributions; flip: Flip | null }

/** How far an answer goes towards one pole of an item. */
export type Level = 'high' | 'middle' | 'low'

/** What one person answered, in which order it was shown, and how long each page was on screen. */
export type Answered = { answers: Answers; arrangement: Arrangement; seconds: Record<string, number> }

export type Scorer = ReturnType<typeof scorer>

/**
 * Scores whole attempts: every question must be answered. The first score takes some 100 ms more, and so does the first of
 * each version whose statements are known not to be equally attractive; keep it.
 */
export function scorer(archetypes: readonly string[]) {
  let equal: Finders | undefined
  const known = new WeakMap<object, Finders>()

  /** Made once for each version that has its own attractiveness. */
  function findersFor(questionnaire: Questionnaire): Finders {
    const { attractiveness } = questionnaire
    if (!attractiveness) {
      equal ??= finders()
      return equal
    }
    const found = known.get(attractiveness) ?? finders(attractivenessOf(questionnaire, archetypes))
    known.set(attractiveness, found)
    return found
  }

  return {
    scoringVersion: SCORING_VERSION,

    score(questionnaire: Questionnaire, answered: Answered): Scores {
      const { answers } = answered
      const { engine } = findersFor(questionnaire)
      const profile = engine.score(responseOf(questionnaire, answers, archetypes))
      const path = questionnaire.lean.map(({ id, management, measure }) => ({
        x: oriented(answers.items[id]!, management),
        measure
      }))
      const signs = consistency(profile.logBayesFactor, recordsOf(questionnaire, answered))
      return {
        profile,
        leading: leadingSet(profile.first),
        lean: lean(path.map(({ x }) => x)),
        measureSwitch: measureSwitch(path),
        hybrid: Object.fromEntries(
          questionnaire.hybrid.map(({ id, measures, hybrid }) => [
            measures,
            levelOf(answers.items[id]!, hybrid)
          ])
        ) as Scores['hybrid'],
        consistency: signs,
        noPattern: signs.reasons.includes('same-position') && profile.logBayesFactor < EXPLAINED
      }
    },

    /** Takes some 5 to 10 ms, so do it once and keep the result; not within a transaction. */
    explain(questionnaire: Questionnaire, answers: Answers, { profile }: Scores): Explanation {
      const { contributions, flipOf } = findersFor(questionnaire)
      const response = responseOf(questionnaire, answers, archetypes)
      return { why: contributions(response, profile), flip: flipOf(response, profile) }
    },

    /**
     * The pairs of statement ids of the duels that would sharpen this profile: none where one archetype leads
     * firmly enough, or where the answers follow the screen rather than the statements.
     */
    duelsFor(questionnaire: Questionnaire, answered: Answered): [string, string][] {
      const blocksOnly = { ...answered, answers: { ...answered.answers, duels: {} } }
      const { profile, noPattern } = this.score(questionnaire, blocksOnly)
      if (noPattern || !offersTieBreaker(profile.first)) return []
      const idOf = ({ block, archetype }: Statement) =>
        questionnaire.blocks[block]!.statements.find((one) => one.archetype === archetypes[archetype])!.id
      const order = answered.arrangement.map(({ block }) => block)
      return tieBreakerDuels(profile.first, order).map(([one, other]) => [idOf(one), idOf(other)])
    }
  }
}

type Finders = ReturnType<typeof finders>

/** What scores and explains responses to statements of this attractiveness; absent = all equal. */
function finders(attractiveness?: readonly Quad[]) {
  const engine = profileEngine({ attractiveness })
  return {
    engine,
    contributions: contributionsFinder(attractiveness),
    flipOf: flipFinder(engine, attractiveness)
  }
}

/** A person's answers to the sets and duels, as the scoring reads them. */
export function responseOf(
  questionnaire: Pick<Questionnaire, 'blocks'>,
  answers: Pick<Answers, 'blocks' | 'duels'>,
  archetypes: readonly string[]
): Response {
  const statements = statementsOf(questionnaire, archetypes)
  const statement = (id: string) => statements.get(id)!
  return {
    choices: questionnaire.blocks.map(({ id }): Choice => {
      const { most, least } = answers.blocks[id]!
      return { most: statement(most).archetype, least: statement(least).archetype }
    }),
    duels: Object.values(answers.duels).map(({ winner, loser }) => ({
      winner: statement(winner),
      loser: statement(loser)
    }))
  }
}

/** Which block and archetype each statement id stands for. */
function statementsOf(
  { blocks }: Pick<Questionnaire, 'blocks'>,
  archetypes: readonly string[]
): Map<string, Statement> {
  return new Map(
    blocks.flatMap(({ statements }, block) =>
      statements.map(({ id, archetype }) => [id, { block, archetype: archetypes.indexOf(archetype) }])
    )
  )
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
