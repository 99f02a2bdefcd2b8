import type { Transaction } from '../engine/client.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { insert, type NewResult, type TallyOf } from './results.ts'
import { progressOf, type Saving, savePages } from './save-pages.ts'
import { atomOf, type Change, count, joining, leaving } from './tallies.ts'

const { join } = Prisma

/** A draft to be completed: its last page, and the result that was made of the revision that was read, if any. */
export type Completing = Saving & { revision: number; result: NewResult | null }

/** Whether there is a result now; or the draft has changed since it was read. */
export type Outcome = boolean | 'changed'

/**
 * Turns drafts into results, each once. Where something is missing for a result, the last page is saved all the same.
 * A draft that has changed meanwhile is left as it is.
 */
export async function completeDrafts(
  transaction: Transaction,
  many: readonly Completing[],
  tallyOf: TallyOf
): Promise<Outcome[]> {
  const drafts = await progressOf(
    transaction,
    many.map(({ id }) => id)
  )
  const completed = await completedOf(
    transaction,
    many.map(({ id }) => id).filter((id) => !drafts.has(id))
  )
  const results: Parameters<typeof insert>[1][number][] = []
  const pages: Saving[] = []
  const changes: Change[] = []
  const outcomes = many.map(({ id, page, day, revision, result }): Outcome => {
    const draft = drafts.get(id)
    if (!draft || completed.has(id)) return completed.has(id)
    if (draft.revision !== revision) return 'changed'
    if (!result) {
      draft.revision += 1
      pages.push({ id, page, day })
      return false
    }
    completed.add(id)
    results.push({ ...result, id, completedOn: day, groupId: draft.group?.id ?? null })
    changes.push(leaving(draft.atom, { reached: { [draft.reached]: 1 } }))
    changes.push(joining(atomOf('results', draft.questionnaireVersion, day, draft.group), tallyOf(result)))
    return true
  })
  if (results.length > 0) {
    await Promise.all([
      transaction.$executeRaw`DELETE FROM "Attempt" WHERE "id" IN (${join(results.map(({ id }) => id))})`,
      insert(transaction, results),
      count(transaction, changes)
    ])
  }
  if (pages.length > 0) await savePages(transaction, pages)
  return outcomes
}

/** Those of these drafts of which there is a result. */
async function completedOf(transaction: Transaction, gone: string[]): Promise<Set<string>> {
  if (gone.length === 0) return new Set()
  const rows = await transaction.result.findMany({ where: { id: { in: gone } }, select: { id: true } })
  return new Set(rows.map(({ id }) => id))
}
