import type { Archetype, Block } from '../../../src/content/schema.ts'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import { normal, type Random, shuffled } from '../random.ts'

/** A statement that measures badly in a known way. */
export type Fault = {
  statement: string
  keyed: Archetype
  kind: (typeof KINDS)[number]
  /** The archetype that it really goes with: another than it is keyed to, or none. */
  measures: Archetype | null
}

/** What every statement of a questionnaire is like, by its id. */
export type Statements = ReadonlyMap<string, { archetype: number; attractiveness: number; noise: boolean }>

const KINDS = ['mis-keyed', 'too-attractive', 'noise'] as const

/** Logits by which the statement that is too attractive beats ordinary ones. */
const TOO_ATTRACTIVE = 1.5

/** Spread of the attractiveness of ordinary statements: authors are to keep it within ±0.4. */
const ORDINARY = 0.2

/** One fault of each kind, each in a block of its own. */
export function planted(random: Random, blocks: readonly Block[]): Fault[] {
  const places = shuffled(random, blocks.length)
  return KINDS.map((kind, i) => {
    const { statements } = blocks[places[i]!]!
    const [one, other] = shuffled(random, statements.length)
    const { id, archetype } = statements[one!]!
    const measures = { 'mis-keyed': statements[other!]!.archetype, 'too-attractive': archetype, noise: null }
    return { statement: id, keyed: archetype, kind, measures: measures[kind] }
  })
}

/**
 * Every statement with what it measures, and how attractive it is by itself. Over the ordinary statements of an
 * archetype that adds to zero: what they had in common could not be told from people who lean that way.
 */
export function statementsOf(
  random: Random,
  blocks: readonly Block[],
  archetypes: readonly Archetype[],
  faults: readonly Fault[]
): Statements {
  const all = blocks.flatMap(({ statements }) => statements)
  return new Map(
    archetypes.flatMap((archetype) => {
      const keyed = all.filter((statement) => statement.archetype === archetype)
      const raw = keyed.map(() => ORDINARY * normal(random))
      const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length
      return keyed.map(({ id }, i) => {
        const fault = faults.find(({ statement }) => statement === id)
        return [
          id,
          {
            archetype: archetypes.indexOf(fault?.measures ?? archetype),
            attractiveness: fault?.kind === 'too-attractive' ? TOO_ATTRACTIVE : raw[i]! - mean,
            noise: fault?.kind === 'noise'
          }
        ]
      })
    })
  )
}

/** How much each statement says to somebody with these utilities. Noise says something else to everybody. */
export function valuesFor(random: Random, utility: Quad, statements: Statements): Map<string, number> {
  return new Map(
    [...statements].map(([id, { archetype, attractiveness, noise }]) => [
      id,
      attractiveness + (noise ? normal(random) : utility[archetype]!)
    ])
  )
}
