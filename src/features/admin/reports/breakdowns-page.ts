import type { Content } from '../../../content/load.ts'
import type { Questionnaire } from '../../../content/schema.ts'
import type { Breakdown } from '../../../database/stores/aggregates.ts'
import type { Table } from '../../../statistics/suppression.ts'
import { paths } from '../../../web/paths.ts'
import { exported, printed, shareOf } from './cells.ts'
import type { Field } from './csv.ts'
import { urlOf } from './filters.ts'
import { categoriesOf, type Labelled } from './overview-page.ts'

type Found = {
  figures: readonly Breakdown[]
  questionnaire: Questionnaire
  content: Content
  minimum: number
}

export function breakdownsPage({ figures, questionnaire, content, minimum }: Found) {
  const { version } = questionnaire
  const { findings, leanings } = categoriesOf(content)
  return {
    title: 'Breakdowns',
    version,
    minimum,
    isEmpty: figures.every(({ findings }) => findings.rows.every(({ kind }) => kind === 'few')),
    questions: figures.map((mix) => {
      const answers = answersOf(mix, questionnaire)
      const table = (title: string, labels: Labelled[], { cells, rows }: Table) => ({
        title,
        labels,
        rows: answers.map(({ label }, row) => ({
          name: label,
          people: printed(rows[row]!, minimum),
          cells: labels.map(({ name }, column) => ({
            name,
            text: printed(cells[row]![column]!, minimum),
            share: shareOf(cells[row]![column]!, rows[row]!)
          }))
        }))
      })
      return {
        id: mix.question,
        question: textOf(mix, questionnaire),
        tables: [table('Archetype mix', findings, mix.findings), table('Path', leanings, mix.paths)]
      }
    }),
    csvUrl: urlOf(paths.breakdownsCsv, { version }),
    jsonUrl: urlOf(paths.breakdownsJson, { version })
  }
}

/** The page's figures for programs, in its order. */
export function breakdownsExport({ figures, questionnaire, content, minimum }: Found) {
  const { findings, leanings } = categoriesOf(content)
  const byId = (labels: Labelled[], { cells }: Table, row: number) =>
    Object.fromEntries(labels.map(({ id }, column) => [id, exported(cells[row]![column]!, minimum)]))
  return {
    questionnaire: questionnaire.version,
    questions: figures.map((mix) => ({
      question: mix.question,
      text: textOf(mix, questionnaire),
      answers: answersOf(mix, questionnaire).map(({ id, label }, row) => ({
        answer: id,
        label,
        people: exported(mix.findings.rows[row]!, minimum),
        findings: byId(findings, mix.findings, row),
        paths: byId(leanings, mix.paths, row)
      }))
    }))
  }
}

/** The same as rows, the first of them with the names of the columns. */
export function breakdownsTable(found: Found): Field[][] {
  const { questionnaire, questions } = breakdownsExport(found)
  const { findings, leanings } = categoriesOf(found.content)
  const names = (labels: Labelled[]) => labels.map(({ name }) => name)
  return [
    ['questionnaire', 'question', 'answer', 'people', ...names(findings), ...names(leanings)],
    ...questions.flatMap(({ text, answers }) =>
      answers.map(({ label, people, findings, paths }) => [
        ...[questionnaire, text, label, people],
        ...Object.values(findings),
        ...Object.values(paths)
      ])
    )
  ]
}

function textOf({ question }: Breakdown, { context }: Questionnaire): string {
  return context.find(({ id }) => id === question)!.question
}

/** The answers of a breakdown’s rows, the last of which is that there was none. */
function answersOf({ question, rows }: Breakdown, { context }: Questionnaire) {
  const { options } = context.find(({ id }) => id === question)!
  return rows.map((answer) => ({
    id: answer,
    label: options.find(({ id }) => id === answer)?.label ?? 'Not said'
  }))
}
