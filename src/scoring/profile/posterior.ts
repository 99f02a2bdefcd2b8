import { exp, log } from '../numerics/elementary.ts'
import { type Column, emptyColumn, type Nodes } from '../numerics/orthant-nodes.ts'

/** One component of the prior: u ~ N(0, s²) in the sum-zero plane, with this weight. */
export type Scale = { s: number; weight: number }

/** Takers differ in how pronounced their profile is, so the prior mixes three scales. */
export const SCALE_MIXTURE: readonly Scale[] = [
  { s: 0.5, weight: 0.25 },
  { s: 1, weight: 0.5 },
  { s: 2, weight: 0.25 }
]

/** The nodes that carry the posterior, and their probabilities, which sum to 1. */
export type Posterior = {
  /** How many entries of `node` and `probability` are in use. */
  size: number
  node: number[]
  probability: number[]
  /** Log of the integral of prior × likelihood. */
  logEvidence: number
}

/**
 * Returns the posterior at fixed nodes from a function that adds log-likelihoods to an array with one entry
 * per node; one that adds nothing gives the prior. The arrays of the result are overwritten by the next call.
 */
export function posteriorAt(nodes: Nodes, prior: readonly Scale[]) {
  const start = logPriorMass(nodes, prior)
  const logs = emptyColumn(nodes.count)
  const node = emptyColumn(nodes.count)
  const probability = emptyColumn(nodes.count)

  return (addLogLikelihood: (logs: Column) => void): Posterior => {
    for (let r = 0; r < logs.length; r++) logs[r] = start[r]!
    addLogLikelihood(logs)
    let largest = Number.NEGATIVE_INFINITY
    for (let r = 0; r < logs.length; r++) if (logs[r]! > largest) largest = logs[r]!
    let size = 0
    let total = 0
    for (let r = 0; r < logs.length; r++) {
      const relative = logs[r]! - largest
      if (relative < NEGLIGIBLE) continue
      const weight = exp(relative)
      node[size] = r
      probability[size] = weight
      size += 1
      total += weight
    }
    for (let i = 0; i < size; i++) probability[i] = probability[i]! / total
    return { size, node, probability, logEvidence: largest + log(total) }
  }
}

/** Nodes lighter than e^−32 of the heaviest are left out: all of them together weigh under 1e-9. */
const NEGLIGIBLE = -32

/** log(volume × prior density) at every node; density Σ_k weight_k (2π s_k²)^(−3/2) exp(−|u|²/(2 s_k²)). */
function logPriorMass({ count, utility, volume }: Nodes, prior: readonly Scale[]) {
  const mass = emptyColumn(count)
  for (let r = 0; r < count; r++) {
    const square = utility.reduce((sum, u) => sum + u[r]! * u[r]!, 0)
    const terms = prior.map(
      ({ s, weight }) => log(weight) - 1.5 * log(2 * Math.PI * s * s) - square / (2 * s * s)
    )
    const largest = Math.max(...terms)
    const density = largest + log(terms.reduce((sum, term) => sum + exp(term - largest), 0))
    mass[r] = log(volume[r]!) + density
  }
  return mass
}
