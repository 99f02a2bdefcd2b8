import type { Archetype, Block } from '../../../src/content/schema.ts'
import { ARCHETYPE_INDICES, four, type Quad } from '../../../src/scoring/numerics/quad.ts'
import { trulyFirst } from '../../../src/statistics/truly-first.ts'
import { covered } from '../measures.ts'
import { planted, statementsOf, valuesFor } from '../population/faults.ts'
import type { Random } from '../random.ts'
import { marksInTurn, taker, trueFirst } from '../takers.ts'
import type { Score } from './attempts.ts'

/** What is assumed of many people who answer one questionnaire, in which three statements are bad. */
export type Crowd = {
  /** How pronounced their profiles are. */
  s: number
  /** By how much all of them are drawn to one archetype more than to the others. */
  ahead: number
}

/** The rows of the report. */
export const CROWDS: readonly Crowd[] = [...[0.7, 1, 1.5].map((s) => ({ s, ahead: 0 })), { s: 1, ahead: 0.5 }]
export const PEOPLE_PER_CROWD = 2_000

/** How a crowd divides, by the mean of P(first) and as estimated, less the truth; and how many of the ranges hold it. */
export type CrowdError = { plain: Quad; estimated: Quad; held: number }

/** The figures of a row: what 19 of 20 errors stay within, and the share of ranges that hold the truth. */
export type CrowdFigures = { crowd: Crowd; crowds: number; plain: number; estimated: number; held: number }

const archetypes: readonly Archetype[] = ['tech-lead', 'architect', 'solver', 'right-hand']

/** A crowd, what its answers say of it together, and the truth. */
export function crowdAt(random: Random, score: Score, { s, ahead }: Crowd, sets: number): CrowdError {
  const blocks = blocksOf(sets)
  const statements = statementsOf(random, blocks, archetypes, planted(random, blocks))
  const favourite = Math.floor(4 * random())
  const share = 1 / PEOPLE_PER_CROWD
  const truth = [0, 0, 0, 0]
  const first = [0, 0, 0, 0]
  const net = blocks.map(() => [0, 0, 0, 0])
  let [square, variance] = [0, 0]
  for (let person = 0; person < PEOPLE_PER_CROWD; person++) {
    const own = taker(random, s)
    const utility = four((a) => own[a] + ahead * (Number(a === favourite) - 0.25))
    const values = valuesFor(random, utility, statements)
    const choices = blocks.map(({ statements }) =>
      marksInTurn(
        random,
        four((a) => values.get(statements[a]!.id)!)
      )
    )
    const profile = score({ choices })
    truth[trueFirst(utility)]! += share
    for (const [set, { most, least }] of choices.entries()) {
      net[set]![most]! += share
      net[set]![least]! -= share
    }
    for (const a of ARCHETYPE_INDICES) {
      first[a]! += share * profile.first[a]
      square += share * profile.utility[a] ** 2
      variance += share * profile.variance[a]
    }
  }
  const together = {
    first: four((a) => first[a]!),
    square,
    variance,
    net: net.map((set) => four((a) => set[a]!))
  }
  const estimates = trulyFirst(together, PEOPLE_PER_CROWD)
  return {
    plain: four((a) => first[a]! - truth[a]!),
    estimated: four((a) => estimates[a]!.share - truth[a]!),
    held: covered(truth, estimates)
  }
}

export function crowdFigures(crowd: Crowd, errors: readonly CrowdError[]): CrowdFigures {
  /** What 19 of 20 errors stay within. */
  const within = (of: (error: CrowdError) => Quad) => {
    const sorted = errors.flatMap((error) => of(error).map(Math.abs)).sort((one, other) => one - other)
    return sorted[Math.ceil(0.95 * sorted.length) - 1]!
  }
  return {
    crowd,
    crowds: errors.length,
    plain: within(({ plain }) => plain),
    estimated: within(({ estimated }) => estimated),
    held: errors.reduce((sum, { held }) => sum + held, 0) / (4 * errors.length)
  }
}

function blocksOf(sets: number): Block[] {
  return Array.from({ length: sets }, (_, set) => ({
    id: `${set}`,
    situation: '',
    statements: archetypes.map((archetype) => ({ id: `${set} ${archetype}`, archetype, text: '' }))
  }))
}
