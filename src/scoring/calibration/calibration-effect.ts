import { four, type Quad } from '../numerics/quad.ts'
import { byProbability, leadingSet } from '../profile/leading.ts'
import { profileEngine } from '../profile/profile.ts'
import type { Response } from '../profile/response.ts'

/** What another attractiveness would have changed in the results of some takers. */
export type Effect = {
  /** How many would be told another leading set, and how many would have another archetype first. */
  otherLeading: number
  otherFirst: number
  /** Mean size of the change of P(first) of the archetype in front. */
  meanChange: number
  /** Mean P(first) of each archetype: the mix of the takers, before and after. */
  before: Quad
  after: Quad
}

/**
 * Scores the same answers with one attractiveness and with another (absent = all equal).
 *
 * @throws RangeError if there are none
 */
export function effectOf(
  responses: readonly Response[],
  before: readonly Quad[] | undefined,
  after: readonly Quad[]
): Effect {
  if (responses.length === 0) throw new RangeError('An effect needs at least one taker')
  const engines = [
    profileEngine({ attractiveness: before }),
    profileEngine({ attractiveness: after })
  ] as const
  const pairs = responses.map(
    (response) => engines.map((engine) => engine.score(response).first) as [Quad, Quad]
  )
  const mean = (value: (pair: [Quad, Quad]) => number) =>
    pairs.reduce((sum, pair) => sum + value(pair), 0) / pairs.length
  return {
    otherLeading: pairs.filter(([one, other]) => leadingNames(one) !== leadingNames(other)).length,
    otherFirst: pairs.filter(([one, other]) => byProbability(one)[0] !== byProbability(other)[0]).length,
    meanChange: mean(([one, other]) => {
      const [front] = byProbability(one)
      return Math.abs(other[front] - one[front])
    }),
    before: four((a) => mean(([one]) => one[a])),
    after: four((a) => mean(([, other]) => other[a]))
  }
}

/** The archetypes of the leading set, whatever their order. */
function leadingNames(first: Quad): string {
  return leadingSet(first).archetypes.toSorted().join()
}
