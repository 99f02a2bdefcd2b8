import { writeFileSync } from 'node:fs'
import { Document } from 'yaml'
import * as z from 'zod'
import { archetypes, type Block } from './schema.ts'

/** A statement that outdoes the others of its set by more than this measures nobody: it is to be rewritten. */
const LIMIT = 3
/** Sums are 0 but for values that were rounded by hand, to hundredths. */
const ROUNDING = 0.07

const range = `must be a number from −${LIMIT} to ${LIMIT}`

/** How attractive each statement is by itself, in logits, by its id. */
export const Attractiveness = z.record(z.string(), z.number(range).min(-LIMIT, range).max(LIMIT, range))
export type Attractiveness = z.infer<typeof Attractiveness>

/**
 * What is wrong with these values as those of a questionnaire: each statement has one, and they add to zero within each
 * block and over each archetype. Only differences within a block show in answers; and what the statements of an
 * archetype have in common cannot be told from people who lean that way.
 */
export function attractivenessFaults(values: Attractiveness, blocks: readonly Block[]): string[] {
  const statements = blocks.flatMap((block) => block.statements)
  const ids = new Set(statements.map(({ id }) => id))
  const missing = [...ids].filter((id) => !(id in values)).map((id) => `${id}: is missing`)
  const unknown = Object.keys(values)
    .filter((id) => !ids.has(id))
    .map((id) => `${id}: is no statement of blocks.yaml`)
  if (missing.length + unknown.length > 0) return [...missing, ...unknown]

  const lines = [
    ...blocks.map((block) => ({ name: `the block “${block.id}”`, of: block.statements })),
    ...archetypes.map((archetype) => ({
      name: `all of ${archetype}`,
      of: statements.filter((statement) => statement.archetype === archetype)
    }))
  ]
  return lines.flatMap(({ name, of }) => {
    const sum = of.reduce((total, { id }) => total + values[id]!, 0)
    return Math.abs(sum) > ROUNDING ? [`${name} adds to ${sum.toFixed(2)}, not to 0`] : []
  })
}

/** Writes the values into a file of a questionnaire's folder, with a comment that says where they come from. */
export function writeAttractiveness(file: string, values: Attractiveness, origin: string): void {
  const document = new Document(values)
  document.commentBefore = ` How attractive each statement is by itself, in logits.\n ${origin}`
  writeFileSync(file, document.toString({ lineWidth: 0 }))
}
