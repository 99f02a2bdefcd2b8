import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import { type BlockRecord, type Consistency, consistency } from '../../../src/scoring/profile/consistency.ts'
import type { Profile } from '../../../src/scoring/profile/profile.ts'
import type { Response } from '../../../src/scoring/profile/response.ts'
import { offersTieBreaker, tieBreakerDuels } from '../../../src/scoring/profile/tie-breaker.ts'
import { covered } from '../measures.ts'
import { type Random, shuffled } from '../random.ts'
import {
  clicks,
  duelsOf,
  type Marking,
  type Marks,
  marksOf,
  positions,
  questionnaire,
  taker,
  trueFirst,
  trueShares
} from '../takers.ts'
import { firstByCounts, firstByPicks } from './formats.ts'

/** What a row of the simulation assumes about people and statements. */
export type Condition = {
  /** How pronounced people's profiles are. */
  s: number
  /** Spread of the statements' own attractiveness. */
  noise: number
  marking: Marking
}

/** How long the quiz and its rivals are, in sets. */
export type Lengths = { sets: number; longerPickOne: number }

/** Scores a response as the product does. */
export type Score = (response: Response) => Profile

/** The archetype that each rival of the model puts first. */
export type Rivals = { counts: number; pickOne: number; longerPickOne: number }

/** What the scoring made of one person's answers. */
export type Reading = { first: Quad; logBayesFactor: number; reasons: Consistency['reasons'] }

/** One made-up person's attempt, beside the truth. */
export type Attempt = {
  truth: number
  reading: Reading
  /** How many of the four 80 % ranges hold the true share. */
  covered: number
  rivals: Rivals
  /** P(first) with the tie-breaker's six duels; null where it was not offered. */
  sharpened: Quad | null
  /** A second attempt by the same person, who has forgotten the first but not changed; null for most. */
  again: { first: Quad; rivals: Rivals } | null
}

/**
 * Some people answering one questionnaire, whose statements are more or less attractive by themselves.
 * @param retest whether they all take it twice
 */
export function attemptsAt(
  random: Random,
  score: Score,
  condition: Condition,
  lengths: Lengths,
  people: number,
  retest: boolean
): Attempt[] {
  const { s, noise, marking } = condition
  const { sets } = lengths
  const attractiveness = questionnaire(random, Math.max(sets, lengths.longerPickOne), noise)

  function answer(utility: Quad): { marks: Marks[]; rivals: Rivals } {
    const all = marksOf(random, utility, attractiveness, marking)
    const marks = all.slice(0, sets)
    const picks = all.map(({ most }) => most)
    const rivals = {
      counts: firstByCounts(random, marks),
      pickOne: firstByPicks(random, picks.slice(0, sets)),
      longerPickOne: firstByPicks(random, picks.slice(0, lengths.longerPickOne))
    }
    return { marks, rivals }
  }

  function sharpen(utility: Quad, marks: Marks[], reading: Reading): Quad | null {
    if (!offersTieBreaker(reading.first) || reading.reasons.includes('same-position')) return null
    const pairings = tieBreakerDuels(reading.first, shuffled(random, sets))
    return score({ choices: marks, duels: duelsOf(random, utility, attractiveness, pairings) }).first
  }

  function again(utility: Quad): Attempt['again'] {
    const { marks, rivals } = answer(utility)
    return { first: score({ choices: marks }).first, rivals }
  }

  return Array.from({ length: people }, () => {
    const utility = taker(random, s)
    const { marks, rivals } = answer(utility)
    const profile = score({ choices: marks })
    const reading = readingOf(random, marks, profile)
    return {
      truth: trueFirst(utility),
      reading,
      covered: covered(trueShares(utility), profile.range80),
      rivals,
      sharpened: sharpen(utility, marks, reading),
      again: retest ? again(utility) : null
    }
  })
}

/** People who click blindly. */
export function clickersAt(random: Random, score: Score, { sets }: Lengths, people: number): Reading[] {
  return Array.from({ length: people }, () => {
    const marks = clicks(random, sets)
    return readingOf(random, marks, score({ choices: marks }))
  })
}

function readingOf(random: Random, marks: Marks[], { first, logBayesFactor }: Profile): Reading {
  // Nothing here has a duration, so the time rule never speaks.
  const records = positions(random, marks).map(
    (place): BlockRecord => ({ ...place, words: 0, seconds: null })
  )
  return { first, logBayesFactor, reasons: consistency(logBayesFactor, records).reasons }
}
