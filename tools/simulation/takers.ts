import { exp } from '../../src/scoring/numerics/elementary.ts'
import { ARCHETYPE_INDICES, four, type Quad } from '../../src/scoring/numerics/quad.ts'
import type { Duel, Statement } from '../../src/scoring/profile/response.ts'
import type { Pairing } from '../../src/scoring/profile/tie-breaker.ts'
import { drawn, gumbel, normal, type Random } from './random.ts'

/**
 * How the two marks of a set come about. `in-turn`: MOST first, then LEAST by a fresh look at the other three;
 * this is what the scoring assumes. `at-once`: one noisy impression of each of the four statements, the
 * highest of which is MOST and the lowest LEAST; the scoring is then slightly wrong about people.
 */
export type Marking = 'in-turn' | 'at-once'

/** A complete answer to one set: nobody in the simulation skips LEAST. */
export type Marks = { most: number; least: number }

/** The utilities of a made-up taker: spread s in each direction, adding to zero. */
export function taker(random: Random, s: number): Quad {
  const raw = four(() => s * normal(random))
  const mean = (raw[0] + raw[1] + raw[2] + raw[3]) / 4
  return four((a) => raw[a] - mean)
}

/** How attractive each statement of a made-up questionnaire is by itself: d ~ N(0, noise²), unknown to scoring. */
export function questionnaire(random: Random, sets: number, noise: number): Quad[] {
  return Array.from({ length: sets }, () => four(() => noise * normal(random)))
}

/** How someone with these utilities marks one set after the other. */
export function marksOf(
  random: Random,
  utility: Quad,
  attractiveness: readonly Quad[],
  marking: Marking
): Marks[] {
  return attractiveness.map((d) => {
    const v = four((a) => utility[a] + d[a])
    return marking === 'in-turn' ? marksInTurn(random, v) : marksAtOnce(random, v)
  })
}

/** Blind clicking: every pair of different marks is equally likely. */
export function clicks(random: Random, sets: number): Marks[] {
  return Array.from({ length: sets }, () => marksInTurn(random, [0, 0, 0, 0]))
}

/** Where on the screen the two marks of each set stand, when the statements of every set are shuffled. */
export function positions(random: Random, marks: readonly Marks[]): Marks[] {
  return clicks(random, marks.length)
}

/** Who wins the duels of a tie-breaker: i beats j with probability 1 / (1 + exp(−(v_i − v_j))). */
export function duelsOf(
  random: Random,
  utility: Quad,
  attractiveness: readonly Quad[],
  pairings: readonly Pairing[]
): Duel[] {
  const v = ({ block, archetype }: Statement) => utility[archetype]! + attractiveness[block]![archetype]!
  return pairings.map(([one, other]) =>
    random() < 1 / (1 + exp(v(other) - v(one)))
      ? { winner: one, loser: other }
      : { winner: other, loser: one }
  )
}

/** The probability of picking each archetype in a fresh, equally attractive set: what a share estimates. */
export function trueShares(utility: Quad): Quad {
  const worth = four((a) => exp(utility[a]))
  const total = worth[0] + worth[1] + worth[2] + worth[3]
  return four((a) => worth[a] / total)
}

/** The archetype that is really first. */
export function trueFirst(utility: Quad): number {
  return utility.indexOf(Math.max(...utility))
}

/** MOST of four statements of these utilities, and then LEAST of the other three. */
export function marksInTurn(random: Random, v: Quad): Marks {
  const most = drawn(random, v.map(exp))
  const least = drawn(
    random,
    v.map((value, a) => (a === most ? 0 : exp(-value)))
  )
  return { most, least }
}

function marksAtOnce(random: Random, v: Quad): Marks {
  const impressions = ARCHETYPE_INDICES.map((a) => v[a] + gumbel(random))
  return {
    most: impressions.indexOf(Math.max(...impressions)),
    least: impressions.indexOf(Math.min(...impressions))
  }
}
