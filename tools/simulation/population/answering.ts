import type { Answers, Duel } from '../../../src/content/answers.ts'
import type { Block, HybridItem, LeanItem, Questionnaire } from '../../../src/content/schema.ts'
import { exp } from '../../../src/scoring/numerics/elementary.ts'
import { normal, type Random } from '../random.ts'
import type { Behaviour, Pole } from './behaviours.ts'

/** One page of the quiz. */
export type AskedPage = { name: string } & (
  | { kind: 'items'; items: readonly (LeanItem | HybridItem)[] }
  | { kind: 'block'; block: Block; statements: Block['statements'] }
  | { kind: 'habits'; habits: Questionnaire['habits'] }
)

export type AnsweredPage = { name: string; answers: Partial<Answers>; seconds: number | null }

/** Median seconds for one item, set, kind of work and duel. */
const MEDIAN = { item: 6, set: 20, kind: 4, duel: 7 }

/** How somebody answers a page. */
export function answered(random: Random, behaviour: Behaviour, page: AskedPage): AnsweredPage {
  const within = (median: number) => secondsOf(random, behaviour.pace * median)
  switch (page.kind) {
    case 'items': {
      const items = Object.fromEntries(page.items.map((item) => [item.id, behaviour.point(poleOf(item))]))
      return { name: page.name, answers: { items }, seconds: within(MEDIAN.item * page.items.length) }
    }
    case 'block': {
      const ids = page.statements.map(({ id }) => id)
      const { most, least } = behaviour.marks(ids)
      const blocks = { [page.block.id]: { most: ids[most]!, least: ids[least]! } }
      return { name: page.name, answers: { blocks }, seconds: within(MEDIAN.set) }
    }
    case 'habits': {
      const { kinds, bands } = page.habits
      const habits = Object.fromEntries(kinds.map(({ id }) => [id, bands[behaviour.band(bands.length)]!.id]))
      return { name: page.name, answers: { habits }, seconds: within(MEDIAN.kind * kinds.length) }
    }
  }
}

/** How somebody plays the duels of a tie-breaker, which are pairs of statement ids. */
export function played(behaviour: Behaviour, pairs: readonly (readonly [string, string])[]): AnsweredPage {
  const duels = Object.fromEntries(
    pairs.map(([one, other], i): [string, Duel] => [
      `duel-${i + 1}`,
      behaviour.prefersFirst(one, other) ? { winner: one, loser: other } : { winner: other, loser: one }
    ])
  )
  const seconds = Math.max(1, Math.round(behaviour.pace * MEDIAN.duel * pairs.length))
  return { name: 'six-more', answers: { duels }, seconds }
}

function poleOf(item: LeanItem | HybridItem): Pole {
  return 'management' in item
    ? { trait: 'management', side: item.management }
    : { trait: item.measures, side: item.hybrid }
}

/** Log-normal, to the whole second. */
function secondsOf(random: Random, median: number): number {
  return Math.max(1, Math.round(median * exp(0.3 * normal(random))))
}
