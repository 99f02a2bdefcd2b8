import { exp, log } from '../numerics/elementary.ts'
import { type Nodes, orthantNodes } from '../numerics/orthant-nodes.ts'
import type { Quad } from '../numerics/quad.ts'
import { likelihoodAt } from './likelihood.ts'
import { type Posterior, posteriorAt } from './posterior.ts'
import type { Response } from './response.ts'

/** Whether two takes show that someone changed. */
export type Change = {
  /** Log Bayes factor of "changed" against "the same": positive speaks for a change. */
  logBayesFactor: number
  /** Probability of a change, when three of ten retakes show one. */
  probability: number
  /** Never "no change": two takes seldom have the power to show that. */
  verdict: 'changed' | 'perhaps' | 'no-evidence'
}

/** Correlation of the utilities before and after a change, and the spread of utilities. */
const RHO = 0.5
const S = 1
const K = 1 - RHO * RHO
const PRIOR_OF_CHANGE = 0.3
const CHANGED = 0.8
const PERHAPS = 0.5
/** Coarser nodes than a profile's: the Bayes factor is a sum over pairs of nodes. */
const PER_AXIS = 14
const REACH = 9
const NEGLIGIBLE = 1e-8

/**
 * Compares two takes: H0 "one u" against H1 "two u with correlation ρ = 0.5". With the posterior masses p, q
 * of the takes at the nodes, their evidences Z, Z' and the evidence Z'' of both as one take, k = 1 − ρ²,
 *
 *     BF = Z Z' / Z'' · k^(−3/2) Σ_ij p_i q_j exp(−(ρ²(|u_i|² + |u_j|²) − 2ρ u_i·u_j) / (2 s² k)):
 *
 * the joint normal prior divided by its two margins, averaged over both posteriors (docs/method).
 *
 * Build one per pair of questionnaire versions; a comparison takes some 20 ms.
 *
 * @param before attractiveness in the version of the first take; absent = 0
 * @param after the same for the second take
 */
export function changeEngine(before?: readonly Quad[], after: readonly Quad[] | undefined = before) {
  const nodes = orthantNodes(PER_AXIS, REACH)
  const posterior = posteriorAt(nodes, [{ s: S, weight: 1 }])
  const addFirst = likelihoodAt(nodes, before)
  const addSecond = likelihoodAt(nodes, after)
  /** Where the posterior of a take lies; see {@link Cloud}. */
  function cloudOf({ size, node, probability }: Posterior): Cloud {
    const heavy = [...node.slice(0, size).keys()].filter((i) => probability[i]! > NEGLIGIBLE)
    const points = Float64Array.from(heavy.flatMap((i) => orthonormal(nodes.utility, node[i]!)))
    const mass = Float64Array.from(heavy, (i, n) => {
      const [x, y, z] = [points[3 * n]!, points[3 * n + 1]!, points[3 * n + 2]!]
      return probability[i]! * exp((-RHO * RHO * (x * x + y * y + z * z)) / (2 * S * S * K))
    })
    return { points, mass }
  }

  return {
    /** Throws a RangeError for an answer that no form can produce. */
    compare(first: Response, second: Response): Change {
      const earlier = posterior((logs) => addFirst(logs, [first]))
      const earlierEvidence = earlier.logEvidence
      const earlierCloud = cloudOf(earlier)
      const later = posterior((logs) => addSecond(logs, [second]))
      const laterEvidence = later.logEvidence
      const laterCloud = cloudOf(later)
      const both = posterior((logs) => {
        addFirst(logs, [first])
        addSecond(logs, [second])
      })
      const coupling = log(coupled(earlierCloud, laterCloud)) - 1.5 * log(K)
      return changeFrom(earlierEvidence + laterEvidence - both.logEvidence + coupling)
    }
  }
}

function changeFrom(logBayesFactor: number): Change {
  const oddsAgainst = ((1 - PRIOR_OF_CHANGE) / PRIOR_OF_CHANGE) * exp(-logBayesFactor)
  const probability = 1 / (1 + oddsAgainst)
  const verdict = probability >= CHANGED ? 'changed' : probability >= PERHAPS ? 'perhaps' : 'no-evidence'
  return { logBayesFactor, probability, verdict }
}

/** The heavier nodes of a posterior: points z, three coordinates each, and p exp(−ρ² |z|² / (2 s² k)). */
type Cloud = { points: Float64Array; mass: Float64Array }

/** Orthonormal coordinates of the sum-zero plane: |z| = |u|. */
function orthonormal([u0, u1, u2, u3]: Nodes['utility'], r: number): number[] {
  const [a, b, c, d] = [u0[r]!, u1[r]!, u2[r]!, u3[r]!]
  return [(a + b - c - d) / 2, (a - b + c - d) / 2, (a - b - c + d) / 2]
}

/** Σ_ij p_i q_j exp(−(ρ²(|z_i|² + |z_j|²) − 2ρ z_i·z_j) / (2 s² k)). */
function coupled(one: Cloud, other: Cloud): number {
  const attraction = RHO / (S * S * K)
  let sum = 0
  for (let i = 0; i < one.mass.length; i++) {
    const x = attraction * one.points[3 * i]!
    const y = attraction * one.points[3 * i + 1]!
    const z = attraction * one.points[3 * i + 2]!
    let inner = 0
    for (let j = 0, p = 0; j < other.mass.length; j++, p += 3) {
      inner +=
        other.mass[j]! * exp(x * other.points[p]! + y * other.points[p + 1]! + z * other.points[p + 2]!)
    }
    sum += one.mass[i]! * inner
  }
  return sum
}
