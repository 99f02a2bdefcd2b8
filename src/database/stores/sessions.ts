import { type Database, isEmpty, type Transaction } from '../engine/client.ts'
import { type By, record } from './audit.ts'
import { forgive } from './login-failures.ts'

export type Sessions = ReturnType<typeof sessionsIn>
export type Session = NonNullable<Awaited<ReturnType<Sessions['of']>>>

/** A session that goes on under another id, so that the token of before is worth nothing. */
export type Renewal = { from: string; to: string }

const minutes = 60 * 1000
const idle = 30 * minutes
const absolute = 12 * 60 * minutes
/** How long the code of an authenticator app is awaited. */
const forCode = 10 * minutes
/** A session is noted as seen at most this often, so that reading a page seldom writes. */
const noted = 1 * minutes

/** Sessions of admins. Their ids are hashes of tokens; times are milliseconds since 1970. */
export function sessionsIn(database: Database) {
  return {
    /**
     * Begins a session, in place of the one that the browser came with, if any. Unless the code of an authenticator
     * app is still awaited, this is the login: it is recorded, and the account's failed logins are forgiven.
     */
    async start(
      id: string,
      adminName: string,
      by: By,
      { awaitsCode = false, replaces = null as string | null } = {}
    ): Promise<void> {
      const now = new Date(by.at)
      await database.write(async (transaction) => {
        if (replaces !== null) await transaction.session.deleteMany({ where: { id: replaces } })
        await transaction.session.create({
          data: { id, adminName, startedAt: now, seenAt: now, confirmedAt: now, awaitsCode }
        })
        if (awaitsCode) return
        await forgive(transaction, adminName)
        await record(transaction, by, 'login')
      })
    },

    /** The session with this id, and what its admin has still to set up; null if there is none or it has expired. */
    async of(id: string, now: number) {
      const session = await database.read.session.findUnique({ where: { id }, include: { admin: true } })
      if (!session) return null
      const seen = session.seenAt.getTime()
      const started = session.startedAt.getTime()
      if (now - seen > idle || now - started > (session.awaitsCode ? forCode : absolute)) return null
      if (now - seen > noted) {
        await database.write((transaction) =>
          transaction.session.updateMany({ where: { id }, data: { seenAt: new Date(now) } })
        )
      }
      return {
        id,
        name: session.adminName,
        confirmedAt: session.confirmedAt.getTime(),
        awaitsCode: session.awaitsCode,
        hasInitialPassword: session.admin.initialUntil !== null,
        hasTotp: session.admin.totpSecret !== null
      }
    },

    /** Notes that the password was asked for again, and was right. */
    async confirm(name: string, renewal: Renewal, now: number): Promise<void> {
      await database.write(async (transaction) => {
        await renew(transaction, renewal, now)
        await forgive(transaction, name)
      })
    },

    async end(id: string, by: By): Promise<void> {
      await database.write(async (transaction) => {
        await transaction.session.deleteMany({ where: { id, awaitsCode: true } })
        const { count } = await transaction.session.deleteMany({ where: { id } })
        if (count > 0) await record(transaction, by, 'logout')
      })
    },

    async endAll(adminName: string, by: By): Promise<void> {
      await database.write(async (transaction) => {
        await transaction.session.deleteMany({ where: { adminName } })
        await record(transaction, by, 'logout-everywhere')
      })
    },

    async forgetExpired(now: number): Promise<void> {
      if (await isEmpty(database, 'Session')) return
      const before = (age: number) => ({ lt: new Date(now - age) })
      await database.write((transaction) =>
        transaction.session.deleteMany({
          where: {
            OR: [
              { seenAt: before(idle) },
              { startedAt: before(absolute) },
              { awaitsCode: true, startedAt: before(forCode) }
            ]
          }
        })
      )
    }
  }
}

async function renew(transaction: Transaction, { from, to }: Renewal, now: number): Promise<void> {
  await transaction.session.updateMany({
    where: { id: from },
    data: { id: to, confirmedAt: new Date(now) }
  })
}

/** Ends an admin's other sessions. */
export async function keepOnly(
  transaction: Transaction,
  adminName: string,
  renewal: Renewal,
  now: number
): Promise<void> {
  await transaction.session.deleteMany({ where: { adminName, id: { not: renewal.from } } })
  await renew(transaction, renewal, now)
}
