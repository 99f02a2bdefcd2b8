import { isDeepStrictEqual } from 'node:util'
import { type Answers, type Arrangement, combined } from '../content/answers.ts'
import { added, type Counts } from '../tallies/counts.ts'
import { type By, record } from './audit.ts'
import type { Database, Transaction } from './client.ts'
import type { Prisma } from './generated/sqlite/client.ts'
import { columnsOf, type NewResult, type TallyOf } from './results.ts'
import { type Atom, atomOf, count } from './tallies.ts'

export type Attempts = ReturnType<typeof attemptsIn>

/** A draft: what one person is asked, in which order, and what they have answered so far. */
export type Attempt = {
  id: string
  questionnaireVersion: string
  arrangement: Arrangement
  /** Everything answered so far, of all saved pages. */
  answers: Answers
  /** Names of the saved pages, with the seconds that each was on screen. */
  pages: Map<string, number | null>
  groupId: string | null
}

/** One page of answers, as it was sent; `place` is its number among the pages of this taker, from 1. */
export type Page = { name: string; place: number; answers: Partial<Answers>; seconds: number | null }

/** An attempt that was made elsewhere: a draft with its pages, or a completed one with its result. */
export type Brought = { id: string; day: string } & (
  | { draft: Pick<Attempt, 'questionnaireVersion' | 'arrangement'>; pages: readonly Page[] }
  | { result: NewResult }
)

/** Drafts. Days are YYYY-MM-DD; ids are hashes of the token in the taker's cookie. */
export function attemptsIn(database: Database, tallyOf: TallyOf) {
  return {
    async start(
      attempt: Pick<Attempt, 'id' | 'questionnaireVersion' | 'arrangement'>,
      day: string,
      group: { id: string; openedOn: string } | null = null
    ): Promise<void> {
      const { id, questionnaireVersion, arrangement } = attempt
      await database.write(async (transaction) => {
        await transaction.attempt.create({
          data: {
            id,
            questionnaireVersion,
            arrangement: JSON.stringify(arrangement),
            startedOn: day,
            savedOn: day,
            groupId: group?.id ?? null
          }
        })
        await count(transaction, atomOf('drafts', questionnaireVersion, day, group), { reached: { 0: 1 } })
      })
    },

    async find(id: string): Promise<Attempt | null> {
      const row = await rowOf(database.read, id)
      return row && attemptOf(row)
    },

    /**
     * Saves a page; one that was saved before is replaced, but keeps the time of the first reading. Resolves to
     * false, having saved nothing, if there is no such draft.
     */
    async save(id: string, page: Page, day: string): Promise<boolean> {
      return database.write((transaction) => save(transaction, id, page, day))
    },

    /**
     * Turns the draft into a result, once. `conclude` gets the attempt with the last page and returns the result,
     * or null if something is missing: then the page is saved all the same. As it may take its time, it runs before
     * the transaction, and again if the draft has changed meanwhile. Resolves to whether there is a result now, be
     * it from an earlier call.
     */
    async complete(
      id: string,
      page: Page,
      day: string,
      conclude: (attempt: Attempt) => NewResult | null
    ): Promise<boolean> {
      for (;;) {
        const draft = await rowOf(database.read, id)
        const expected = draft && withPage(draft, page)
        const result = expected && conclude(attemptOf(expected))
        const outcome = await database.write(async (transaction) => {
          if (!(await save(transaction, id, page, day))) {
            return (await transaction.result.count({ where: { id } })) > 0
          }
          if (!isDeepStrictEqual((await rowOf(transaction, id))?.pages, expected?.pages)) return 'changed'
          if (!result) return false
          const { groupId, group, reached, questionnaireVersion, startedOn } =
            await transaction.attempt.delete({ where: { id }, include: { group: true } })
          await transaction.result.create({ data: { ...columnsOf(result), id, completedOn: day, groupId } })
          const draft = atomOf('drafts', questionnaireVersion, startedOn, group)
          await count(transaction, draft, { reached: { [reached]: 1 } }, -1)
          await count(transaction, atomOf('results', questionnaireVersion, day, group), tallyOf(result))
          return true
        })
        if (outcome !== 'changed') return outcome
      }
    },

    /**
     * Stores many attempts in one transaction, which takes a fraction of the time of one each: made-up takers come by
     * the thousand. Rejects, having stored none, if one of them is there already.
     */
    async bring(many: readonly Brought[]): Promise<void> {
      const drafts = many.filter((one) => 'draft' in one)
      const completed = many.filter((one) => 'result' in one)
      await database.write(async (transaction) => {
        await transaction.attempt.createMany({
          data: drafts.map(({ id, day, draft, pages }) => ({
            id,
            questionnaireVersion: draft.questionnaireVersion,
            arrangement: JSON.stringify(draft.arrangement),
            startedOn: day,
            savedOn: day,
            reached: furthest(pages)
          }))
        })
        await transaction.savedPage.createMany({
          data: drafts.flatMap(({ id, pages }) =>
            pages.map(({ name, answers, seconds }) => ({
              attemptId: id,
              page: name,
              answers: JSON.stringify(answers),
              seconds
            }))
          )
        })
        await transaction.result.createMany({
          data: completed.map(({ id, day, result }) => ({ ...columnsOf(result), id, completedOn: day }))
        })

        const sums = new Map<string, { atom: Atom; counts: Counts; people: number }>()
        const add = (atom: Atom, counts: Counts) => {
          const key = [atom.kind, atom.questionnaireVersion, atom.month].join(' ')
          const sum = sums.get(key)
          sums.set(key, { atom, counts: added(sum?.counts ?? {}, counts), people: (sum?.people ?? 0) + 1 })
        }
        for (const { day, draft, pages } of drafts) {
          const reached = { [furthest(pages)]: 1 }
          add(atomOf('drafts', draft.questionnaireVersion, day, null), { reached })
        }
        for (const { day, result } of completed) {
          add(atomOf('results', result.questionnaireVersion, day, null), tallyOf(result))
        }
        for (const { atom, counts, people } of sums.values())
          await count(transaction, atom, counts, 1, people)
      })
    },

    /** Deletes a draft and its answers; how far it came stays counted. */
    async forget(id: string): Promise<void> {
      await database.erase((transaction) => forget(transaction, { id }))
    },

    /** Deletes the drafts last saved before this day, and returns how many there were. The audit log says so. */
    async forgetBefore(day: string, by: By): Promise<number> {
      const old = { savedOn: { lt: day } }
      if ((await database.read.attempt.count({ where: old })) === 0) return 0
      return database.erase(async (transaction) => {
        const gone = await forget(transaction, old)
        if (gone > 0) await record(transaction, by, 'drafts-expired', String(gone))
        return gone
      })
    }
  }
}

async function save(transaction: Transaction, id: string, page: Page, day: string): Promise<boolean> {
  const draft = await transaction.attempt.findUnique({ where: { id }, include: { group: true } })
  if (!draft) return false
  const further = page.place > draft.reached
  const reached = further ? page.place : draft.reached
  await transaction.attempt.update({ where: { id }, data: { savedOn: day, reached } })
  if (further) {
    const atom = atomOf('drafts', draft.questionnaireVersion, draft.startedOn, draft.group)
    await count(transaction, atom, { reached: { [reached]: 1, [draft.reached]: -1 } }, 1, 0)
  }
  const answers = JSON.stringify(page.answers)
  await transaction.savedPage.upsert({
    where: { attemptId_page: { attemptId: id, page: page.name } },
    create: { attemptId: id, page: page.name, answers, seconds: page.seconds },
    update: { answers }
  })
  return true
}

type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>

async function rowOf(reader: Pick<Transaction, 'attempt'>, id: string) {
  const pages = { select: { page: true, answers: true, seconds: true } } as const
  const row = await reader.attempt.findUnique({ where: { id }, include: { pages } })
  return row && { ...row, pages: row.pages.sort(byName) }
}

const byName = (one: { page: string }, other: { page: string }) => (one.page < other.page ? -1 : 1)

function attemptOf({ id, questionnaireVersion, arrangement, pages, groupId }: Row): Attempt {
  return {
    id,
    questionnaireVersion,
    arrangement: JSON.parse(arrangement),
    answers: combined(pages.map(({ answers }) => JSON.parse(answers))),
    pages: new Map(pages.map(({ page, seconds }) => [page, seconds])),
    groupId
  }
}

function furthest(pages: readonly Page[]): number {
  return Math.max(0, ...pages.map(({ place }) => place))
}

/** Deletes drafts. Their tally keeps them, so how far they came goes where it can be counted from again. */
async function forget(transaction: Transaction, where: Prisma.AttemptWhereInput): Promise<number> {
  const drafts = await transaction.attempt.groupBy({
    by: ['questionnaireVersion', 'startedOn', 'groupId', 'reached'],
    where,
    _count: true
  })
  const groups = await transaction.group.findMany({
    where: { id: { in: drafts.map(({ groupId }) => groupId ?? '') } }
  })
  for (const { questionnaireVersion, startedOn, groupId, reached, _count } of drafts) {
    const group = groups.find(({ id }) => id === groupId) ?? null
    const { kind: _, ...atom } = atomOf('drafts', questionnaireVersion, startedOn, group)
    await transaction.abandoned.upsert({
      where: { questionnaireVersion_month_groupId_reached: { ...atom, reached } },
      create: { ...atom, reached, count: _count },
      update: { count: { increment: _count } }
    })
  }
  return (await transaction.attempt.deleteMany({ where })).count
}

/** The draft as it will be when this page is saved. */
function withPage(row: Row, { name, answers, seconds }: Omit<Page, 'place'>): Row {
  const before = row.pages.find(({ page }) => page === name)
  const saved = { page: name, answers: JSON.stringify(answers), seconds: before ? before.seconds : seconds }
  const pages = [...row.pages.filter((page) => page !== before), saved]
  return { ...row, pages: pages.sort(byName) }
}
