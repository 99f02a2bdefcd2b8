import { createHash } from 'node:crypto'
import type { Database, Transaction } from '../engine/client.ts'

export type Deletions = ReturnType<typeof deletionsIn>

/** What is remembered of a deletion: its key and the day. */
export type Deletion = { id: string; deletedOn: string }

/** What a deletion is remembered by: the id of a result or, of a note, also its number and day. */
export function keyOf(...parts: (string | number)[]): string {
  return createHash('sha256').update(parts.join(' ')).digest('base64url')
}

/** Remembers deletions, in their transaction, so that they can be repeated in a backup from before. */
export async function remember(transaction: Transaction, deletions: readonly Deletion[]): Promise<void> {
  for (const { id, deletedOn } of deletions) {
    await transaction.deletion.upsert({ where: { id }, create: { id, deletedOn }, update: {} })
  }
}

export async function isRemembered(transaction: Transaction, id: string): Promise<boolean> {
  return (await transaction.deletion.count({ where: { id } })) > 0
}

export function deletionsIn({ rows, write }: Database) {
  return {
    /** Forgets the deletions from before this day: then no backup may hold any more what was deleted. */
    async forgetBefore(day: string): Promise<void> {
      const some = await rows('SELECT 1 FROM "Deletion" WHERE "deletedOn" < ? LIMIT 1', day)
      if (some.length > 0)
        await write((transaction) => transaction.deletion.deleteMany({ where: { deletedOn: { lt: day } } }))
    }
  }
}
