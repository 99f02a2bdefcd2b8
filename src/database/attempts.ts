import { isDeepStrictEqual } from 'node:util'
import { type Answers, type Arrangement, combined } from '../content/answers.ts'
import type { Database, Transaction } from './client.ts'
import { columnsOf, type NewResult } from './results.ts'

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
}

/** One page of answers, as it was sent. */
export type Page = { name: string; answers: Partial<Answers>; seconds: number | null }

/** An attempt that was made elsewhere: a draft with its pages, or a completed one with its result. */
export type Brought = { id: string; day: string } & (
  | { draft: Pick<Attempt, 'questionnaireVersion' | 'arrangement'>; pages: readonly Page[] }
  | { result: NewResult }
)

/** Drafts. Days are YYYY-MM-DD; ids are hashes of the token in the taker's cookie. */
export function attemptsIn(database: Database) {
  return {
    async start(
      attempt: Pick<Attempt, 'id' | 'questionnaireVersion' | 'arrangement'>,
      day: string
    ): Promise<void> {
      await database.write((transaction) =>
        transaction.attempt.create({
          data: {
            id: attempt.id,
            questionnaireVersion: attempt.questionnaireVersion,
            arrangement: JSON.stringify(attempt.arrangement),
            startedOn: day,
            savedOn: day
          }
        })
      )
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
          await transaction.result.create({ data: { ...columnsOf(result), id, completedOn: day } })
          await transaction.attempt.delete({ where: { id } })
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
          data: drafts.map(({ id, day, draft }) => ({
            id,
            questionnaireVersion: draft.questionnaireVersion,
            arrangement: JSON.stringify(draft.arrangement),
            startedOn: day,
            savedOn: day
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
      })
    },

    /** Deletes a draft and its answers. */
    async forget(id: string): Promise<void> {
      await database.erase((transaction) => transaction.attempt.deleteMany({ where: { id } }))
    },

    /** Deletes the drafts that were last saved before this day, and returns how many there were. */
    async forgetBefore(day: string): Promise<number> {
      const old = { where: { savedOn: { lt: day } } }
      if ((await database.read.attempt.count(old)) === 0) return 0
      return (await database.erase((transaction) => transaction.attempt.deleteMany(old))).count
    }
  }
}

async function save(transaction: Transaction, id: string, page: Page, day: string): Promise<boolean> {
  const found = await transaction.attempt.updateMany({ where: { id }, data: { savedOn: day } })
  if (found.count === 0) return false
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

function attemptOf({ id, questionnaireVersion, arrangement, pages }: Row): Attempt {
  return {
    id,
    questionnaireVersion,
    arrangement: JSON.parse(arrangement),
    answers: combined(pages.map(({ answers }) => JSON.parse(answers))),
    pages: new Map(pages.map(({ page, seconds }) => [page, seconds]))
  }
}

/** The draft as it will be when this page is saved. */
function withPage(row: Row, { name, answers, seconds }: Page): Row {
  const before = row.pages.find(({ page }) => page === name)
  const saved = { page: name, answers: JSON.stringify(answers), seconds: before ? before.seconds : seconds }
  const pages = [...row.pages.filter((page) => page !== before), saved]
  return { ...row, pages: pages.sort(byName) }
}
