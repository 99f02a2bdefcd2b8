import type { Database } from './client.ts'

export type Admins = ReturnType<typeof adminsIn>

const minutes = 60 * 1000
const idle = 30 * minutes
const absolute = 12 * 60 * minutes
/** A session is noted as seen at most this often, so that reading a page seldom writes. */
const noted = 1 * minutes

/** Failures that cost nothing; after them, each doubles the wait. */
const freeFailures = 5
const longestWait = 15 * minutes

/** Accounts, sessions and failed logins. Times are milliseconds since 1970; session ids are hashes of tokens. */
export function adminsIn(database: Database) {
  return {
    /** Makes an account. Resolves to false if the name is taken. */
    async create(name: string, passwordHash: string, day: string): Promise<boolean> {
      return database.write(async (transaction) => {
        if (await transaction.admin.findUnique({ where: { name } })) return false
        await transaction.admin.create({ data: { name, passwordHash, createdOn: day } })
        return true
      })
    },

    async passwordHash(name: string): Promise<string | null> {
      const admin = await database.read.admin.findUnique({ where: { name } })
      return admin?.passwordHash ?? null
    },

    /** Begins a session, and forgets the account's failed logins and everybody's expired sessions. */
    async startSession(id: string, adminName: string, now: number): Promise<void> {
      await database.write(async (transaction) => {
        await transaction.loginFailures.deleteMany({ where: { name: adminName } })
        await transaction.session.deleteMany({ where: expired(now) })
        await transaction.session.create({
          data: { id, adminName, startedAt: new Date(now), seenAt: new Date(now) }
        })
      })
    },

    /** The name of the admin whose session this is, or null if there is none or it has expired. */
    async sessionOf(id: string, now: number): Promise<string | null> {
      const session = await database.read.session.findUnique({ where: { id } })
      if (!session) return null
      const seen = session.seenAt.getTime()
      if (now - seen > idle || now - session.startedAt.getTime() > absolute) return null
      if (now - seen > noted) {
        await database.write((transaction) =>
          transaction.session.updateMany({ where: { id }, data: { seenAt: new Date(now) } })
        )
      }
      return session.adminName
    },

    async endSession(id: string): Promise<void> {
      await database.write((transaction) => transaction.session.deleteMany({ where: { id } }))
    },

    /** Milliseconds until this name may try to log in again. */
    async waitOf(name: string, now: number): Promise<number> {
      const failures = await database.read.loginFailures.findUnique({ where: { name } })
      if (!failures || failures.count < freeFailures) return 0
      const wait = Math.min(longestWait, 1000 * 2 ** (failures.count - freeFailures))
      return Math.max(0, failures.lastAt.getTime() + wait - now)
    },

    /** Counts a failed login, whether or not the account exists, and forgets those of yesterday. */
    async noteFailure(name: string, now: number): Promise<void> {
      const lastAt = new Date(now)
      await database.write(async (transaction) => {
        await transaction.loginFailures.deleteMany({
          where: { lastAt: { lt: new Date(now - 24 * 60 * minutes) } }
        })
        await transaction.loginFailures.upsert({
          where: { name },
          create: { name, count: 1, lastAt },
          update: { count: { increment: 1 }, lastAt }
        })
      })
    }
  }
}

function expired(now: number) {
  return { OR: [{ seenAt: { lt: new Date(now - idle) } }, { startedAt: { lt: new Date(now - absolute) } }] }
}
