import { byProbability } from './leading.ts'
import type { ProfileEngine } from './profile.ts'
import type { Response } from './response.ts'

/** What one answer adds to the lead of the first archetype over the second. */
export type Contribution = {
  /** Index of the block in the questionnaire, or of the duel among the response's duels. */
  answer: { block: number } | { duel: number }
  /** Change of the difference in share, in shares; negative = the answer speaks for the second. */
  contribution: number
}

/** Why one archetype is ahead of the next. */
export type Contributions = {
  first: number
  second: number
  /** Share of the first minus share of the second. */
  difference: number
  /** One entry per answered block and duel, in that order. */
  contributions: Contribution[]
}

/**
 * What each answer adds to the difference between the two archetypes that are likeliest first: the difference
 * with all answers minus the difference when that answer is left out and everything is scored again.
 * The contributions need not add to the difference, because answers support each other.
 */
export function contributions(engine: ProfileEngine, response: Response): Contributions {
  const profile = engine.score(response)
  const [first, second] = byProbability(profile.first)
  const differenceIn = (answers: Response) => {
    const { share } = engine.score(answers)
    return share[first] - share[second]
  }
  const difference = profile.share[first] - profile.share[second]

  const { choices, duels = [] } = response
  const ofBlocks = choices.flatMap((choice, block) => {
    if (choice === null) return []
    const without = { ...response, choices: choices.with(block, null) }
    return [{ answer: { block }, contribution: difference - differenceIn(without) }]
  })
  const ofDuels = duels.map((_, duel) => {
    const without = { ...response, duels: duels.toSpliced(duel, 1) }
    return { answer: { duel }, contribution: difference - differenceIn(without) }
  })
  return { first, second, difference, contributions: [...ofBlocks, ...ofDuels] }
}
