import type { Content } from '../../content/load.ts'
import { archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Note, Result } from '../../database/stores/results.ts'
import { findingOf } from './finding.ts'

/** Everything stored about a result, for its owner, with the questions' own words. */
export function downloadOf(
  result: Result,
  notes: readonly Note[],
  group: string | null,
  questionnaire: Questionnaire,
  content: Content
) {
  const { answers } = result
  const all = questionnaire.blocks.flatMap(({ statements }) => statements)
  const textOf = (id?: string) => all.find((statement) => statement.id === id)?.text ?? null
  const poles = [
    'much more left',
    'a little more left',
    'in between',
    'a little more right',
    'much more right'
  ]
  return {
    product: 'Staff Bearings',
    finding: findingOf(result.scores, content).finding,
    completedOn: result.completedOn,
    group,
    questionnaireVersion: result.questionnaireVersion,
    scoringVersion: result.scoringVersion,
    archetypeOrder: archetypes,
    scores: result.scores,
    explanation: result.explanation,
    notes: notes.map(({ writtenOn, text }) => ({ writtenOn, text })),
    blocks: questionnaire.blocks.map(({ id, situation }) => ({
      id,
      situation,
      most: textOf(answers.blocks[id]?.most),
      least: textOf(answers.blocks[id]?.least)
    })),
    items: [...questionnaire.lean, ...questionnaire.hybrid].map(({ id, stem, left, right }) => ({
      id,
      question: stem,
      left: left.text,
      right: right.text,
      answer: poles[(answers.items[id] ?? 0) - 1] ?? null
    })),
    habits: questionnaire.habits.kinds.map(({ id, text }) => ({
      id,
      kind: text,
      answer: questionnaire.habits.bands.find((band) => band.id === answers.habits[id])?.label ?? null
    })),
    sixMore: Object.values(answers.duels).map(({ winner, loser }) => ({
      chosen: textOf(winner),
      over: textOf(loser)
    })),
    context: answers.context,
    secondsPerPage: result.seconds,
    orderShown: result.arrangement
  }
}
