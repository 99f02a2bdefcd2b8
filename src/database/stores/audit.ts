import { createHash } from 'node:crypto'
import type { Database, Transaction } from '../engine/client.ts'
import type { AuditEntry as Entry } from '../generated/sqlite/client.ts'

export type Audit = ReturnType<typeof auditIn>
export type { Entry }

export type Action =
  | 'login'
  | 'login-failed'
  | 'login-throttled'
  | 'logout'
  | 'logout-everywhere'
  | 'password-changed'
  | 'totp-on'
  | 'totp-off'
  | 'recovery-code-used'
  | 'recovery-codes-renewed'
  | 'account-added'
  | 'account-removed'
  | 'account-reset'
  | 'aggregate-exported'
  | 'rows-exported'
  | 'group-opened'
  | 'group-closed'
  | 'results-expired'
  | 'drafts-expired'

/** Who does something, at which time (milliseconds since 1970), and in which request. */
export type By = { actor: string; at: number; requestId: string | null }

/** Done at the server by whoever can run commands there, or by the service itself: in no request. */
export function byServer(at: number): By {
  return { actor: '(server)', at, requestId: null }
}

/** What the first entry's hash is chained to. */
const start = '0'.repeat(64)

/**
 * Adds an entry to the audit log, in the transaction of what it tells of: either both are there or neither. `about`
 * names an account, a group or a number of results or drafts, never a person who took the quiz.
 */
export async function record(
  transaction: Transaction,
  { actor, at, requestId }: By,
  action: Action,
  about: string | null = null
): Promise<void> {
  const last = await transaction.auditEntry.findFirst({ orderBy: { number: 'desc' } })
  const entry = {
    number: (last?.number ?? 0) + 1,
    at: `${new Date(at).toISOString().slice(0, 19)}Z`,
    actor,
    action,
    about,
    requestId
  }
  await transaction.auditEntry.create({ data: { ...entry, hash: chained(last?.hash ?? start, entry) } })
}

/** SHA-256 over the hash before and the entry as JSON, its fields in the order of the alphabet. */
function chained(previous: string, entry: Omit<Entry, 'hash'>): string {
  const json = JSON.stringify(entry, ['about', 'action', 'actor', 'at', 'number', 'requestId'])
  return createHash('sha256').update(previous).update(json).digest('hex')
}

export function auditIn({ read, write }: Database) {
  return {
    /** Adds an entry for something that writes nothing else. */
    async note(by: By, action: Action, about: string | null = null): Promise<void> {
      await write((transaction) => record(transaction, by, action, about))
    },

    /** The newest entries, or the newest of those before the one with this number. */
    async entries(count: number, before?: number): Promise<Entry[]> {
      return read.auditEntry.findMany({
        where: before === undefined ? {} : { number: { lt: before } },
        orderBy: { number: 'desc' },
        take: count
      })
    },

    /**
     * Reads the whole log. `broken` is the number of the first entry that is missing or not what it was; `entries`
     * counts those before it, and `hash` is the last one's. That the newest entries were cut off does not show in
     * the log itself: hence `known`, whether a hash that was noted earlier is still in it.
     */
    async verify(noted?: string) {
      let hash = start
      let entries = 0
      let known = false
      for (;;) {
        const next = await read.auditEntry.findMany({
          where: { number: { gt: entries } },
          orderBy: { number: 'asc' },
          take: 1000
        })
        if (next.length === 0) return { entries, hash, broken: null, known }
        for (const entry of next) {
          const intact = entry.number === entries + 1 && entry.hash === chained(hash, entry)
          if (!intact) return { entries, hash, broken: entries + 1, known }
          entries++
          hash = entry.hash
          known ||= hash === noted
        }
      }
    }
  }
}
