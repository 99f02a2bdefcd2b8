import { assertArchetype } from '../numerics/quad.ts'

/** The answer to one block: the archetypes of the statements marked MOST and LEAST; LEAST may be skipped. */
export type Choice = { most: number; least: number | null }

/** A statement, by the index of its block in the questionnaire and its archetype. */
export type Statement = { block: number; archetype: number }

/** The answer to one two-statement duel. */
export type Duel = { winner: Statement; loser: Statement }

/** What one person answered. */
export type Response = {
  /** One entry per block, in the order of the questionnaire (not of the screen); null = not answered. */
  choices: readonly (Choice | null)[]
  duels?: readonly Duel[]
  /** Power of this response's likelihood, 0 < weight ≤ 1; 1 unless the response is a peer's. */
  weight?: number
}

/** Throws a RangeError for an answer that no form can produce. */
export function assertResponse({ choices, duels = [], weight = 1 }: Response): void {
  if (!(weight > 0 && weight <= 1)) throw new RangeError(`A weight is above 0 and at most 1, not ${weight}`)
  for (const choice of choices) {
    if (choice === null) continue
    assertArchetype(choice.most)
    if (choice.least !== null) assertArchetype(choice.least)
    if (choice.most === choice.least) throw new RangeError('MOST and LEAST are the same statement')
  }
  for (const { winner, loser } of duels) {
    assertArchetype(winner.archetype)
    assertArchetype(loser.archetype)
    if (winner.archetype === loser.archetype) throw new RangeError('A duel is between two archetypes')
  }
}

/**
 * Log-probability that blind clicking gives these answers: 1/12 for a block, 1/4 for one with LEAST skipped,
 * 1/2 for a duel, each to the power of the weight.
 */
export function logProbabilityOfClicking({ choices, duels = [], weight = 1 }: Response): number {
  let sum = duels.length * LN_2
  for (const choice of choices) {
    if (choice !== null) sum += choice.least === null ? LN_4 : LN_12
  }
  return -weight * sum
}

const LN_2 = Math.LN2
const LN_4 = 2 * Math.LN2
const LN_12 = 2.4849066497880004
