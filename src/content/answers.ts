import type { Questionnaire } from './schema.ts'

/** The ids of the statements that a taker marked in one block. */
export type BlockAnswer = { most: string; least: string }

/** The ids of the two statements of one duel. */
export type Duel = { winner: string; loser: string }

/** What one person answered, by the ids of the questionnaire. */
export type Answers = {
  /** Path and hybrid items: 1 (much more like the left pole) to 5 (much more like the right one). */
  items: Record<string, number>
  blocks: Record<string, BlockAnswer>
  /** The tie-breaker's choices between two statements, where it was offered and used. */
  duels: Record<string, Duel>
  /** Habits: the band that was chosen for a kind of work. */
  habits: Record<string, string>
  /** Context: only what the taker chose to tell. */
  context: Record<string, string>
}

/** The order in which one taker sees the blocks, and the statements of each: indices into the questionnaire. */
export type Arrangement = { block: number; statements: number[] }[]

/** The answers of several pages as one; of two answers to the same question, the later page's. */
export function combined(pages: Partial<Answers>[]): Answers {
  const answers: Answers = { items: {}, blocks: {}, duels: {}, habits: {}, context: {} }
  for (const page of pages) {
    Object.assign(answers.items, page.items)
    Object.assign(answers.blocks, page.blocks)
    Object.assign(answers.duels, page.duels)
    Object.assign(answers.habits, page.habits)
    Object.assign(answers.context, page.context)
  }
  return answers
}

/** A fresh random order. `random` returns a number from 0 up to, but not including, 1. */
export function arrange(questionnaire: Questionnaire, random: () => number): Arrangement {
  const blocks = shuffled([...questionnaire.blocks.keys()], random)
  return blocks.map((block) => {
    const { statements } = questionnaire.blocks[block] as Questionnaire['blocks'][number]
    return { block, statements: shuffled([...statements.keys()], random) }
  })
}

/** Fisher and Yates. */
function shuffled<T>(values: T[], random: () => number): T[] {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[values[last], values[other]] = [values[other] as T, values[last] as T]
  }
  return values
}
