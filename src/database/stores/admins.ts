import type { Database, Transaction } from '../engine/client.ts'
import { type By, record } from './audit.ts'
import { forgive } from './login-failures.ts'
import { keepOnly, type Renewal } from './sessions.ts'

export type Admins = ReturnType<typeof adminsIn>

/** The password of an account, as its hash. One that was handed over opens the account only until a time. */
type Password = { hash: string; initialUntil?: number }

/** Accounts of admins. Times are milliseconds since 1970. */
export function adminsIn(database: Database) {
  return {
    /** Makes an account. Resolves to false if the name is taken. */
    async add(name: string, password: Password, by: By): Promise<boolean> {
      return database.write(async (transaction) => {
        if (await transaction.admin.findUnique({ where: { name } })) return false
        const createdOn = new Date(by.at).toISOString().slice(0, 10)
        await transaction.admin.create({ data: { name, createdOn, ...columnsOf(password) } })
        await record(transaction, by, 'account-added', name)
        return true
      })
    },

    async all() {
      const admins = await database.read.admin.findMany({ orderBy: { name: 'asc' } })
      return admins.map(({ name, createdOn, totpSecret, initialUntil }) => ({
        name,
        createdOn,
        hasTotp: totpSecret !== null,
        initialUntil: initialUntil?.getTime() ?? null
      }))
    },

    async find(name: string) {
      const admin = await database.read.admin.findUnique({
        where: { name },
        include: { _count: { select: { recoveryCodes: true } } }
      })
      return (
        admin && {
          passwordHash: admin.passwordHash,
          initialUntil: admin.initialUntil?.getTime() ?? null,
          totpSecret: admin.totpSecret,
          recoveryCodes: admin._count.recoveryCodes
        }
      )
    },

    /** Removes an account and its sessions, unless it is the last: nobody could log in any more. */
    async remove(name: string, by: By): Promise<'removed' | 'last' | 'unknown'> {
      return database.write(async (transaction) => {
        if (!(await transaction.admin.findUnique({ where: { name } }))) return 'unknown'
        if ((await transaction.admin.count()) === 1) return 'last'
        await transaction.admin.delete({ where: { name } })
        await record(transaction, by, 'account-removed', name)
        return 'removed'
      })
    },

    /** Gives an account a new password of its owner's, and ends its other sessions. */
    async changePassword(name: string, hash: string, session: Renewal, by: By): Promise<void> {
      await database.write(async (transaction) => {
        await transaction.admin.update({ where: { name }, data: columnsOf({ hash }) })
        await keepOnly(transaction, name, session, by.at)
        await forgive(transaction, name)
        await record(transaction, by, 'password-changed')
      })
    },

    /** Gives a locked-out account another password and takes its authenticator app away. False if there is none. */
    async reset(name: string, password: Password, by: By): Promise<boolean> {
      return database.write(async (transaction) => {
        const data = { ...columnsOf(password), ...withoutTotp }
        const { count } = await transaction.admin.updateMany({ where: { name }, data })
        if (count === 0) return false
        await transaction.recoveryCode.deleteMany({ where: { adminName: name } })
        await transaction.session.deleteMany({ where: { adminName: name } })
        await forgive(transaction, name)
        await record(transaction, by, 'account-reset', name)
        return true
      })
    },

    /** Turns the authenticator app on. The code that proved it was of time step `step`. */
    async turnTotpOn(
      name: string,
      { secret, step, recoveryCodes }: { secret: string; step: number; recoveryCodes: string[] },
      session: Renewal,
      by: By
    ): Promise<void> {
      await database.write(async (transaction) => {
        await transaction.admin.update({ where: { name }, data: { totpSecret: secret, totpStep: step } })
        await replaceCodes(transaction, name, recoveryCodes)
        await keepOnly(transaction, name, session, by.at)
        await record(transaction, by, 'totp-on')
      })
    },

    async turnTotpOff(name: string, session: Renewal, by: By): Promise<void> {
      await database.write(async (transaction) => {
        await transaction.admin.update({ where: { name }, data: withoutTotp })
        await replaceCodes(transaction, name, [])
        await keepOnly(transaction, name, session, by.at)
        await record(transaction, by, 'totp-off')
      })
    },

    /** Accepts the code of a time step, once: false if that code or a later one was accepted before. */
    async useTotpStep(name: string, step: number): Promise<boolean> {
      const unused = { OR: [{ totpStep: null }, { totpStep: { lt: step } }] }
      const { count } = await database.write((transaction) =>
        transaction.admin.updateMany({ where: { name, ...unused }, data: { totpStep: step } })
      )
      return count === 1
    },

    /** Accepts a recovery code, once: false if it is none of the account's. */
    async useRecoveryCode(name: string, hash: string, by: By): Promise<boolean> {
      return database.write(async (transaction) => {
        const { count } = await transaction.recoveryCode.deleteMany({ where: { adminName: name, hash } })
        if (count === 1) await record(transaction, by, 'recovery-code-used')
        return count === 1
      })
    },

    async renewRecoveryCodes(name: string, hashes: string[], by: By): Promise<void> {
      await database.write(async (transaction) => {
        await replaceCodes(transaction, name, hashes)
        await record(transaction, by, 'recovery-codes-renewed')
      })
    }
  }
}

const withoutTotp = { totpSecret: null, totpStep: null }

function columnsOf({ hash, initialUntil }: Password) {
  return {
    passwordHash: hash,
    initialUntil: initialUntil === undefined ? null : new Date(initialUntil)
  }
}

async function replaceCodes(transaction: Transaction, adminName: string, hashes: string[]): Promise<void> {
  await transaction.recoveryCode.deleteMany({ where: { adminName } })
  await transaction.recoveryCode.createMany({ data: hashes.map((hash) => ({ adminName, hash })) })
}
