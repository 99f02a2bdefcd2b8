import type { Database } from '../engine/client.ts'
import { type By, record } from './audit.ts'

export type Groups = ReturnType<typeof groupsIn>

/** People who take the quiz under one join link. Days are YYYY-MM-DD. */
export type Group = {
  id: string
  name: string
  openedOn: string
  /** The last day on which somebody can join. */
  closesOn: string
  revokedOn: string | null
}

/** Groups, found by the hash of their join link. They are never deleted: their results count in them for ever. */
export function groupsIn({ read, write }: Database) {
  const select = { id: true, name: true, openedOn: true, closesOn: true, revokedOn: true } as const
  return {
    /** Every group, newest first. */
    async all(): Promise<Group[]> {
      return read.group.findMany({ select, orderBy: [{ openedOn: 'desc' }, { name: 'asc' }] })
    },

    /** Opens a group, unless there is one under this link already: then the same form was sent twice. */
    async open(group: Omit<Group, 'revokedOn'>, tokenHash: string, by: By): Promise<void> {
      await write(async (transaction) => {
        if (await transaction.group.findUnique({ where: { tokenHash } })) return
        await transaction.group.create({ data: { ...group, tokenHash } })
        await record(transaction, by, 'group-opened', group.name)
      })
    },

    async find(id: string): Promise<Group | null> {
      return read.group.findUnique({ where: { id }, select })
    },

    /** The group of a join link, whether or not it can still be joined. */
    async byJoinLink(tokenHash: string): Promise<Group | null> {
      return read.group.findUnique({ where: { tokenHash }, select })
    },

    /** Whether somebody can join a group on this day. */
    isOpen({ closesOn, revokedOn }: Group, day: string): boolean {
      return revokedOn === null && day <= closesOn
    },

    /** Ends the joining, once. Resolves to whether this call did. */
    async revoke(id: string, day: string, by: By): Promise<boolean> {
      return write(async (transaction) => {
        const group = await transaction.group.findFirst({ where: { id, revokedOn: null } })
        if (!group) return false
        await transaction.group.update({ where: { id }, data: { revokedOn: day } })
        await record(transaction, by, 'group-closed', group.name)
        return true
      })
    }
  }
}
