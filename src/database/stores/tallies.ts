import { added, type Counts } from '../../statistics/counts.ts'
import type { Transaction } from '../engine/client.ts'
import { Prisma } from '../generated/sqlite/client.ts'

const { join, sql } = Prisma

/**
 * What is counted together and published together: of one questionnaire version, the people without a group who
 * finished (or, of drafts, started) in one month; or one group, in the month in which it was opened.
 */
export type Atom = {
  kind: 'results' | 'drafts'
  questionnaireVersion: string
  /** YYYY-MM */
  month: string
  /** Empty for people without a group. */
  groupId: string
}

/** The atom of somebody who came on this day (YYYY-MM-DD). */
export function atomOf(
  kind: Atom['kind'],
  questionnaireVersion: string,
  day: string,
  group: { id: string; openedOn: string } | null
): Atom {
  return {
    kind,
    questionnaireVersion,
    month: (group?.openedOn ?? day).slice(0, 7),
    groupId: group?.id ?? ''
  }
}

/** What changes in one tally: these counts, and this many people who have come, or gone if negative. */
export type Change = { atom: Atom; counts: Counts; people: number }

/** Somebody is counted in an atom. */
export function joining(atom: Atom, counts: Counts): Change {
  return { atom, counts, people: 1 }
}

/** Somebody is not counted in an atom any more. */
export function leaving(atom: Atom, counts: Counts): Change {
  return { atom, counts: added({}, counts, -1), people: -1 }
}

/** Changes tallies within the transaction that changes the rows they are made of; each tally is written once. */
export async function count(transaction: Transaction, changes: readonly Change[]): Promise<void> {
  const sums = [...summed(changes).values()]
  if (sums.length === 0) return
  const rows = await transaction.$queryRaw<(Atom & { counts: string })[]>`
    SELECT "kind", "questionnaireVersion", "month", "groupId", "counts" FROM "Tally"
    WHERE ("kind", "questionnaireVersion", "month", "groupId")
      IN (VALUES ${join(sums.map(({ atom }) => sql`(${join(keysOf(atom))})`))})`
  const before = new Map(rows.map(({ counts, ...atom }) => [keyOf(atom), counts]))
  const values = sums.map(({ atom, counts, people }) => {
    const sum = JSON.stringify(added(JSON.parse(before.get(keyOf(atom)) ?? '{}'), counts))
    return sql`(${join([...keysOf(atom), sum, people])})`
  })
  await transaction.$executeRaw`
    INSERT INTO "Tally" ("kind", "questionnaireVersion", "month", "groupId", "counts", "people")
    VALUES ${join(values)}
    ON CONFLICT ("kind", "questionnaireVersion", "month", "groupId") DO UPDATE SET
      "counts" = excluded."counts", "people" = "Tally"."people" + excluded."people"`
}

/** The changes of each atom as one, under a key of the atom. */
export function summed(changes: Iterable<Change>): Map<string, Change> {
  const sums = new Map<string, Change>()
  for (const { atom, counts, people } of changes) {
    const sum = sums.get(keyOf(atom)) ?? { atom, counts: {}, people: 0 }
    sums.set(keyOf(atom), { atom, counts: added(sum.counts, counts), people: sum.people + people })
  }
  return sums
}

export function keyOf(atom: Atom): string {
  return keysOf(atom).join(' ')
}

function keysOf({ kind, questionnaireVersion, month, groupId }: Atom): string[] {
  return [kind, questionnaireVersion, month, groupId]
}
