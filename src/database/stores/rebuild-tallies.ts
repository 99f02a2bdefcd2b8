import { isDeepStrictEqual } from 'node:util'
import { type Database, isEmpty, type Transaction } from '../engine/client.ts'
import { parsed, type TallyOf } from './results.ts'
import { type Atom, atomOf, type Change, joining, keyOf, summed } from './tallies.ts'

const atOnce = 1000

/**
 * Computes every tally again from the rows: results, drafts, and how far abandoned drafts came. Writes those that
 * differ and resolves to them; people are named nowhere. Meant for a service that is stopped: what changes meanwhile
 * is not seen.
 */
export async function rebuildTallies(database: Database, tallyOf: TallyOf): Promise<Atom[]> {
  const sums = await countedAgain(database, tallyOf)
  return database.write((transaction) => correct(transaction, sums))
}

/**
 * Counts for the first time, in a database with results from before there were tallies, or from before tallies held what
 * they do now. Of several processes that start at once, one does: whoever sees tallies of results leaves them alone, as
 * they may have changed since.
 */
export async function firstTally(database: Database, tallyOf: TallyOf): Promise<void> {
  const isUntallied = async ({ tally }: Pick<Transaction, 'tally'>) =>
    (await tally.findFirst({ where: { kind: 'results' } })) === null
  // In this order: whoever stores the first result stores its tally with it.
  if ((await isEmpty(database, 'Result')) || !(await isUntallied(database.read))) return
  const sums = await countedAgain(database, tallyOf)
  await database.write(async (transaction) => {
    if (await isUntallied(transaction)) await correct(transaction, sums)
  })
}

/** What the rows come to, by atom. */
async function countedAgain(database: Database, tallyOf: TallyOf): Promise<Map<string, Change>> {
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

  return sums
}

/** Writes the tallies that differ from these, and resolves to them. */
async function correct(transaction: Transaction, sums: Map<string, Change>): Promise<Atom[]> {
  const stored = await transaction.tally.findMany()
  const before = new Map(stored.map((row) => [keyOf(row as Atom), row]))
  // A tally that came to nothing may have a row or none.
  const nothing = stored.map(({ counts: _c, people: _n, ...atom }) => ({
    atom: atom as Atom,
    counts: {},
    people: 0
  }))
  const different: Atom[] = []
  for (const [key, { atom, counts, people }] of summed([...nothing, ...sums.values()])) {
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
}
