import type { Proportion } from '../scoring/numerics/proportion.ts'

/** Why an author should look at a statement again. */
export type ItemFlag =
  /** R1: it does not go with its archetype (item–rest r < 0.25). */
  | 'unrelated'
  /** R2: it goes better with another archetype. */
  | 'mis-keyed'
  /** R3: more than 45 % mark it MOST, or LEAST. */
  | 'too-attractive'
  | 'too-repellent'

/** How one statement measures. */
export type ItemStatistics = {
  /** How many answered its block. */
  answered: number
  /** About 25 % each when the statements of a block are equally attractive. */
  most: Proportion
  least: Proportion
  /**
   * Correlation of the statement's own score (MOST +1, LEAST −1) with its archetype's net count in the other
   * blocks; null when either does not vary. Good statements have about 0.5, pure noise still shows 0.15.
   */
  itemRest: number | null
  /** The other archetype whose net count it goes with best. */
  bestOther: { archetype: number; r: number } | null
  flags: ItemFlag[]
}

/** From these numbers of takers on, a flag is seldom false. */
const TAKERS_FOR_MIS_KEYED = 50
const TAKERS_FOR_FLAGS = 100
const UNRELATED = 0.25
const LOPSIDED = 0.45

/** Where an author should look, in the tradition of Rasch item analysis; not what is wrong there. */
export function flagsOf({
  answered,
  most,
  least,
  itemRest,
  bestOther
}: Omit<ItemStatistics, 'flags'>): ItemFlag[] {
  const flags: ItemFlag[] = []
  if (itemRest !== null) {
    if (answered >= TAKERS_FOR_FLAGS && itemRest < UNRELATED) flags.push('unrelated')
    if (answered >= TAKERS_FOR_MIS_KEYED && bestOther !== null && bestOther.r > itemRest)
      flags.push('mis-keyed')
  }
  if (answered >= TAKERS_FOR_FLAGS && most.share > LOPSIDED) flags.push('too-attractive')
  if (answered >= TAKERS_FOR_FLAGS && least.share > LOPSIDED) flags.push('too-repellent')
  return flags
}
