import type { Questionnaire } from '../../content/schema.ts'
import { four, type Quad } from '../numerics/quad.ts'

/** d of every block's four statements, in the order of the archetypes; undefined where all are equally attractive. */
export function attractivenessOf(
  { blocks, attractiveness }: Pick<Questionnaire, 'blocks' | 'attractiveness'>,
  archetypes: readonly string[]
): Quad[] | undefined {
  if (!attractiveness) return undefined
  return statementIds(blocks, archetypes).map((ids) => four((a) => attractiveness[ids[a]]!))
}

/** The same the other way round: d by the ids of the statements. */
export function byStatement(
  attractiveness: readonly Quad[],
  { blocks }: Pick<Questionnaire, 'blocks'>,
  archetypes: readonly string[]
): Record<string, number> {
  const ids = statementIds(blocks, archetypes)
  return Object.fromEntries(attractiveness.flatMap((d, block) => ids[block]!.map((id, a) => [id, d[a]!])))
}

/** Of every block, the ids of its statements in the order of the archetypes. */
function statementIds(blocks: Questionnaire['blocks'], archetypes: readonly string[]) {
  return blocks.map(({ statements }) =>
    four((a) => statements.find(({ archetype }) => archetype === archetypes[a])!.id)
  )
}
