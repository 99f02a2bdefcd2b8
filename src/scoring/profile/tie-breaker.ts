import type { Quad } from '../numerics/quad.ts'
import { byProbability } from './leading.ts'
import type { Statement } from './response.ts'

/** Two statements to choose between, in the order in which they are shown. */
export type Pairing = readonly [Statement, Statement]

const ENOUGH = 0.75
const DUELS = 6

/** Whether six duels are worth offering: after the last block no archetype has reached P(first) = 0.75. */
export function offersTieBreaker(first: Quad): boolean {
  return Math.max(...first) < ENOUGH
}

/**
 * Six duels between the two archetypes that are likeliest first, from statements that were seen before.
 *
 * With the blocks in the given order, the statement of one archetype in a block meets the other's statement
 * half-way round the questionnaire. So no two statements of a duel ever shared a block, none is used twice,
 * and each archetype is shown on top three times.
 *
 * @param order block indices in the order in which this taker saw them; two or more
 * @returns six pairings, fewer when there are fewer than six blocks
 * @throws RangeError for fewer than two blocks or a repeated one
 */
export function tieBreakerDuels(first: Quad, order: readonly number[]): Pairing[] {
  if (order.length < 2) throw new RangeError('A tie-breaker re-uses the statements of at least two blocks')
  if (new Set(order).size < order.length) throw new RangeError('A block is listed twice')
  const [one, other] = byProbability(first)
  const halfWay = Math.floor(order.length / 2)
  return order.slice(0, DUELS).map((block, i) => {
    const opposite = order[(i + halfWay) % order.length]!
    const pairing: Pairing = [
      { block, archetype: one },
      { block: opposite, archetype: other }
    ]
    return i % 2 === 0 ? pairing : [pairing[1], pairing[0]]
  })
}
