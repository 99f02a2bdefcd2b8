import { exp, log } from '../numerics/elementary.ts'
import { type Column, emptyColumn, type Nodes, orthantNodes } from '../numerics/orthant-nodes.ts'
import { ARCHETYPE_INDICES, type Four, four, type Quad } from '../numerics/quad.ts'
import { likelihoodAt } from './likelihood.ts'
import { type Posterior, posteriorAt, SCALE_MIXTURE, type Scale } from './posterior.ts'
import { logProbabilityOfClicking, type Response } from './response.ts'

/** Limits of a central posterior range, as shares from 0 to 1. */
export type Range = { low: number; high: number }

/** What the answers say about one person. */
export type Profile = {
  /** P(first): probability that this archetype has the highest utility; sums to 1. */
  first: Quad
  /** Posterior mean of the utilities, in logits; sums to 0. Compare within a person only. */
  utility: Quad
  /** Posterior variance of the utilities. */
  variance: Quad
  /** Probability of picking this archetype MOST in a fresh, equally attractive set of four; sums to 1. */
  share: Quad
  /** 80 % and 90 % ranges of the shares. */
  range80: Four<Range>
  range90: Four<Range>
  /** Log-probability of the answers under the model. */
  logEvidence: number
  /** Log Bayes factor of the model against blind clicking; negative = no stable pattern. */
  logBayesFactor: number
}

/** Scores responses to one questionnaire version. */
export type ProfileEngine = ReturnType<typeof profileEngine>

export type ProfileOptions = {
  /** Attractiveness d of every block's four statements (logits); absent = all equal. */
  attractiveness?: readonly Quad[] | undefined
  prior?: readonly Scale[]
  /** Nodes per axis of a cone, and the largest utility difference covered: precision against time. */
  perAxis?: number
  reach?: number
}

/**
 * Builds the tables of one questionnaire version (some 50 ms and 6 MB, 1.3 MB more per block with its own
 * attractiveness) and returns its scorer. Build one per version and keep it.
 *
 * `score(...responses)` takes less than a millisecond and gives the same bytes on every machine. Several
 * responses are pooled as answers about one person; none gives the prior. It throws a RangeError for an
 * answer that no form can produce.
 *
 * Bayesian posterior over the utilities by Gauss–Legendre integration on fixed nodes (docs/method). With 20
 * nodes per axis and up to 16 blocks, P(first) and shares are exact to 0.0005 and the log evidence to 0.01,
 * identical answers included; 16 nodes would miss the log evidence of very pronounced profiles by 0.05.
 */
export function profileEngine({
  attractiveness,
  prior = SCALE_MIXTURE,
  perAxis = 20,
  reach = 12
}: ProfileOptions = {}) {
  const nodes = orthantNodes(perAxis, reach)
  const posterior = posteriorAt(nodes, prior)
  const addLogLikelihood = likelihoodAt(nodes, attractiveness)
  const { share, logit } = sharesAt(nodes)

  return {
    score(...responses: Response[]): Profile {
      const at = posterior((logs) => addLogLikelihood(logs, responses))
      const clicking = responses.reduce((sum, response) => sum + logProbabilityOfClicking(response), 0)
      const utility = means(nodes.utility, at)
      const logitMean = means(logit, at)
      const logits = four((a) => moments(logit[a], logitMean[a], at))
      return {
        first: massPerCone(nodes.count / 4, at),
        utility,
        variance: four((a) => moments(nodes.utility[a], utility[a], at).variance),
        share: means(share, at),
        range80: four((a) => range(logits[a], QUANTILE_90)),
        range90: four((a) => range(logits[a], QUANTILE_95)),
        logEvidence: at.logEvidence,
        logBayesFactor: at.logEvidence - clicking
      }
    }
  }
}

/** Standard normal quantiles: the upper limits of the 80 % and the 90 % range. */
const QUANTILE_90 = 1.2815515655446004
const QUANTILE_95 = 1.6448536269514722

/** softmax(u)_a and its logit at every node. */
export function sharesAt({ count, utility }: Nodes) {
  const share = four(() => emptyColumn(count))
  const logit = four(() => emptyColumn(count))
  for (let r = 0; r < count; r++) {
    const worth = four((a) => exp(utility[a][r]!))
    for (const a of ARCHETYPE_INDICES) {
      const others = worth.reduce((sum, value, b) => (b === a ? sum : sum + value), 0)
      share[a][r] = worth[a] / (worth[a] + others)
      logit[a][r] = utility[a][r]! - log(others)
    }
  }
  return { share, logit }
}

/** Nodes come cone by cone, so P(first = a) is the mass of the a-th quarter. */
function massPerCone(nodesPerCone: number, { size, node, probability }: Posterior): Quad {
  const mass: [number, number, number, number] = [0, 0, 0, 0]
  let i = 0
  for (const a of ARCHETYPE_INDICES) {
    const end = (a + 1) * nodesPerCone
    for (; i < size && node[i]! < end; i++) mass[a] += probability[i]!
  }
  return mass
}

/** Posterior means of four columns, in one sweep: their sums do not wait for each other. */
function means(columns: Four<Column>, { size, node, probability }: Posterior): Quad {
  const [c0, c1, c2, c3] = columns
  let [m0, m1, m2, m3] = [0, 0, 0, 0]
  for (let i = 0; i < size; i++) {
    const r = node[i]!
    const p = probability[i]!
    m0 += p * c0[r]!
    m1 += p * c1[r]!
    m2 += p * c2[r]!
    m3 += p * c3[r]!
  }
  return [m0, m1, m2, m3]
}

type Moments = { mean: number; variance: number; skewness: number; kurtosis: number }

/** Variance, skewness and excess kurtosis of a posterior quantity around its mean. */
function moments(column: Column, mean: number, { size, node, probability }: Posterior): Moments {
  let second = 0
  let third = 0
  let fourth = 0
  for (let i = 0; i < size; i++) {
    const deviation = column[node[i]!]! - mean
    const square = probability[i]! * deviation * deviation
    second += square
    third += square * deviation
    fourth += square * deviation * deviation
  }
  return {
    mean,
    variance: second,
    skewness: third / (second * Math.sqrt(second)),
    kurtosis: fourth / (second * second) - 3
  }
}

/**
 * Central range from four moments of the logit share, back on the scale of shares (Cornish & Fisher 1938).
 * @param q standard normal quantile of the upper limit
 */
function range({ mean, variance, skewness, kurtosis }: Moments, q: number): Range {
  const limit = (q: number) => {
    const w =
      q +
      ((q * q - 1) * skewness) / 6 +
      ((q * q - 3) * q * kurtosis) / 24 -
      ((2 * q * q - 5) * q * skewness * skewness) / 36
    return 1 / (1 + exp(-(mean + w * Math.sqrt(variance))))
  }
  return { low: limit(-q), high: limit(q) }
}
