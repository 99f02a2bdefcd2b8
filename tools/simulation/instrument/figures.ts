import { byProbability, type LeadingSet, leadingSet } from '../../../src/scoring/profile/leading.ts'
import {
  areaUnderCurve,
  brier,
  calibrationError,
  calibrationFloor,
  type Distribution,
  type Forecast,
  mean,
  shareOf
} from '../measures.ts'
import type { Random } from '../random.ts'
import type { Attempt, Condition, Reading, Rivals } from './attempts.ts'

type Kind = LeadingSet['kind']

/** How often something is said, and how often the true first archetype is then in it. */
export type Said = { share: number; right: number }

/** The figures of one row; shares from 0 to 1. */
export type RowFigures = {
  condition: Condition
  takers: number
  /** Share whose first archetype is found, by the model and by its rivals. */
  accuracy: { model: number } & Record<keyof Rivals, number>
  /** Calibration of the highest P(first), and what chance alone would make of it. */
  calibration: { error: number; floor: number; brier: number }
  /** Share of 80 % ranges that hold the true share. */
  coverage: number
  told: Record<Kind, Said>
  retest: RetestFigures
  tieBreaker: TieBreakerFigures
  consistency: ConsistencyFigures & {
    /** How well the log Bayes factor tells these people from blind clickers. */
    auc: number
  }
}

export type RetestFigures = {
  takers: number
  /** Share with another archetype in front the second time. */
  otherFirst: { model: number } & Pick<Rivals, 'counts' | 'pickOne'>
  /** Share told two different single archetypes. */
  oppositeSingles: number
}

/** How things stand when everybody who is offered the duels has played them. */
export type TieBreakerFigures = {
  offered: number
  accuracy: number
  singles: Said
  calibrationError: number
}

/** Shares who get a note about their answers. */
export type ConsistencyFigures = { noPattern: number; samePosition: number }

/** What happens to blind clickers. */
export type ClickerFigures = ConsistencyFigures & { takers: number; told: Record<Kind, Said['share']> }

/** Sums up a row. `random` is used for the floor of the calibration error only. */
export function rowFigures(
  random: Random,
  condition: Condition,
  attempts: readonly Attempt[],
  clickers: readonly Reading[]
): RowFigures {
  const readings = attempts.map(({ reading }) => reading)
  const distributions = attempts.map(({ reading, truth }) => ({ first: reading.first, truth }))
  const forecasts = distributions.map(forecastOf)
  const accuracyOf = (rival: keyof Rivals) =>
    shareOf(attempts, ({ rivals, truth }) => rivals[rival] === truth)
  return {
    condition,
    takers: attempts.length,
    accuracy: {
      model: shareOf(forecasts, ({ right }) => right),
      counts: accuracyOf('counts'),
      pickOne: accuracyOf('pickOne'),
      longerPickOne: accuracyOf('longerPickOne')
    },
    calibration: {
      error: calibrationError(forecasts),
      floor: calibrationFloor(random, forecasts),
      brier: brier(distributions)
    },
    coverage: mean(attempts.map(({ covered }) => covered / 4)),
    told: toldTo(distributions),
    retest: retestFigures(attempts),
    tieBreaker: tieBreakerFigures(attempts),
    consistency: {
      auc: areaUnderCurve(readings.map(logBayesFactor), clickers.map(logBayesFactor)),
      ...consistencyFigures(readings)
    }
  }
}

export function clickerFigures(clickers: readonly Reading[]): ClickerFigures {
  const told = (kind: Kind) => shareOf(clickers, ({ first }) => leadingSet(first).kind === kind)
  return {
    takers: clickers.length,
    ...consistencyFigures(clickers),
    told: { single: told('single'), blend: told('blend'), open: told('open') }
  }
}

function forecastOf({ first, truth }: Distribution): Forecast {
  const [highest] = byProbability(first)
  return { probability: first[highest], right: highest === truth }
}

function toldTo(distributions: readonly Distribution[]): Record<Kind, Said> {
  const sets = distributions.map(({ first, truth }) => ({ ...leadingSet(first), truth }))
  const said = (kind: Kind): Said => {
    const told = sets.filter((set) => set.kind === kind)
    return {
      share: told.length / sets.length,
      right: shareOf(told, ({ archetypes, truth }) => archetypes.includes(truth))
    }
  }
  return { single: said('single'), blend: said('blend'), open: said('open') }
}

function retestFigures(attempts: readonly Attempt[]): RetestFigures {
  const pairs = attempts.flatMap(({ reading, rivals, again }) =>
    again ? [{ one: leadingSet(reading.first), other: leadingSet(again.first), rivals, again }] : []
  )
  return {
    takers: pairs.length,
    otherFirst: {
      model: shareOf(pairs, ({ one, other }) => one.archetypes[0] !== other.archetypes[0]),
      counts: shareOf(pairs, ({ rivals, again }) => rivals.counts !== again.rivals.counts),
      pickOne: shareOf(pairs, ({ rivals, again }) => rivals.pickOne !== again.rivals.pickOne)
    },
    oppositeSingles: shareOf(
      pairs,
      ({ one, other }) =>
        one.kind === 'single' && other.kind === 'single' && one.archetypes[0] !== other.archetypes[0]
    )
  }
}

function tieBreakerFigures(attempts: readonly Attempt[]): TieBreakerFigures {
  const finished = attempts.map(({ reading, sharpened, truth }) => ({
    first: sharpened ?? reading.first,
    truth
  }))
  const forecasts = finished.map(forecastOf)
  return {
    offered: shareOf(attempts, ({ sharpened }) => sharpened !== null),
    accuracy: shareOf(forecasts, ({ right }) => right),
    singles: toldTo(finished).single,
    calibrationError: calibrationError(forecasts)
  }
}

function consistencyFigures(readings: readonly Reading[]): ConsistencyFigures {
  return {
    noPattern: shareOf(readings, ({ reasons }) => reasons.includes('no-stable-pattern')),
    samePosition: shareOf(readings, ({ reasons }) => reasons.includes('same-position'))
  }
}

function logBayesFactor(reading: Reading): number {
  return reading.logBayesFactor
}
