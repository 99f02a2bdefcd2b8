import BetterSqlite3 from 'better-sqlite3'
import { combined } from '../../src/content/answers.ts'
import type { Attempts, Begun, Page } from '../../src/database/stores/attempts.ts'
import type { NewResult, TallyOf } from '../../src/database/stores/results.ts'
import { atomOf } from '../../src/database/stores/tallies.ts'
import { added } from '../../src/statistics/counts.ts'

type Draft = Omit<Begun, 'arrangement'> & { arrangement: string; startedOn: string; reached: number }
type PageRow = { page: string; answers: string; seconds: number | null }

/**
 * What ours is measured against: the same store in plain better-sqlite3, with prepared statements on the main thread and
 * a durable transaction for every write.
 */
export function rawAttempts(
  file: string,
  tallyOf: TallyOf
): Pick<Attempts, 'begun' | 'answersOn' | 'find' | 'start' | 'save' | 'complete'> {
  const db = new BetterSqlite3(file)
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON'
  )
  const draft = db.prepare<[string], Draft>('SELECT * FROM "Attempt" WHERE "id" = ?')
  const pages = db.prepare<[string], PageRow>(
    'SELECT * FROM "SavedPage" WHERE "attemptId" = ? ORDER BY "page"'
  )
  const page = db
    .prepare<[string, string], string>(
      `SELECT coalesce(p."answers", '{}') FROM "Attempt" a
        LEFT JOIN "SavedPage" p ON p."attemptId" = a."id" AND p."page" = ? WHERE a."id" = ?`
    )
    .pluck()
  const touch = db.prepare(
    'UPDATE "Attempt" SET "savedOn" = ?, "reached" = ?, "revision" = "revision" + 1 WHERE "id" = ?'
  )
  const keep =
    db.prepare(`INSERT INTO "SavedPage" ("attemptId", "page", "answers", "seconds") VALUES (?, ?, ?, ?)
    ON CONFLICT ("attemptId", "page") DO UPDATE SET "answers" = excluded."answers"`)
  const begin =
    db.prepare(`INSERT INTO "Attempt" ("id", "questionnaireVersion", "arrangement", "startedOn", "savedOn")
    VALUES (?, ?, ?, ?, ?)`)
  const remove = db.prepare('DELETE FROM "Attempt" WHERE "id" = ?')
  const store =
    db.prepare(`INSERT INTO "Result" ("id", "viewHash", "manageHash", "questionnaireVersion", "scoringVersion",
    "completedOn", "arrangement", "answers", "seconds", "scores", "explanation", "finding", "path")
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const tally = db.prepare<[string, string, string], { counts: string }>(
    'SELECT "counts" FROM "Tally" WHERE "kind" = ? AND "questionnaireVersion" = ? AND "month" = ? AND "groupId" = \'\''
  )
  const keepTally = db.prepare(`INSERT INTO "Tally" VALUES (?, ?, ?, '', ?, ?)
    ON CONFLICT DO UPDATE SET "counts" = excluded."counts", "people" = "people" + excluded."people"`)

  function count(kind: 'drafts' | 'results', version: string, day: string, counts: object, people: number) {
    const { month } = atomOf(kind, version, day, null)
    const before = JSON.parse(tally.get(kind, version, month)?.counts ?? '{}')
    keepTally.run(kind, version, month, JSON.stringify(added(before, counts as never)), people)
  }
  function begun(id: string): Begun | null {
    const row = draft.get(id)
    return row ? { ...row, arrangement: JSON.parse(row.arrangement) } : null
  }
  function find(id: string) {
    const one = begun(id)
    if (!one) return null
    const rows = pages.all(id)
    return {
      ...one,
      answers: combined(rows.map(({ answers }) => JSON.parse(answers))),
      pages: new Map(rows.map(({ page, seconds }) => [page, seconds]))
    }
  }
  const save = db.transaction((id: string, { name, place, answers, seconds }: Page, day: string): boolean => {
    const row = draft.get(id)
    if (!row) return false
    const reached = Math.max(place, row.reached)
    touch.run(day, reached, id)
    if (reached > row.reached) {
      count(
        'drafts',
        row.questionnaireVersion,
        row.startedOn,
        { reached: { [reached]: 1, [row.reached]: -1 } },
        0
      )
    }
    keep.run(id, name, JSON.stringify(answers), seconds)
    return true
  })
  const complete = db.transaction((id: string, day: string, result: NewResult) => {
    const row = draft.get(id)!
    remove.run(id)
    const { viewHash, manageHash, questionnaireVersion, scoringVersion, finding, path } = result
    const json = [result.arrangement, result.answers, result.seconds, result.scores, result.explanation]
    store.run(
      ...[id, viewHash, manageHash, questionnaireVersion, scoringVersion, day],
      ...json.map((value) => JSON.stringify(value)),
      ...[finding, path]
    )
    count('drafts', questionnaireVersion, row.startedOn, { reached: { [row.reached]: -1 } }, -1)
    count('results', questionnaireVersion, day, tallyOf(result), 1)
    return true
  })
  return {
    begun: async (id) => begun(id),
    find: async (id) => find(id),
    answersOn: async (id, name) => page.get(name, id) ?? null,
    async start({ id, questionnaireVersion, arrangement }, day) {
      db.transaction(() => {
        begin.run(id, questionnaireVersion, JSON.stringify(arrangement), day, day)
        count('drafts', questionnaireVersion, day, { reached: { 0: 1 } }, 1)
      })()
    },
    save: async (id, one, day) => save(id, one, day),
    async complete(id, last, day, conclude) {
      save(id, last, day)
      return complete(id, day, (await conclude(find(id) as never)) as NewResult)
    }
  }
}
