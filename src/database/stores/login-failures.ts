import { createHmac } from 'node:crypto'
import { type Database, isEmpty, type Transaction } from '../engine/client.ts'
import { type By, record } from './audit.ts'

export type LoginFailures = ReturnType<typeof loginFailuresIn>

/** Whose password or code is tried, existing or not, and from which network. */
export type Attempt = { account: string; network: string }

const minute = 60 * 1000
const kept = 24 * 60 * minute

/** Failures that cost nothing; after them, each doubles the wait. */
const freeFailures = 5
const longestWait = 15 * minute

/**
 * Failed logins, counted for the account and for the network that they come from. One failure is forgiven with every
 * quarter of an hour, so that nobody is locked out for ever. Times are milliseconds since 1970.
 */
export function loginFailuresIn(database: Database) {
  return {
    /** Lets those who try at one account in different processes do so one after the other: so they count each other. */
    inTurn<Result>({ account }: Attempt, job: () => Promise<Result>): Promise<Result> {
      return database.inTurn(account, job)
    },

    /** Milliseconds until this may be tried. */
    async waitOf(attempt: Attempt, now: number): Promise<number> {
      const ids = await idsOf(database.read, attempt)
      const rows = await database.read.loginFailures.findMany({ where: { id: { in: ids } } })
      return Math.max(0, ...rows.map((row) => row.lastAt.getTime() + waitAfter(countAt(row, now)) - now))
    },

    async note(attempt: Attempt, by: By, what: 'password' | 'code'): Promise<void> {
      await database.write(async (transaction) => {
        for (const id of await idsOf(transaction, attempt)) {
          const row = await transaction.loginFailures.findUnique({ where: { id } })
          const failures = {
            count: (row ? countAt(row, by.at) : 0) + 1,
            lastAt: new Date(by.at),
            refused: false
          }
          await transaction.loginFailures.upsert({
            where: { id },
            create: { id, ...failures },
            update: failures
          })
        }
        await record(transaction, by, 'login-failed', what)
      })
    },

    /** Records that an attempt was refused, once between two failures: otherwise anybody could fill the log. */
    async noteRefusal(attempt: Attempt, by: By): Promise<void> {
      await database.write(async (transaction) => {
        const { count } = await transaction.loginFailures.updateMany({
          where: { id: { in: await idsOf(transaction, attempt) }, refused: false },
          data: { refused: true }
        })
        if (count > 0) await record(transaction, by, 'login-throttled')
      })
    },

    /** Erases what is older than a day. */
    async forgetOld(now: number): Promise<void> {
      if (await isEmpty(database, 'LoginFailures')) return
      const where = { lastAt: { lt: new Date(now - kept) } }
      if ((await database.read.loginFailures.count({ where })) === 0) return
      await database.erase((transaction) => transaction.loginFailures.deleteMany({ where }))
    }
  }
}

/** Forgets an account's failures. Those of the network stay: it may be trying other accounts as well. */
export async function forgive(transaction: Transaction, account: string): Promise<void> {
  const [id = ''] = await idsOf(transaction, { account, network: '' })
  await transaction.loginFailures.deleteMany({ where: { id } })
}

function countAt({ count, lastAt }: { count: number; lastAt: Date }, now: number): number {
  return Math.max(0, count - Math.floor((now - lastAt.getTime()) / longestWait))
}

function waitAfter(failures: number): number {
  return failures < freeFailures ? 0 : Math.min(longestWait, 1000 * 2 ** (failures - freeFailures))
}

/** The rows of an attempt. Whoever has the database without its key cannot tell the names and networks. */
async function idsOf(database: Pick<Transaction, 'secret'>, { account, network }: Attempt) {
  const { value } = await database.secret.findUniqueOrThrow({ where: { name: 'login-failures' } })
  const id = (text: string) => createHmac('sha256', value).update(text).digest('base64url')
  return [id(`account ${account}`), id(`network ${network}`)]
}
