import { exp, log } from '../numerics/elementary.ts'
import { orthantNodes } from '../numerics/orthant-nodes.ts'
import type { Quad } from '../numerics/quad.ts'
import { likelihoodAt } from '../profile/likelihood.ts'
import { posteriorAt } from '../profile/posterior.ts'
import { logProbabilityOfClicking, type Response } from '../profile/response.ts'
import { answerIndex, attractivenessStep, type ExpectedAnswers, noAnswersYet } from './attractiveness-step.ts'

/** What many takers' answers say about a questionnaire, and about them as a group. */
export type Calibration = {
  /** d of every statement, in logits; sums to 0 within a block and, when learned, over an archetype. */
  attractiveness: readonly Quad[]
  /** s: how pronounced the takers' profiles are. */
  scale: number
  /** Share of takers who click blindly. */
  clickers: number
}

/** Enough for a group: with 5 nodes per axis s comes out 5 % too large. */
const NODES = orthantNodes(8, 9)
/** EM stops when a round gains less than this in log-likelihood per taker. */
const GAIN = 1e-4
const ROUNDS = 200
/** Blind clicking is the limit s = 0, and nodes this far apart cannot follow s all the way down to it. */
const SMALLEST_SCALE = 0.2
/** Keeps both classes possible, so that either can grow again. */
const [FEWEST_CLICKERS, MOST_CLICKERS] = [1e-6, 0.99]

/** Where a calibration starts: equal statements, profiles of ordinary spread, a few blind clickers. */
export function uncalibrated(blocks: number): Calibration {
  return { attractiveness: Array.from({ length: blocks }, () => [0, 0, 0, 0]), scale: 1, clickers: 0.05 }
}

/**
 * Learns attractiveness, scale and share of blind clickers from takers' blocks (duels are left aside), by EM
 * with a two-class mixture: utilities N(0, s²), or every answer equally likely. Without the second class the
 * clickers would shrink both s and d.
 *
 * @param start a calibration of the same questionnaire, {@link uncalibrated} at first; returned for no takers
 */
export function calibrate(responses: readonly Response[], start: Calibration): Calibration {
  return expectationMaximisation(responses, start, true)
}

/** Learns scale and share of blind clickers alone, with the attractiveness of `start`. */
export function calibrateTakers(responses: readonly Response[], start: Calibration): Calibration {
  return expectationMaximisation(responses, start, false)
}

/** Log-likelihood of takers' blocks under a calibration. */
export function logLikelihood(responses: readonly Response[], calibration: Calibration): number {
  return expectation(responses, calibration, false).logLikelihood
}

function expectationMaximisation(
  responses: readonly Response[],
  start: Calibration,
  learnAttractiveness: boolean
): Calibration {
  if (responses.length === 0) return start
  let calibration = start
  let previous = Number.NEGATIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const expected = expectation(responses, calibration, learnAttractiveness)
    if (expected.logLikelihood - previous < GAIN * responses.length) break
    previous = expected.logLikelihood
    calibration = {
      attractiveness: learnAttractiveness
        ? attractivenessStep(NODES, calibration.attractiveness, expected.answers)
        : calibration.attractiveness,
      scale: Math.max(SMALLEST_SCALE, Math.sqrt(expected.square / (3 * expected.genuine))),
      clickers: Math.min(MOST_CLICKERS, Math.max(FEWEST_CLICKERS, 1 - expected.genuine / responses.length))
    }
  }
  return calibration
}

/** What the takers' answers lead one to expect under a calibration. */
type Expectation = {
  logLikelihood: number
  /** Number of takers who do not click blindly, and the sum of their |u|². */
  genuine: number
  square: number
  /** Of every block, if they are wanted. */
  answers: ExpectedAnswers[]
}

function expectation(
  responses: readonly Response[],
  { attractiveness, scale, clickers }: Calibration,
  withAnswers: boolean
): Expectation {
  const posterior = posteriorAt(NODES, [{ s: scale, weight: 1 }])
  const addLogLikelihood = likelihoodAt(NODES, attractiveness)
  const answers = withAnswers ? attractiveness.map(() => noAnswersYet(NODES)) : []
  let sum = 0
  let genuine = 0
  let square = 0
  for (const { choices } of responses) {
    const { size, node, probability, logEvidence } = posterior((logs) =>
      addLogLikelihood(logs, [{ choices }])
    )
    // log(clickers e^blind + (1 − clickers) e^evidence), and the share of the second term
    const blind = log(clickers) + logProbabilityOfClicking({ choices })
    const own = log(1 - clickers) + logEvidence
    const odds = exp(blind - own)
    const share = 1 / (1 + odds)
    sum += own + log(1 + odds)
    genuine += share
    for (let i = 0; i < size; i++) square += share * probability[i]! * SQUARES[node[i]!]!
    for (const [block, expected] of answers.entries()) {
      const choice = choices[block] ?? null
      if (choice === null) continue
      const column = expected[answerIndex(choice)]!
      for (let i = 0; i < size; i++) column[node[i]!]! += share * probability[i]!
    }
  }
  return { logLikelihood: sum, genuine, square, answers }
}

/** |u|² at every node. */
const SQUARES = NODES.volume.map((_, r) => NODES.utility.reduce((sum, u) => sum + u[r]! * u[r]!, 0))
