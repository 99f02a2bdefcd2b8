import type { Questionnaire } from '../content/schema.ts'
import type { Proportion } from '../scoring/numerics/proportion.ts'
import type { Quad } from '../scoring/numerics/quad.ts'
import { about, type Counts, countAt } from './counts.ts'
import { MILLION } from './tally.ts'
import { trulyFirst } from './truly-first.ts'

/** By how much a logit of attractiveness raises the share of MOST less that of LEAST, in people of ordinary spread. */
const PER_LOGIT = 0.25

/**
 * The share of people for whom each archetype is truly first, in their order, and about how many people that is from;
 * null for fewer than `enough`.
 *
 * A mean of many people's probabilities, to the whole percent, gives nobody away: anybody may have any of them, and of
 * the number of people there is no more to be had than about how many (docs/decisions/005).
 */
export function firstOf(
  counts: Counts,
  { blocks, attractiveness }: Questionnaire,
  archetypes: readonly string[],
  enough: number
): { people: number; shares: Proportion[] } | null {
  const quad = (value: (archetype: string) => number) => archetypes.map(value) as unknown as Quad
  const all = (what: string) => archetypes.reduce((sum, one) => sum + countAt(counts, what, one), 0)
  const first = all('first')
  // Everybody adds one, but those in copies from before this was counted.
  const people = Math.round(first / MILLION)
  if (people < enough) return null

  const measured = countAt(counts, 'measured')
  const together = {
    first: quad((one) => countAt(counts, 'first', one) / first),
    square: all('utility²') / measured,
    variance: all('variance') / measured,
    net: blocks.map(({ id, statements }) => {
      const pair = (most: string, least: string) => countAt(counts, 'blocks', id, `${most}>${least}`)
      return quad((one) => {
        const net = archetypes.reduce((sum, other) => sum + pair(one, other) - pair(other, one), 0) / measured
        // What the scoring knows of a statement bends nothing.
        const known = attractiveness?.[statements.find(({ archetype }) => archetype === one)!.id] ?? 0
        return net - PER_LOGIT * known
      })
    })
  }
  return { people: about(people), shares: trulyFirst(together, about(people)) }
}
