import { added, type Counts } from '../tallies/counts.ts'
import type { Transaction } from './client.ts'

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

/**
 * Adds people to an atom's tally, or with sign −1 takes them away, within the transaction that changes their rows.
 * `people` says how many have come or gone: none where somebody who is in it has only got further.
 */
export async function count(
  transaction: Transaction,
  atom: Atom,
  counts: Counts,
  sign: 1 | -1 = 1,
  people = 1
): Promise<void> {
  const where = { kind_questionnaireVersion_month_groupId: atom }
  const row = await transaction.tally.findUnique({ where })
  const sum = JSON.stringify(added(row ? JSON.parse(row.counts) : {}, counts, sign))
  await transaction.tally.upsert({
    where,
    create: { ...atom, counts: sum, people: sign * people },
    update: { counts: sum, people: { increment: sign * people } }
  })
}
