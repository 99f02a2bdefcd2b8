import { type Proportion, proportion } from '../scoring/numerics/proportion.ts'
import { ARCHETYPE_INDICES, four, type Quad } from '../scoring/numerics/quad.ts'

/** What people have in common. */
export type Together = {
  /** Means of P(first). */
  first: Quad
  /** Means of the squared utilities, and of their posterior variances, all four added. */
  square: number
  variance: number
  /** Of every set, the share that marked each archetype MOST, less the share that marked it LEAST. */
  net: readonly Quad[]
}

/**
 * How far bad statements can still bend a share: with one of 48 mis-keyed, one too attractive and one that measures
 * nothing, 19 of 20 shares of 2,000 people are no further from the truth than about this, flat profiles and chance
 * included. `npm run simulate:instrument` prints it.
 */
export const BENT = 0.035

/**
 * For every archetype the share of people for whom it is truly first, with a 95 % range. It is the mean of P(first), but
 * for two things that do not average out:
 *
 * - A bad statement bends everybody's P(first) the same way. So each mean is moved by as much as the mean net share of
 *   its archetype moves when the sets with the highest and the lowest are left out (a trimmed mean, Tukey 1962).
 * - Everybody's P(first) is drawn towards equal shares, as the prior is, and so is their mean. So its distance from a
 *   quarter is divided by what is left of the distance of utilities from zero (as true scores are, Kelley 1947).
 *
 * The range is Wilson's, divided likewise, and {@link BENT} more on either side.
 *
 * @param people how many they are, at least 1, who answered at least three sets
 */
export function trulyFirst({ first, square, variance, net }: Together, people: number): Proportion[] {
  // Blind clicking leaves 0.45. The limit is for answers that say nothing at all.
  const left = Math.max(0.2, square / (square + variance))
  const moves = four((a) => {
    const shares = net.map((set) => set[a])
    return mean(trimmed(shares)) - mean(shares)
  })
  return ARCHETYPE_INDICES.map((a) => {
    const straight = first[a] + moves[a] - mean(moves)
    const share = within(0.25 + (straight - 0.25) / left)
    const { low, high } = proportion(share * people, people)
    return {
      share,
      low: within(share - (share - low) / left - BENT),
      high: within(share + (high - share) / left + BENT)
    }
  })
}

/** Without the lowest and the highest. */
function trimmed(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other).slice(1, -1)
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
