import { archetypes, type Questionnaire } from '../../../content/schema.ts'
import type { Response } from '../../../database/stores/responses.ts'
import type { Field } from './csv.ts'

/** One response as the downloads tell it. Nothing is in it that is not named here. */
export function lineOf(response: Response, { blocks, lean, hybrid, habits, context }: Questionnaire) {
  const { arrangement, answers, scores } = response
  const byId = <Value>(ids: readonly { id: string }[], value: (id: string, index: number) => Value) =>
    Object.fromEntries(ids.map(({ id }, index) => [id, value(id, index)]))
  return {
    questionnaire: response.questionnaireVersion,
    scoring: response.scoringVersion,
    month: response.month,
    finding: response.finding,
    path: response.path,
    lean: rounded(scores.lean.lean),
    share: byId(
      archetypes.map((id) => ({ id })),
      (_, index) => rounded(scores.profile.share[index as 0])
    ),
    careless: scores.consistency.reasons,
    set: byId(blocks, (id, block) => {
      const place = arrangement.findIndex((one) => one.block === block)
      const { most, least } = answers.blocks[id]!
      const { statements } = blocks[block]!
      /** Where on the screen a statement stood, from 1. */
      const at = (statement: string) =>
        arrangement[place]!.statements.findIndex((index) => statements[index]!.id === statement) + 1
      return { place: place + 1, most, 'most-at': at(most), least, 'least-at': at(least) }
    }),
    item: byId([...lean, ...hybrid], (id) => answers.items[id]!),
    habit: byId(habits.kinds, (id) => answers.habits[id] ?? null),
    context: byId(context, (id) => answers.context[id] ?? null)
  }
}

/** Lines as the rows of a table: the columns are the names at every depth, with dots between. */
export async function* rowsOf(lines: AsyncIterable<object>): AsyncGenerator<Field[]> {
  let isFirst = true
  for await (const line of lines) {
    const fields = fieldsOf(line)
    if (isFirst) yield fields.map(([name]) => name)
    isFirst = false
    yield fields.map(([, field]) => field)
  }
}

function fieldsOf(line: object, above = ''): [name: string, field: Field][] {
  return Object.entries(line).flatMap(([name, value]): [string, Field][] => {
    if (Array.isArray(value)) return [[above + name, value.join(' ')]]
    if (typeof value === 'object' && value !== null) return fieldsOf(value, `${above}${name}.`)
    return [[above + name, value]]
  })
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
