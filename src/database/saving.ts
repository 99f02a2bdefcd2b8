import type { Answers } from '../content/answers.ts'
import type { Transaction } from './client.ts'
import { Prisma } from './generated/sqlite/client.ts'
import { type Atom, atomOf, type Change, count } from './tallies.ts'

const { join, sql } = Prisma

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

/** The progress of these drafts, by id; of those that are there. */
export async function progressOf(
  transaction: Transaction,
  ids: readonly string[]
): Promise<Map<string, Progress>> {
  const rows = await transaction.attempt.findMany({
    where: { id: { in: [...ids] } },
    select: {
      id: true,
      questionnaireVersion: true,
      startedOn: true,
      reached: true,
      revision: true,
      group: { select: { id: true, openedOn: true } }
    }
  })
  return new Map(
    rows.map(({ startedOn, ...row }) => [
      row.id,
      { ...row, atom: atomOf('drafts', row.questionnaireVersion, startedOn, row.group) }
    ])
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

async function writeProgress(transaction: Transaction, many: { draft: Progress; day: string }[]) {
  const values = many.map(({ draft, day }) => sql`(${draft.id}, ${day}, ${draft.reached}, ${draft.revision})`)
  await transaction.$executeRaw`
    UPDATE "Attempt" SET
      "savedOn" = "now".column2,
      "reached" = CAST("now".column3 AS INTEGER),
      "revision" = CAST("now".column4 AS INTEGER)
    FROM (VALUES ${join(values)}) AS "now" WHERE "Attempt"."id" = "now".column1`
}

async function writePages(transaction: Transaction, many: Saving[]) {
  const values = many.map(
    ({ id, page }) => sql`(${id}, ${page.name}, ${JSON.stringify(page.answers)}, ${page.seconds})`
  )
  await transaction.$executeRaw`
    INSERT INTO "SavedPage" ("attemptId", "page", "answers", "seconds") VALUES ${join(values)}
    ON CONFLICT ("attemptId", "page") DO UPDATE SET "answers" = excluded."answers"`
}
