import { percent, type Table } from '../../../src/cli/tables.ts'
import type { Archetype } from '../../../src/content/schema.ts'
import type { Fault } from './faults.ts'
import type { Carelessness } from './population.ts'

/** What is true of one made-up taker, and what the product made of them. */
export type TakerTruth = {
  /** The id of their draft or result. */
  id: string
  day: string
  /** The archetype with the highest true utility. */
  first: Archetype
  /** The true share of every archetype, in the order of scores. */
  shares: readonly number[]
  carelessness: Carelessness | null
  /** After how many pages they left; null if they completed. */
  leftAfter: number | null
  /** What the scorer found; null if they left. */
  finding: string | null
}

/** What is true of all of them. */
export type Truth = {
  completed: number
  careless: Record<Carelessness, number>
  /** Who is truly first, among those who completed with care. */
  mix: Record<Archetype, number>
  /** What the scorer said to all who completed. */
  findings: Record<string, number>
  /** How many left after so many pages, and how many of them so lately that their drafts are still kept. */
  dropOff: { pages: number; left: number; kept: number }[]
}

/**
 * Counts takers one by one.
 * @param pages of the quiz
 * @param keptFrom the first day whose drafts the service does not delete on the last day
 */
export function truthCount(pages: number, keptFrom: string) {
  const truth: Truth = {
    completed: 0,
    careless: { hasty: 0, 'same-position': 0 },
    mix: { 'tech-lead': 0, architect: 0, solver: 0, 'right-hand': 0 },
    findings: {},
    dropOff: Array.from({ length: pages + 1 }, (_, pages) => ({ pages, left: 0, kept: 0 }))
  }
  return {
    truth,
    add({ day, first, carelessness, leftAfter, finding }: TakerTruth): void {
      if (leftAfter !== null) {
        const place = truth.dropOff[leftAfter]!
        place.left += 1
        if (day >= keptFrom) place.kept += 1
        return
      }
      truth.completed += 1
      if (carelessness) truth.careless[carelessness] += 1
      else truth.mix[first] += 1
      if (finding) truth.findings[finding] = (truth.findings[finding] ?? 0) + 1
    }
  }
}

export function plantedTable(faults: readonly Fault[]): Table {
  return {
    title:
      faults.length > 0 ? 'Planted among the statements' : 'Nothing was planted: all statements are sound',
    head: ['statement', 'fault', 'keyed to', 'measures'],
    body: faults.map(({ statement, kind, keyed, measures }) => [
      statement,
      kind,
      keyed,
      measures ?? 'nothing'
    ])
  }
}

/** Under which names the dashboard has something, and what it shows, if it shows these people alone. */
export type Shown = {
  published: number
  told: readonly { id: string; name: string; people: string | null }[]
  first: readonly {
    id: string
    name: string
    estimate: { percent: number; low: number; high: number } | null
  }[]
}

/** The truth in brief, beside what the dashboard shows. */
export function truthTables(truth: Truth, shown: Shown): Table[] {
  const { completed, careless, findings, dropOff } = truth
  const left = dropOff.reduce((sum, { left }) => sum + left, 0)
  return [
    {
      title: `${completed} completed it, ${careless.hasty} of them in haste and ${careless['same-position']} on one position`,
      head: ['told', 'people', 'dashboard, “Archetype mix”: people'],
      body: shown.told.map(({ id, name, people }) => [name, String(findings[id] ?? 0), people ?? '–'])
    },
    {
      title: `Who is truly first, of the ${carefulOf(truth)} who answered with care`,
      head: [
        'truly first',
        'people',
        'share',
        'dashboard, “Archetype mix, truly first”: share',
        'range',
        'holds the truth'
      ],
      body: firsts(truth, shown).map(({ name, people, share, estimate, holds }) => [
        ...[name, String(people), percent(share)],
        ...(estimate
          ? [`${estimate.percent} %`, `${estimate.low}–${estimate.high}`, holds ? 'yes' : 'NO']
          : ['–', '–', '–'])
      ])
    },
    {
      title: `${left} left before the end`,
      head: ['pages', 'left', 'draft kept'],
      body: dropOff.map(({ pages, left, kept }) => [pages, left, kept].map(String))
    }
  ]
}

/** For every archetype the true share, what the dashboard shows, and whether its range, as printed, holds the truth. */
export function firsts(truth: Truth, { first }: Shown) {
  return first.map(({ id, name, estimate }) => {
    const people = truth.mix[id as Archetype]
    const share = people / carefulOf(truth)
    const holds = estimate && estimate.low <= 100 * share && 100 * share <= estimate.high
    return { name, people, share, estimate, holds }
  })
}

function carefulOf({ completed, careless }: Truth): number {
  return completed - careless.hasty - careless['same-position']
}
