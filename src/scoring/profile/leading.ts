import { ARCHETYPE_INDICES, type ArchetypeIndex, type Four, four, type Quad } from '../numerics/quad.ts'

/** Which archetypes lead a profile, and how firmly that can be said. */
export type LeadingSet = {
  /** One archetype, two of them, or no clear lead. */
  kind: 'single' | 'blend' | 'open'
  certainty: 'clear' | 'likely' | 'blend' | 'open'
  /** The leading set, most probable first. */
  archetypes: number[]
  /** P(first) of the set together, at least 0.75. */
  probability: number
}

const ENOUGH = 0.75
const CLEAR = 0.9
/** P(first) is exact to about 1e-4, so differences in its last bits decide neither an order nor a level. */
const ROUNDING = 1e-9

/**
 * The smallest set of archetypes whose P(first) adds to at least 0.75: one is a single lead (clear from 0.90,
 * else likely), two a blend, three no clear lead: they always add to that much. Archetypes with equal P(first) keep their order.
 */
export function leadingSet(first: Quad): LeadingSet {
  const archetypes: number[] = []
  let probability = 0
  for (const a of byProbability(first)) {
    if (probability >= ENOUGH - ROUNDING) break
    archetypes.push(a)
    probability += first[a]
  }
  const kind = archetypes.length === 1 ? 'single' : archetypes.length === 2 ? 'blend' : 'open'
  const certainty = kind !== 'single' ? kind : probability >= CLEAR - ROUNDING ? 'clear' : 'likely'
  return { kind, certainty, archetypes, probability }
}

/** Archetypes by P(first), highest first; equals keep their order. */
export function byProbability(first: Quad): Four<ArchetypeIndex> {
  const rounded = four((a) => Math.round(first[a] / ROUNDING))
  return [...ARCHETYPE_INDICES].sort((a, b) => rounded[b] - rounded[a]) as [...Four<ArchetypeIndex>]
}
