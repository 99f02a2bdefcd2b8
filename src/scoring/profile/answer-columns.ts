import { type Column, emptyColumn } from '../numerics/orthant-nodes.ts'
import type { AddLogLikelihood } from './likelihood.ts'
import type { Choice, Duel, Response } from './response.ts'

/** One answer of a response: to a block, or to a duel. */
export type Answer =
  | { block: number; choice: Choice }
  | { duel: number; winner: Duel['winner']; loser: Duel['loser'] }

/** The answers of a response: its blocks in their order, then its duels. */
export function answersOf({ choices, duels = [] }: Response): Answer[] {
  return [
    ...choices.flatMap((choice, block) => (choice === null ? [] : [{ block, choice }])),
    ...duels.map(({ winner, loser }, duel) => ({ duel, winner, loser }))
  ]
}

/**
 * Returns what a response is begun with: a function that gives the log-probability of one answer at every node. Answers
 * that mean the same get the same array, which is computed once and must not be changed.
 *
 * @param count how many nodes there are
 * @param alike whether the statements of all blocks are equally attractive, so that it does not matter which block: then
 *   there are 24 arrays at most, which are kept for all responses
 */
export function answerColumns(addLogLikelihood: AddLogLikelihood, count: number, alike: boolean) {
  const logs = emptyColumn(count)

  function columns(): (answer: Answer) => Column {
    const known = new Map<string, Column>()
    return (answer) => {
      const key = keyOf(answer, alike)
      const found = known.get(key)
      if (found) return found
      logs.fill(0)
      addLogLikelihood(logs, [responseOf(answer)])
      // A copy takes a fraction of the time of a column that is filled with nothing.
      const column = logs.slice()
      known.set(key, column)
      return column
    }
  }
  const ofAll = alike ? columns() : null
  return () => ofAll ?? columns()
}

function keyOf(answer: Answer, alike: boolean): string {
  if ('choice' in answer) {
    const { most, least } = answer.choice
    return `${alike ? '' : answer.block}:${most}>${least}`
  }
  const place = ({ block, archetype }: Duel['winner']) => (alike ? archetype : `${block}.${archetype}`)
  return `${place(answer.winner)}|${place(answer.loser)}`
}

function responseOf(answer: Answer): Response {
  if ('duel' in answer) return { choices: [], duels: [answer] }
  const choices: (Choice | null)[] = Array.from({ length: answer.block }, () => null)
  return { choices: [...choices, answer.choice] }
}
