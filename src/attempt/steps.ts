import type { Answers, Arrangement } from '../content/answers.ts'
import type { Block, HybridItem, LeanItem, Questionnaire, Statement } from '../content/schema.ts'
import { paths } from '../web/paths.ts'

/** One page of the quiz, as one taker meets it. */
export type Step = { name: string; url: string } & (
  | { kind: 'items'; number: number; of: number; items: (LeanItem | HybridItem)[] }
  | { kind: 'block'; number: number; of: number; block: Block; statements: Statement[] }
  | { kind: 'habits'; habits: Questionnaire['habits'] }
)

const itemsPerPage = 4

/** The pages between Start and Review, in order: the quick ones first, so that the progress bar speeds up. */
export function stepsOf(questionnaire: Questionnaire, arrangement: Arrangement): Step[] {
  const items = [...questionnaire.lean, ...questionnaire.hybrid]
  const itemPages = Math.ceil(items.length / itemsPerPage)
  return [
    ...Array.from({ length: itemPages }, (_, index): Step => {
      const number = index + 1
      return {
        kind: 'items',
        name: `path-${number}`,
        url: paths.pathPage(number),
        number,
        of: itemPages,
        items: items.slice(index * itemsPerPage, number * itemsPerPage)
      }
    }),
    ...arrangement.map((place, index): Step => {
      const block = questionnaire.blocks[place.block] as Block
      const number = index + 1
      return {
        kind: 'block',
        name: `set-${block.id}`,
        url: paths.block(number),
        number,
        of: arrangement.length,
        block,
        statements: place.statements.map((statement) => block.statements[statement] as Statement)
      }
    }),
    { kind: 'habits', name: 'habits', url: paths.habitsPage, habits: questionnaire.habits }
  ]
}

/** The names of those pages, which are the same for every taker but for their order. */
export function pageNames(questionnaire: Questionnaire): string[] {
  const anyOrder = questionnaire.blocks.map((_, block) => ({ block, statements: [] }))
  return stepsOf(questionnaire, anyOrder).map(({ name }) => name)
}

/** The ids of the step's questions that have no answer yet. */
export function unanswered(step: Step, answers: Answers): string[] {
  switch (step.kind) {
    case 'items':
      return step.items.map(({ id }) => id).filter((id) => answers.items[id] === undefined)
    case 'block':
      return answers.blocks[step.block.id] ? [] : [step.block.id]
    case 'habits':
      return step.habits.kinds.map(({ id }) => id).filter((id) => answers.habits[id] === undefined)
  }
}
