import type { Condition } from './attempts.ts'
import { CROWDS } from './mix.ts'

/** Everything that fixes a simulation: the same settings give the same figures. */
export type Settings = {
  seed: number
  /** People per row, a multiple of {@link PEOPLE_PER_STEP}. */
  takers: number
  /** Sets of the questionnaire. */
  sets: number
}

/** A part of one row, of the blind clickers or of the crowds, that a worker can do by itself. */
export type Step = { row: number | 'clickers' | 'crowds'; part: number; settings: Settings }

/** The rows of the report: first the model's own view of how people mark, then another one. */
export const CONDITIONS: readonly Condition[] = [
  ...[0, 0.4, 0.8].flatMap((noise) => [0.7, 1, 1.5].map((s) => ({ s, noise, marking: 'in-turn' as const }))),
  ...[0.7, 1, 1.5].map((s) => ({ s, noise: 0.4, marking: 'at-once' as const }))
]

/** Every use of random numbers has a stream of its own. */
export const STREAMS = { attempts: 0, clickers: 1, floor: 2, path: 3, crowds: 4 }

/** People who answer the same made-up questionnaire, and the questionnaires of one step. */
export const PEOPLE_PER_QUESTIONNAIRE = 10
export const QUESTIONNAIRES_PER_STEP = 20
export const PEOPLE_PER_STEP = PEOPLE_PER_QUESTIONNAIRE * QUESTIONNAIRES_PER_STEP

/** In one questionnaire of four, everybody takes it twice. */
export const RETEST_EVERY = 4

/** Takers of a row for each crowd of a kind. */
const TAKERS_PER_CROWD = 1_000

/** A pick-one set takes 16 s against 20 s for MOST and LEAST (planning values): 15 of them for 12. */
export function longerPickOne(sets: number): number {
  return Math.round((sets * 20) / 16)
}

/** Every step of every row, and the crowds, each kind in turn. A quarter as many blind clickers do for all rows: none of their answers depends on s. */
export function stepsOf(settings: Settings): Step[] {
  const parts = settings.takers / PEOPLE_PER_STEP
  const rows = [...CONDITIONS.keys()].map((row) => ({ row, parts }))
  return [
    ...rows,
    { row: 'clickers' as const, parts: Math.ceil(parts / 4) },
    { row: 'crowds' as const, parts: CROWDS.length * Math.ceil((parts * PEOPLE_PER_STEP) / TAKERS_PER_CROWD) }
  ].flatMap(({ row, parts }) => Array.from({ length: parts }, (_, part) => ({ row, part, settings })))
}
