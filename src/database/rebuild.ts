import { isDeepStrictEqual } from 'node:util'
import { added, type Counts } from '../tallies/counts.ts'
import type { Database } from './client.ts'
import { parsed, type TallyOf } from './results.ts'
import { type Atom, atomOf } from './tallies.ts'

const atOnce = 1000

/**
 * Computes every tally again from the rows: results, drafts, and how far abandoned drafts came. Writes those that
 * differ and resolves to them; people are named nowhere. Meant for a service that is stopped: what changes meanwhile
 * is not seen.
 */
export async function rebuildTallies(database: Database, tallyOf: TallyOf): Promise<Atom[]> {
  const sums = new Map<string, { atom: Atom; counts: Counts; people: number }>()
  const add = (atom: Atom, counts: Counts, people = 1) => {
    const key = keyOf(atom)
    const sum = sums.get(key)
    sums.set(key, { atom, counts: added(sum?.counts ?? {}, counts), people: (sum?.people ?? 0) + people })
  }

  for (let after = ''; ; ) {
    const rows = await database.read.result.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: atOnce,
      include: { group: true }
    })
    for (const row of rows) {
      const atom = atomOf('results', row.questionnaireVersion, row.completedOn, row.group)
      add(atom, tallyOf({ ...parsed(row), finding: row.finding, path: row.path }))
    }
    const last = rows.at(-1)
    if (!last) break
    after = last.id
  }

  const groups = new Map((await database.read.group.findMany()).map((group) => [group.id, group]))
  const drafts = await database.read.attempt.groupBy({
    by: ['questionnaireVersion', 'startedOn', 'groupId', 'reached'],
    _count: true
  })
  for (const { questionnaireVersion, startedOn, groupId, reached, _count } of drafts) {
    const group = groups.get(groupId ?? '') ?? null
    add(atomOf('drafts', questionnaireVersion, startedOn, group), { reached: { [reached]: _count } }, _count)
  }
  for (const { reached, count, ...atom } of await database.read.abandoned.findMany()) {
    add({ kind: 'drafts', ...atom }, { reached: { [reached]: count } }, count)
  }

  return database.write(async (transaction) => {
    const stored = await transaction.tally.findMany()
    // A tally that came to nothing may have a row or none.
    for (const { counts: _c, people: _n, ...atom } of stored) add(atom as Atom, {}, 0)
    const before = new Map(stored.map((row) => [keyOf(row as Atom), row]))
    const different: Atom[] = []
    for (const [key, { atom, counts, people }] of sums) {
      const row = before.get(key)
      const same = isDeepStrictEqual(row ? JSON.parse(row.counts) : {}, counts)
      if (same && (row?.people ?? 0) === people) continue
      different.push(atom)
      const sum = JSON.stringify(counts)
      await transaction.tally.upsert({
        where: { kind_questionnaireVersion_month_groupId: atom },
        create: { ...atom, counts: sum, people },
        update: { counts: sum, people }
      })
    }
    return different
  })
}

/** Whether there are results but no tallies, as in a database from before there were any. */
export async function isUntallied({ read }: Database): Promise<boolean> {
  return (await read.tally.findFirst()) === null && (await read.result.findFirst()) !== null
}

function keyOf({ kind, questionnaireVersion, month, groupId }: Atom): string {
  return [kind, questionnaireVersion, month, groupId].join(' ')
}
