import { normalCdf } from '../../src/scoring/numerics/normal.ts'
import { lean, oriented } from '../../src/scoring/path/lean.ts'
import { mean, shareOf } from './measures.ts'
import { normal, type Random } from './random.ts'

/** On which side of an item management stands. */
export type Side = 'left' | 'right'

/** How good the reading of the path is. */
export type PathFigures = {
  /** Share of 80 % ranges that hold the true lean. */
  coverage: number
  /** Half the mean width of a range, in units of the lean (−1 … 1). */
  halfWidth: number
  /** Share of people for whom a side is named. */
  verdict: number
  /** Share of the named sides that are the wrong one. */
  wrongSide: number
}

/** Spread, in points of the five-point scale, of people's pull, of single answers, and of the side habit. */
const PULL = 1
const ANSWER_NOISE = 1
const SIDE_HABIT = 0.4

/**
 * People with a known pull towards management answer bipolar items of these sides. Each answer is the pull with
 * noise, moved by a habit of ticking further left or right, and rounded to the five points. The true lean is
 * what their answers would average to over ever more items, half of them turned round.
 */
export function pathFigures(random: Random, sides: readonly Side[], people: number): PathFigures {
  const readings = Array.from({ length: people }, () => {
    const pull = pullOf(random)
    const habit = sideHabitOf(random)
    const answers = sides.map((side) => oriented(pointFor(random, pull, habit, side), side))
    return { pull, truth: trueLean(pull), ...lean(answers) }
  })
  const named = readings.filter(({ verdict }) => verdict !== 'balanced')
  return {
    coverage: shareOf(readings, ({ truth, range80 }) => truth >= range80.low && truth <= range80.high),
    halfWidth: mean(readings.map(({ range80 }) => (range80.high - range80.low) / 2)),
    verdict: named.length / readings.length,
    wrongSide: shareOf(named, ({ pull, verdict }) => (verdict === 'management') !== pull > 0)
  }
}

/** How strongly somebody is drawn to one pole of an item. */
export function pullOf(random: Random): number {
  return PULL * normal(random)
}

/** How much further right somebody ticks, whatever stands there. */
export function sideHabitOf(random: Random): number {
  return SIDE_HABIT * normal(random)
}

/** The point, 1 to 5, that somebody ticks who is drawn like this to the pole on that side. */
export function pointFor(random: Random, pull: number, habit: number, side: Side): number {
  const towardsRight = side === 'right' ? pull : -pull
  return nearestPoint(towardsRight + habit + ANSWER_NOISE * normal(random))
}

function nearestPoint(value: number): number {
  return Math.min(5, Math.max(1, Math.round(3 + value)))
}

/** Half the expected answer −2 … 2 of someone without a side habit. */
function trueLean(pull: number): number {
  const above = [-1.5, -0.5, 0.5, 1.5].map((border) => normalCdf((pull - border) / ANSWER_NOISE))
  return (above.reduce((sum, p) => sum + p, 0) - 2) / 2
}
