import { isDeepStrictEqual } from 'node:util'
import { type Database, isEmpty } from './client.ts'
import { parsed, type TallyOf } from './results.ts'
import { type Atom, atomOf, type Change, joining, keyOf, summed } from './tallies.ts'

const atOnce = 1000

/**
 * Computes every tally again from the rows: results, drafts, and how far abandoned drafts came. Writes those that
 * differ and resolves to them; people are named nowhere. Meant for a service that is stopped: what changes meanwhile
 * is not seen.
 */
export async function rebuildTallies(database: Database, tallyOf: TallyOf): Promise<Atom[]> {
  let sums = new Map<string, Change>()
  const add = (changes: readonly Change[]) => {
    sums = summed([...sums.values(), ...changes])
  }

  for (let after = ''; ; ) {
    const rows = await database.read.result.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: atOnce,
      include: { group: true }
    })
    add(
      rows.map((row) =>
        joining(
          atomOf('results', row.questionnaireVersion, row.completedOn, row.group),
          tallyOf({ ...parsed(row), finding: row.finding, path: row.path })
        )
      )
    )
    const last = rows.at(-1)
    if (!last) break
    after = last.id
  }

  const groups = new Map((await database.read.group.findMany()).map((group) => [group.id, group]))
  const drafts = await database.read.attempt.groupBy({
    by: ['questionnaireVersion', 'startedOn', 'groupId', 'reached'],
    _count: true
  })
  add(
    drafts.map(({ questionnaireVersion, startedOn, groupId, reached, _count }) => ({
      atom: atomOf('drafts', questionnaireVersion, startedOn, groups.get(groupId ?? '') ?? null),
      counts: { reached: { [reached]: _count } },
      people: _count
    }))
  )
  const abandoned = await database.read.abandoned.findMany()
  add(
    abandoned.map(({ reached, count, ...atom }) => ({
      atom: { kind: 'drafts', ...atom },
      counts: { reached: { [reached]: count } },
      people: count
    }))
  )

  return database.write(async (transaction) => {
    const stored = await transaction.tally.findMany()
    // A tally that came to nothing may have a row or none.
    add(stored.map(({ counts: _c, people: _n, ...atom }) => ({ atom: atom as Atom, counts: {}, people: 0 })))
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
export async function isUntallied(database: Database): Promise<boolean> {
  return (await isEmpty(database, 'Tally')) && !(await isEmpty(database, 'Result'))
}
