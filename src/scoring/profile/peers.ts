import { normalCdf } from '../numerics/normal.ts'
import { ARCHETYPE_INDICES, four, type Quad } from '../numerics/quad.ts'
import { type Profile, profileEngine } from './profile.ts'
import type { Response } from './response.ts'

/** Mean information of one block about one dimension of u, in a population with s = 1. */
const INFORMATION_PER_BLOCK = 0.38
/** Variance of what one rater sees about the same person, before there are data to estimate it from. */
const DISAGREEMENT = 1
/** A prior weak enough to leave what a single rater says almost as it is. */
const WEAK_PRIOR = [{ s: 2, weight: 1 }]

/**
 * The responses of one person's peers, weighted so that several can be scored together:
 * `engine.score(...weightedPeers(responses))`.
 *
 * Peers see different sides of a person. If what a rater sees varies by σ² about the truth, their B blocks
 * tell as much as w B blocks of the person's own, w = 1/(1 + 0.38 B σ²); unweighted, three peers would look
 * far surer than they are (docs/method).
 *
 * @param disagreement σ², from {@link raterDisagreement} once there are data
 */
export function weightedPeers(responses: readonly Response[], disagreement = DISAGREEMENT): Response[] {
  return responses.map((response) => {
    const blocks = response.choices.filter((choice) => choice !== null).length
    return { ...response, weight: 1 / (1 + INFORMATION_PER_BLOCK * blocks * disagreement) }
  })
}

/**
 * σ² estimated from the peers of many people: the variance of the raters' utilities about one person, minus
 * what their own answers leave uncertain, averaged over the people with two raters or more; never below 0.
 * Wants some 50 people with three raters each. Returns null when nobody has two.
 *
 * @param people the responses of each person's peers
 */
export function raterDisagreement(
  people: readonly (readonly Response[])[],
  attractiveness?: readonly Quad[]
): number | null {
  const engine = profileEngine({ attractiveness, prior: WEAK_PRIOR })
  const excesses = people
    .filter((raters) => raters.length >= 2)
    .map((raters) => {
      const profiles = raters.map((rater) => engine.score(rater))
      return betweenRaters(profiles) - withinRaters(profiles)
    })
  return excesses.length === 0 ? null : Math.max(0, average(excesses))
}

/** How the person's own profile and the peers' differ; mention a gap when `positive` is > 0.95 or < 0.05. */
export type PeerGap = {
  /** Own utility minus the peers'. */
  gap: Quad
  /** Probability that the person truly puts this archetype higher than the peers do. */
  positive: Quad
}

/** Own profile minus the peers' pooled one: P(gap > 0) = Φ(gap / √(V_self + V_peers)). */
export function gapToPeers(self: Profile, peers: Profile): PeerGap {
  const gap = four((a) => self.utility[a] - peers.utility[a])
  return { gap, positive: four((a) => normalCdf(gap[a] / Math.sqrt(self.variance[a] + peers.variance[a]))) }
}

/** Variance of the raters' utilities per dimension: three, for the four utilities sum to zero. */
function betweenRaters(profiles: readonly Profile[]): number {
  const squares = ARCHETYPE_INDICES.map((a) => {
    const mean = average(profiles.map(({ utility }) => utility[a]))
    return profiles.reduce((sum, { utility }) => sum + (utility[a] - mean) ** 2, 0)
  })
  return squares.reduce((sum, square) => sum + square, 0) / (profiles.length - 1) / 3
}

function withinRaters(profiles: readonly Profile[]): number {
  return average(profiles.map(({ variance }) => variance.reduce((sum, value) => sum + value, 0) / 3))
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
