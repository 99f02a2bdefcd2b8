import { exp, log } from '../numerics/elementary.ts'
import { type Column, emptyColumn, type Nodes } from '../numerics/orthant-nodes.ts'
import { ARCHETYPE_INDICES, type Four, four, type Quad } from '../numerics/quad.ts'
import { boutsAt } from './bouts.ts'
import { assertResponse, type Response, type Statement } from './response.ts'

/** Adds the log-likelihood of all the responses together to `logs`, which has one entry per node. */
export type AddLogLikelihood = (logs: Column, responses: readonly Response[]) => void

/**
 * The sequential best–worst logit (Marley & Pihlens 2012) with statement attractiveness d, at fixed nodes.
 * In a block, with v_a = u_a + d_a:
 *
 *     P(most = i)             = exp(v_i) / Σ_a exp(v_a)
 *     P(least = j | most = i) = exp(−v_j) / Σ_{k ≠ i} exp(−v_k)
 *     P(i beats j in a duel)  = 1 / (1 + exp(−(v_i − v_j)))
 *
 * The numerators of all blocks together are linear in u, and a denominator depends on d and MOST alone. So
 * a block needs five columns of numbers, blocks with equal d share them, and a response takes a few sweeps.
 *
 * @param attractiveness d of every block's four statements, |d| ≤ 20; absent = 0 in any number of blocks
 * @returns a function that throws a RangeError for an impossible answer or a block without attractiveness
 */
export function likelihoodAt(nodes: Nodes, attractiveness?: readonly Quad[]): AddLogLikelihood {
  const worth = four((a) => nodes.utility[a].map(exp))
  const blocks = denominatorsOf(attractiveness ?? [NO_DIFFERENCE], worth)
  const distinct = new Set(blocks)
  const slopes = new Float64Array(4)
  const addBouts = boutsAt(nodes)

  function denominatorOf(block: number): Denominator {
    const found = blocks[attractiveness ? block : 0]
    if (!found) throw new RangeError(`There is no attractiveness for block ${block}`)
    return found
  }

  function attractivenessOf({ block, archetype }: Statement): number {
    return denominatorOf(block).d[archetype]!
  }

  return (logs, responses) => {
    slopes.fill(0)
    for (const { uses } of distinct) uses.fill(0)
    let constant = 0

    for (const response of responses) {
      assertResponse(response)
      const { choices, duels = [], weight = 1 } = response
      choices.forEach((choice, block) => {
        if (choice === null) return
        const { most, least } = choice
        const { d, uses } = denominatorOf(block)
        slopes[most]! += weight
        constant += weight * d[most]!
        uses[least === null ? MOST_ONLY : most]! += weight
        if (least === null) return
        slopes[least]! -= weight
        constant -= weight * d[least]!
      })
      const bouts = duels.map(({ winner, loser }) => ({
        winner: winner.archetype,
        loser: loser.archetype,
        advantage: attractivenessOf(winner) - attractivenessOf(loser)
      }))
      addBouts(logs, bouts, weight)
    }

    const terms: Term[] = nodes.utility.map((column, a) => ({ factor: slopes[a]!, column }))
    for (const { uses, columns } of distinct) {
      for (const [i, column] of columns.entries()) {
        if (uses[i]! > 0) terms.push({ factor: -uses[i]!, column })
      }
    }
    addTerms(logs, constant, terms)
  }
}

/** Logarithms of a block's denominators at every node, and how often the responses at hand use each. */
type Denominator = {
  d: Quad
  /** [i] = log Σ_a exp(v_a) + log Σ_{k ≠ i} exp(−v_k) for MOST = i; the last is the first sum alone. */
  columns: readonly Column[]
  uses: Float64Array
}

const NO_DIFFERENCE: Quad = [0, 0, 0, 0]
const MOST_ONLY = 4
const ATTRACTIVENESS_LIMIT = 20

/** One denominator per block; blocks with the same d get the same object. */
function denominatorsOf(attractiveness: readonly Quad[], worth: Four<Column>): Denominator[] {
  const known = new Map<string, Denominator>()
  return attractiveness.map((d) => {
    const key = d.join()
    const found = known.get(key) ?? denominator(d, worth)
    known.set(key, found)
    return found
  })
}

function denominator(d: Quad, worth: Four<Column>): Denominator {
  if (!d.every((value) => Math.abs(value) <= ATTRACTIVENESS_LIMIT)) {
    throw new RangeError(`Attractiveness lies between −20 and 20, not ${d.join(', ')}`)
  }
  const attraction = four((a) => exp(d[a]))
  const count = worth[0].length
  const columns = Array.from({ length: 5 }, () => emptyColumn(count))
  const v = new Float64Array(4)
  for (let r = 0; r < count; r++) {
    for (const a of ARCHETYPE_INDICES) v[a] = attraction[a] * worth[a][r]!
    const most = log(v[0]! + v[1]! + v[2]! + v[3]!)
    columns[MOST_ONLY]![r] = most
    for (const i of ARCHETYPE_INDICES) {
      let least = 0
      for (const k of ARCHETYPE_INDICES) if (k !== i) least += 1 / v[k]!
      columns[i]![r] = most + log(least)
    }
  }
  return { d, columns, uses: new Float64Array(5) }
}

type Term = { factor: number; column: Column }

/** Adds constant + Σ factor × column, four columns a sweep: the time goes into reading and writing memory. */
function addTerms(logs: Column, constant: number, terms: readonly Term[]): void {
  const none = { factor: 0, column: logs }
  for (let i = 0; i < terms.length; i += 4) {
    const { factor: f0, column: c0 } = terms[i]!
    const { factor: f1, column: c1 } = terms[i + 1] ?? none
    const { factor: f2, column: c2 } = terms[i + 2] ?? none
    const { factor: f3, column: c3 } = terms[i + 3] ?? none
    const base = i === 0 ? constant : 0
    for (let r = 0; r < logs.length; r++) {
      logs[r] = logs[r]! + base + (f0 * c0[r]! + f1 * c1[r]! + f2 * c2[r]! + f3 * c3[r]!)
    }
  }
}
