import type { Questionnaire } from '../../content/schema.ts'
import { about, added, type Counts, countAt } from '../../statistics/counts.ts'
import { firstOf } from '../../statistics/mix.ts'
import { medianOf } from '../../statistics/seconds.ts'
import {
  type Estimate,
  medianSeconds,
  peopleForStatements,
  reliabilityOf,
  type StatementStatistics,
  statementsOf
} from '../../statistics/statements.ts'
import { type Cell, suppressed, suppressedLine, type Table } from '../../statistics/suppression.ts'
import { measuredIn, notSaid } from '../../statistics/tally.ts'
import type { Database, Transaction } from '../engine/client.ts'
import type { Atom } from './tallies.ts'

export type Aggregates = ReturnType<typeof aggregatesIn>

/** What people are counted by. */
export type Categories = {
  findings: readonly string[]
  paths: readonly string[]
  archetypes: readonly string[]
}

/** People who are told of together: all of a month without a group, or all of one group. */
export type Part = { month: string; groupId: string }

/** Two tables over the same rows: by finding and by path, with what may be shown of them. */
export type Mix<Row> = { rows: Row[]; findings: Table; paths: Table }

/** The figures of one version. Counts of fewer people than the minimum are in none of them. */
export type Overview = {
  /** As they are now; everything else is as it was published last. */
  completions: number
  drafts: number
  /** How many completions the published figures hold, and the latest day on which any of them was renewed. */
  published: number
  renewedOn: string | null
  parts: Mix<Part>
  /** How many have begun, of whom so many have finished. */
  began: number
  medianSeconds: number | null
  /** For how many each archetype is truly first; null for too few people to say. */
  first: ReturnType<typeof firstOf>
}

export type Breakdown = Mix<string> & { question: string }

/** How people came through the pages, in their order. The overview tells how many finished, so nothing can hide that here. */
export type DropOff = {
  began: number
  pages: { left: Cell; medianSeconds: number | null }[]
  finished: number
}

export type Statements = {
  /** To the ten below: the exact number would tell how few were left out. */
  measured: number
  /** Null for too few people to say anything about single statements. */
  statements: (StatementStatistics & { medianSeconds: number | null })[] | null
  reliability: Estimate | null
  /** Who is left out of all this, if they are not too few for that; and those, in or out, without a stable pattern. */
  careless: { sign: 'left-out' | 'no-stable-pattern'; people: Cell }[]
}

/**
 * Aggregates for whoever runs the site, from published copies of the tallies: however many results there are, they
 * take as long. An atom's copy is renewed only when it is about at least `minimum` people more, or fewer, than before,
 * and every figure is a sum of such copies: so none changes by fewer people than that. That so many have come and gone
 * is not enough: it could be one person, finishing and deleting again and again beside the one who is watched.
 */
export function aggregatesIn(database: Database, minimum: number, categories: Categories) {
  const enough = Math.max(peopleForStatements, minimum)

  /** The tallies whose copies are old enough, or are not there. */
  async function dueIn(from: Transaction, where: { kind: string; questionnaireVersion: string }) {
    const [tallies, taken] = await Promise.all([
      from.tally.findMany({ where }),
      from.snapshot.findMany({ where })
    ])
    const before = new Map(taken.map((row) => [`${row.month} ${row.groupId}`, row.people]))
    return tallies.filter(
      ({ month, groupId, people }) => Math.abs(people - (before.get(`${month} ${groupId}`) ?? 0)) >= minimum
    )
  }

  /** The copies of one kind, renewed where enough has changed. */
  async function copies(kind: Atom['kind'], questionnaireVersion: string, day: string) {
    const where = { kind, questionnaireVersion }
    if ((await dueIn(database.read, where)).length > 0) {
      // Looked at again in its turn: whoever was before may have renewed them, from a later tally.
      await database.write(async (transaction) => {
        for (const { counts, people, ...atom } of await dueIn(transaction, where)) {
          await transaction.snapshot.upsert({
            where: { kind_questionnaireVersion_month_groupId: atom },
            create: { ...atom, counts, people, takenOn: day },
            update: { counts, people, takenOn: day }
          })
        }
      })
    }
    const rows = await database.read.snapshot.findMany({
      where,
      orderBy: [{ month: 'asc' }, { groupId: 'asc' }]
    })
    return rows.map(({ month, groupId, takenOn, counts }) => ({
      month,
      groupId,
      takenOn,
      counts: JSON.parse(counts) as Counts
    }))
  }

  const total = (atoms: { counts: Counts }[]) =>
    atoms.reduce((sum, { counts }) => added(sum, counts), {} as Counts)

  /** Two tables over rows that each have their counts under these names. */
  function mixOf<Row>(rows: Row[], countsOf: (row: Row, ...names: string[]) => number): Mix<Row> {
    const by = (what: string, values: readonly string[]) =>
      suppressed(
        rows.map((row) => values.map((value) => countsOf(row, what, value))),
        minimum
      )
    return { rows, findings: by('finding', categories.findings), paths: by('path', categories.paths) }
  }

  return {
    minimum,

    async overview(questionnaire: Questionnaire, day: string): Promise<Overview> {
      const { version } = questionnaire
      const results = await copies('results', version, day)
      const drafts = await copies('drafts', version, day)
      const where = { questionnaireVersion: version }
      const [tallies, abandoned] = await Promise.all([
        database.read.tally.findMany({ where }),
        database.read.abandoned.aggregate({ where: { ...where, reached: { gt: 0 } }, _sum: { count: true } })
      ])
      const now = (kind: Atom['kind']) =>
        total(
          tallies.filter((row) => row.kind === kind).map(({ counts }) => ({ counts: JSON.parse(counts) }))
        )
      const begun = now('drafts')
      const all = total(results)
      const published = countAt(all, 'people')
      const times = all.total
      return {
        completions: countAt(now('results'), 'people'),
        drafts: people(begun) - countAt(begun, 'reached', 0) - (abandoned._sum.count ?? 0),
        published,
        renewedOn:
          results
            .map(({ takenOn }) => takenOn)
            .toSorted()
            .at(-1) ?? null,
        parts: mixOf(results, ({ counts }, ...names) => countAt(counts, ...names)),
        began: people(total(drafts)) + published,
        medianSeconds: published >= minimum && typeof times === 'object' ? medianOf(times as never) : null,
        first: firstOf(measuredIn(all, minimum), questionnaire, categories.archetypes, enough)
      }
    },

    /** By the answers to each optional question, of all people of the version. */
    async breakdowns(questionnaire: Questionnaire, day: string): Promise<Breakdown[]> {
      const all = total(await copies('results', questionnaire.version, day))
      return questionnaire.context.map(({ id, options }) => ({
        question: id,
        ...mixOf([...options.map((option) => option.id), notSaid], (option, ...names) =>
          countAt(all, 'context', id, option, ...names)
        )
      }))
    },

    /** @param pages of each place that a taker comes through, the names of the pages whose times count for it */
    async dropOff(version: string, pages: readonly string[][], day: string): Promise<DropOff> {
      const results = total(await copies('results', version, day))
      const drafts = total(await copies('drafts', version, day))
      const finished = countAt(results, 'people')
      const left = pages.map((_, index) => countAt(drafts, 'reached', index))
      // Whoever sent the last page with something missing before it is still on it.
      left[left.length - 1]! += people(drafts) - left.reduce((sum, count) => sum + count, 0)
      return {
        began: people(drafts) + finished,
        pages: suppressedLine(left, minimum).map((cell, index) => ({
          left: cell,
          medianSeconds: finished >= minimum ? medianSeconds(results, pages[index] ?? []) : null
        })),
        finished
      }
    },

    async statements(questionnaire: Questionnaire, day: string): Promise<Statements> {
      const counts = total(await copies('results', questionnaire.version, day))
      const all = measuredIn(counts, minimum)
      const measured = countAt(all, 'measured')
      const isEnough = measured >= enough
      const { archetypes } = categories
      const published = countAt(counts, 'people')
      const cellOf = (people: number) => suppressedLine([people, published - people], minimum)[0]!
      return {
        measured: isEnough ? about(measured) : 0,
        statements: isEnough
          ? statementsOf(all, questionnaire, archetypes, minimum).map((statement) => ({
              ...statement,
              answered: about(statement.answered),
              medianSeconds: medianSeconds(all, [`set-${statement.block}`])
            }))
          : null,
        reliability: isEnough ? reliabilityOf(all, archetypes) : null,
        careless: [
          { sign: 'left-out', people: cellOf(countAt(counts, 'aside', 'measured')) },
          { sign: 'no-stable-pattern', people: cellOf(countAt(counts, 'unstable')) }
        ]
      }
    }
  }
}

/** How many drafts a tally of drafts holds, wherever they came to. */
function people(drafts: Counts): number {
  const { reached } = drafts
  return typeof reached === 'object'
    ? Object.values(reached).reduce<number>((sum, count) => sum + Number(count), 0)
    : 0
}
