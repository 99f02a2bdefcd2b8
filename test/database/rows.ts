import { existsSync, readFileSync } from 'node:fs'
import type { Answers } from '../../src/content/answers.ts'
import type { Database } from '../../src/database/engine/client.ts'
import { fileOf } from '../../src/database/engine/sqlite-connections.ts'
import { attemptsIn, type Page } from '../../src/database/stores/attempts.ts'
import type { NewResult } from '../../src/database/stores/results.ts'
import { content } from '../support/app.ts'

export const version = content.current.version
export const arrangement = [{ block: 1, statements: [2, 0, 3, 1] }]

const places = ['path-1', 'path-2', 'set-x', 'habits', 'context']

/** Nothing but heads: what a tally counts is tested with it. */
export const tallyOf = () => ({ people: 1 })

export function page(name: string, answers: Partial<Answers> = {}, seconds: number | null = null): Page {
  return { name, place: places.indexOf(name) + 1, answers, seconds }
}

/** A result whose links are named after its id. What a store does not look into is left simple. */
export function newResult(id: string, parts: Partial<NewResult> = {}): NewResult {
  return {
    viewHash: `view-${id}`,
    manageHash: `manage-${id}`,
    questionnaireVersion: version,
    scoringVersion: '1',
    arrangement,
    answers: { items: {}, blocks: {}, duels: {}, habits: {}, context: {} },
    seconds: { 'path-1': 12 },
    scores: { hybrid: { pendulum: 'high' } } as unknown as NewResult['scores'],
    explanation: null,
    finding: 'solver',
    path: 'balanced',
    ...parts
  }
}

export async function start(database: Database, id: string, day = '2026-11-01') {
  await attemptsIn(database, tallyOf).start({ id, questionnaireVersion: version, arrangement }, day)
}

/** Somebody's attempt from start to result. */
export async function complete(
  database: Database,
  id: string,
  day = '2026-11-01',
  parts?: Partial<NewResult>
) {
  await start(database, id, day)
  await attemptsIn(database, tallyOf).complete(id, page('context'), day, () => newResult(id, parts))
}

/** Which of a SQLite database's files hold these bytes. */
export function filesWith(url: string, bytes: string): string[] {
  const file = fileOf(url)
  const ends = ['', '-wal', '-shm'].filter((end) => existsSync(file + end))
  return ends.filter((end) => readFileSync(file + end).includes(bytes)).map((end) => `db${end}`)
}
