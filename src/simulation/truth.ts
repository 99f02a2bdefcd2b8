import type { Archetype } from '../content/schema.ts'
import type { Fault } from './faults.ts'
import type { Carelessness } from './population.ts'
import type { Table } from './tables.ts'

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

/** The truth in brief. */
export function truthTables({ completed, careless, mix, findings, dropOff }: Truth): Table[] {
  const names = [...new Set([...Object.keys(mix), ...Object.keys(findings)])]
  const left = dropOff.reduce((sum, { left }) => sum + left, 0)
  return [
    {
      title: `${completed} completed it, ${careless.hasty} of them in haste and ${careless['same-position']} on one position`,
      head: ['', 'truly first', 'found'],
      body: names.map((name) => [name, String(mix[name as Archetype] ?? '–'), String(findings[name] ?? 0)])
    },
    {
      title: `${left} left before the end`,
      head: ['pages', 'left', 'draft kept'],
      body: dropOff.map(({ pages, left, kept }) => [pages, left, kept].map(String))
    }
  ]
}
