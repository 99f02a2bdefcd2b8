import type { Database } from './client.ts'

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

    async open(group: Omit<Group, 'revokedOn'>, tokenHash: string): Promise<void> {
      await write((transaction) => transaction.group.create({ data: { ...group, tokenHash } }))
    },

    async find(id: string): Promise<Group | null> {
      return read.group.findUnique({ where: { id }, select })
    },

    /** The group of a join link, whether or not it can still be joined. */
    async byJoinLink(tokenHash: string): Promise<Group | null> {
      return read.group.findUnique({ where: { tokenHash }, select })
    },

    /** Ends the joining, once. Resolves to whether this call did. */
    async revoke(id: string, day: string): Promise<boolean> {
      const revoked = await write((transaction) =>
        transaction.group.updateMany({ where: { id, revokedOn: null }, data: { revokedOn: day } })
      )
      return revoked.count > 0
    }
  }
}
