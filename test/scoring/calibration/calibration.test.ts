import { describe, expect, test } from 'vitest'
import {
  calibrate,
  calibrateTakers,
  logLikelihood,
  uncalibrated
} from '../../../src/scoring/calibration/calibration.ts'
import { recalibrate } from '../../../src/scoring/calibration/recalibration.ts'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import type { Response } from '../../../src/scoring/profile/response.ts'
import { answerBlocks, attractivenessOf, clickBlocks, seeded, utilities } from '../takers.ts'

const BLOCKS = 8

/** Takers of a questionnaire; `lean` is what the population as a whole leans to. */
function takers(
  count: number,
  d: readonly Quad[],
  { s = 1, clickers = 0, lean = [0, 0, 0, 0] as Quad, seed = 1 }
) {
  const random = seeded(seed)
  return Array.from({ length: count }, (): Response => {
    if (random() < clickers) return clickBlocks(random, d.length)
    const utility = utilities(random, s).map((u, a) => u + lean[a]!) as unknown as Quad
    return answerBlocks(random, utility, d)
  })
}

function rootMeanSquareGap(one: readonly Quad[], other: readonly Quad[]): number {
  const squares = one.flatMap((d, block) => d.map((value, a) => (value - other[block]![a]!) ** 2))
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length)
}

const attractiveness = attractivenessOf(seeded(8), BLOCKS, 0.6)
const start = uncalibrated(BLOCKS)

describe('a calibration of 400 takers, a fifth of them clicking blindly', () => {
  const answers = takers(400, attractiveness, { s: 1.2, clickers: 0.2 })
  const calibration = calibrate(answers, start)

  test('finds the attractiveness of the statements', () => {
    expect(rootMeanSquareGap(calibration.attractiveness, attractiveness)).toBeLessThan(0.12)
  })

  test('finds how pronounced profiles are, and how many click blindly', () => {
    expect(Math.abs(calibration.scale - 1.2)).toBeLessThan(0.12)
    expect(Math.abs(calibration.clickers - 0.2)).toBeLessThan(0.06)
  })

  test('adds to zero in every block and over every archetype', () => {
    for (const d of calibration.attractiveness) expect(d[0] + d[1] + d[2] + d[3]).toBeCloseTo(0, 9)
    for (const a of [0, 1, 2, 3] as const) {
      expect(calibration.attractiveness.reduce((sum, d) => sum + d[a], 0)).toBeCloseTo(0, 9)
    }
  })

  test('is more likely than where it started, and than the takers alone', () => {
    const alone = calibrateTakers(answers, start)
    expect(alone.attractiveness).toEqual(start.attractiveness)
    expect(logLikelihood(answers, alone)).toBeGreaterThan(logLikelihood(answers, start))
    expect(logLikelihood(answers, calibration)).toBeGreaterThan(logLikelihood(answers, alone))
  })
})

describe('a calibration', () => {
  test('does not take a population that leans for attractive statements', () => {
    const leaning = takers(400, attractiveness, { lean: [0.6, 0.1, -0.3, -0.4] })
    expect(rootMeanSquareGap(calibrate(leaning, start).attractiveness, attractiveness)).toBeLessThan(0.13)
  })

  test('learns from takers who skipped answers', () => {
    const random = seeded(2)
    const skipping = takers(400, attractiveness, {}).map(({ choices }) => ({
      choices: choices.map((choice) =>
        random() < 0.2 ? null : random() < 0.3 ? { ...choice!, least: null } : choice
      )
    }))
    expect(rootMeanSquareGap(calibrate(skipping, start).attractiveness, attractiveness)).toBeLessThan(0.16)
  })

  test('is cautious with few takers', () => {
    const few = calibrate(takers(10, attractiveness, {}), start).attractiveness.flat()
    expect(Math.max(...few.map(Math.abs))).toBeLessThan(1.5)
  })

  test('of blind clickers alone finds mostly those', () => {
    const random = seeded(5)
    const blind = Array.from({ length: 100 }, () => clickBlocks(random, BLOCKS))
    const { clickers, scale } = calibrateTakers(blind, start)
    expect(clickers > 0.5 || scale < 0.4).toBe(true)
  })

  test('of nobody is where it started', () => {
    expect(calibrate([], start)).toBe(start)
  })
})

describe('a recalibration', () => {
  const small = attractivenessOf(seeded(9), 4, 0.6)

  test('ships when it predicts answers it had not seen better, from 300 takers on', () => {
    const answers = takers(300, small, {})
    const { ship, gain, calibration } = recalibrate(answers, uncalibrated(4))
    expect(gain).toBeGreaterThan(0.1)
    expect(ship).toBe(true)
    expect(rootMeanSquareGap(calibration.attractiveness, small)).toBeLessThan(0.15)
    expect(recalibrate(answers.slice(0, 99), uncalibrated(4))).toMatchObject({ ship: false })
  })

  test('does not ship when the statements were equally attractive already', () => {
    const equal = uncalibrated(4)
    const { ship, gain } = recalibrate(takers(300, equal.attractiveness, { seed: 154 }), equal)
    expect(gain).toBeLessThan(0)
    expect(ship).toBe(false)
  })

  test('gains, per taker, what the left-out fifths are predicted better', () => {
    const answers = takers(10, small.slice(0, 2), {})
    const start = uncalibrated(2)
    const gains = [0, 1, 2, 3, 4].map((fold) => {
      const heldOut = [answers[fold]!, answers[fold + 5]!]
      const training = answers.filter((taker) => !heldOut.includes(taker))
      const [learned, kept] = [calibrate(training, start), calibrateTakers(training, start)]
      return logLikelihood(heldOut, learned) - logLikelihood(heldOut, kept)
    })
    expect(recalibrate(answers, start).gain).toBeCloseTo(gains.reduce((sum, gain) => sum + gain, 0) / 10, 12)
  })

  test('needs a taker for every fold', () => {
    expect(() => recalibrate(takers(4, small, {}), uncalibrated(4))).toThrow(RangeError)
  })
})
