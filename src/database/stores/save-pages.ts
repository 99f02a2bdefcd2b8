import type { Answers } from '../../content/answers.ts'
import type { Transaction } from '../engine/client.ts'
import { type Atom, atomOf, type Change, count } from './tallies.ts'

/** One page of answers, as it was sent; `place` is its number among the pages of this taker, from 1. */
export type Page = { name: string; place: number; answers: Partial<Answers>; seconds: number | null }

/** A page to be saved in a draft, on this day (YYYY-MM-DD). */
export type Saving = { id: string; page: Page; day: string }

/** What of a draft changes as its pages are saved, and where it is counted. */
export type Progress = {
  id: string
  questionnaireVersion: string
  reached: number
  revision: number
  atom: Atom
  group: { id: string; openedOn: string } | null
}

type Row = Omit<Progress, 'atom' | 'group'> & { startedOn: string; groupId: string | null; openedOn: string }

/** The progress of these drafts, by id; of those that are there. */
export async function progressOf(
  transaction: Transaction,
  ids: readonly string[]
): Promise<Map<string, Progress>> {
  const rows = await transaction.$queryRaw<Row[]>`
    SELECT a."id", a."questionnaireVersion", a."startedOn", a."reached", a."revision", a."groupId", g."openedOn"
    FROM json_each(${JSON.stringify(Object.fromEntries(ids.map((id) => [id, null])))}) AS one
    JOIN "Attempt" a ON a."id" = one."key" LEFT JOIN "Group" g ON g."id" = a."groupId"`
  return new Map(
    rows.map(({ startedOn, groupId, openedOn, ...row }) => {
      const group = groupId === null ? null : { id: groupId, openedOn }
      return [row.id, { ...row, group, atom: atomOf('drafts', row.questionnaireVersion, startedOn, group) }]
    })
  )
}

/**
 * Saves pages, in this order. One that was saved before is replaced, but keeps the time of the first reading. Resolves,
 * for each, to whether there is such a draft.
 */
export async function savePages(transaction: Transaction, many: readonly Saving[]): Promise<boolean[]> {
  const drafts = await progressOf(
    transaction,
    many.map(({ id }) => id)
  )
  const saved = new Map<string, { draft: Progress; day: string }>()
  const pages = new Map<string, Saving>()
  const changes: Change[] = []
  for (const saving of many) {
    const { id, page, day } = saving
    const draft = drafts.get(id)
    if (!draft) continue
    if (page.place > draft.reached) {
      const counts = { reached: { [page.place]: 1, [draft.reached]: -1 } }
      changes.push({ atom: draft.atom, counts, people: 0 })
      draft.reached = page.place
    }
    draft.revision += 1
    saved.set(id, { draft, day })
    const key = `${id} ${page.name}`
    const seconds = pages.has(key) ? pages.get(key)!.page.seconds : page.seconds
    pages.set(key, { ...saving, page: { ...page, seconds } })
  }
  if (saved.size > 0) {
    await Promise.all([
      writeProgress(transaction, [...saved.values()]),
      writePages(transaction, [...pages.values()]),
      count(transaction, changes)
    ])
  }
  return many.map(({ id }) => drafts.has(id))
}

// Both databases take rows apart themselves: a parameter for each value would take the thread that writes, and this one,
// longer to hand over than the rows to be written.
async function writeProgress(transaction: Transaction, many: { draft: Progress; day: string }[]) {
  const rows = many.map(({ draft, day }) => [draft.id, [day, draft.reached, draft.revision]])
  await transaction.$executeRaw`
    UPDATE "Attempt" SET
      "savedOn" = one.value ->> 0,
      "reached" = CAST(one.value ->> 1 AS INTEGER),
      "revision" = CAST(one.value ->> 2 AS INTEGER)
    FROM json_each(${JSON.stringify(Object.fromEntries(rows))}) AS one WHERE "Attempt"."id" = one."key"`
}

async function writePages(transaction: Transaction, many: Saving[]) {
  const rows = many.map(({ id, page }) => [id, page.name, page.answers, page.seconds])
  await transaction.$executeRaw`
    INSERT INTO "SavedPage" ("attemptId", "page", "answers", "seconds")
    SELECT one.value ->> 0, one.value ->> 1, one.value ->> 2, CAST(one.value ->> 3 AS INTEGER)
    FROM json_each(${JSON.stringify({ ...rows })}) AS one WHERE true
    ON CONFLICT ("attemptId", "page") DO UPDATE SET "answers" = excluded."answers"`
}
