import { exp } from '../../../src/scoring/numerics/elementary.ts'
import { pointFor, pullOf, type Side, sideHabitOf } from '../path.ts'
import { drawn, normal, type Random } from '../random.ts'
import { clicks, type Marks, marksInTurn } from '../takers.ts'

/** A trait that an item asks for, and on which side of the item its pole stands. */
export type Pole = { trait: 'management' | 'pendulum' | 'both-at-once'; side: Side }

/** How somebody answers whatever is asked. Statements are named by their ids, in the order of the screen. */
export type Behaviour = {
  /** 1, the left pole, to 5, the right one. */
  point(pole: Pole): number
  /** The places of the statements that are marked. */
  marks(statements: readonly string[]): Marks
  /** Which of so many bands of hours. */
  band(bands: number): number
  /** Whether the first of two statements wins. */
  prefersFirst(one: string, other: string): boolean
  /** How long somebody ordinary stays on a page, times this, is how long this person does. */
  pace: number
}

/** Somebody who reads, and to whom each statement says this much. */
export function sincere(random: Random, values: ReadonlyMap<string, number>): Behaviour {
  const pulls = { management: pullOf(random), pendulum: pullOf(random), 'both-at-once': pullOf(random) }
  const habit = sideHabitOf(random)
  const value = (id: string) => values.get(id)!
  return {
    point: ({ trait, side }) => pointFor(random, pulls[trait], habit, side),
    marks: ([one, two, three, four]) =>
      marksInTurn(random, [value(one!), value(two!), value(three!), value(four!)]),
    band: (bands) =>
      drawn(
        random,
        [...Array(bands).keys()].map((band) => 1 / (1 + band))
      ),
    prefersFirst: (one, other) => random() < 1 / (1 + exp(value(other) - value(one))),
    pace: exp(0.25 * normal(random))
  }
}

/** Somebody who clicks at random and reads nothing. */
export function hasty(random: Random): Behaviour {
  return {
    point: () => 1 + Math.floor(5 * random()),
    marks: () => clicks(random, 1)[0]!,
    band: (bands) => Math.floor(bands * random()),
    prefersFirst: () => random() < 0.5,
    pace: 0.1
  }
}

/** Somebody who ticks the same places on every page. */
export function samePosition(random: Random): Behaviour {
  const marks = clicks(random, 1)[0]!
  return {
    point: () => 1 + marks.most,
    marks: () => marks,
    band: (bands) => marks.most % bands,
    prefersFirst: () => true,
    pace: 0.7
  }
}
