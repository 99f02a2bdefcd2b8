import { drawn, type Random } from '../random.ts'
import type { Marks } from '../takers.ts'

/** A pick-one quiz: the archetype that was picked most often, of equals one at random. */
export function firstByPicks(random: Random, picks: readonly number[]): number {
  return highest(
    random,
    [0, 1, 2, 3].map((a) => picks.filter((pick) => pick === a).length)
  )
}

/** Plain counts: the archetype with the most MOST minus LEAST, of equals one at random. */
export function firstByCounts(random: Random, marks: readonly Marks[]): number {
  return highest(
    random,
    [0, 1, 2, 3].map((a) =>
      marks.reduce((net, { most, least }) => net + Number(most === a) - Number(least === a), 0)
    )
  )
}

function highest(random: Random, counts: readonly number[]): number {
  const best = Math.max(...counts)
  return drawn(
    random,
    counts.map((count) => Number(count === best))
  )
}
