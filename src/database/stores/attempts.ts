import { type Answers, type Arrangement, combined } from '../../content/answers.ts'
import type { Database, Transaction } from '../engine/client.ts'
import type { Prisma } from '../generated/sqlite/client.ts'
import { type By, record } from './audit.ts'
import { type Completing, completeDrafts } from './complete-drafts.ts'
import { insert, type NewResult, type TallyOf } from './results.ts'
import { type Page, savePages } from './save-pages.ts'
import { atomOf, count, joining } from './tallies.ts'

export type Attempts = ReturnType<typeof attemptsIn>
export type { Page }

/** A draft without its answers: what one person is asked, and in which order. */
export type Begun = {
  id: string
  questionnaireVersion: string
  arrangement: Arrangement
  groupId: string | null
  /** Counts up with every saved page. */
  revision: number
}

/** A draft, with what was answered so far. */
export type Attempt = Begun & {
  /** Everything answered so far, of all saved pages. */
  answers: Answers
  /** Names of the saved pages, with the seconds that each was on screen. */
  pages: Map<string, number | null>
}

/** An attempt that was made elsewhere: a draft with its pages, or a completed one with its result. */
export type Brought = { id: string; day: string } & (
  | { draft: Pick<Attempt, 'questionnaireVersion' | 'arrangement'>; pages: readonly Page[] }
  | { result: NewResult }
)

/** Drafts. Days are YYYY-MM-DD; ids are hashes of the token in the taker's cookie. */
export function attemptsIn(database: Database, tallyOf: TallyOf) {
  const start = database.together(startDrafts)
  const save = database.together(savePages)
  const complete = database.together((transaction, many: readonly Completing[]) =>
    completeDrafts(transaction, many, tallyOf)
  )

  /** A draft without its answers: all that a page of the quiz needs to be asked. */
  async function begun(id: string): Promise<Begun | null> {
    const [row] = await database.rows<Row>(
      'SELECT "id", "questionnaireVersion", "arrangement", "groupId", "revision" FROM "Attempt" WHERE "id" = ?',
      id
    )
    return row ? { ...row, arrangement: JSON.parse(row.arrangement) } : null
  }

  async function pagesOf(id: string): Promise<PageRow[]> {
    return database.rows('SELECT "page", "answers", "seconds" FROM "SavedPage" WHERE "attemptId" = ?', id)
  }

  return {
    async start(
      attempt: Pick<Attempt, 'id' | 'questionnaireVersion' | 'arrangement'>,
      day: string,
      group: { id: string; openedOn: string } | null = null
    ): Promise<void> {
      await start({ ...attempt, day, group })
    },

    begun,

    async find(id: string): Promise<Attempt | null> {
      const draft = await begun(id)
      return draft && withPages(draft, await pagesOf(id))
    },

    /** What was answered on one page of a draft, if anything, in JSON; null if there is no such draft. */
    async answersOn(id: string, page: string): Promise<string | null> {
      const [row] = await database.rows<{ answers: string | null }>(
        `SELECT p."answers" FROM "Attempt" a
          LEFT JOIN "SavedPage" p ON p."attemptId" = a."id" AND p."page" = ? WHERE a."id" = ?`,
        page,
        id
      )
      return row ? (row.answers ?? '{}') : null
    },

    /**
     * Saves a page; one that was saved before is replaced, but keeps the time of the first reading. Resolves to
     * false, having saved nothing, if there is no such draft.
     */
    async save(id: string, page: Page, day: string): Promise<boolean> {
      return save({ id, page, day })
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
      conclude: (attempt: Attempt) => NewResult | null | Promise<NewResult | null>
    ): Promise<boolean> {
      for (;;) {
        // The revision is read first: a page that is saved in between makes it look old, never new.
        const draft = await begun(id)
        const result = draft && (await conclude(withPages(draft, replaced(await pagesOf(id), page))))
        const outcome = await complete({ id, page, day, result, revision: draft?.revision ?? 0 })
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
        await insert(
          transaction,
          completed.map(({ id, day, result }) => ({ ...result, id, completedOn: day, groupId: null }))
        )
        await count(transaction, [
          ...drafts.map(({ day, draft, pages }) =>
            joining(atomOf('drafts', draft.questionnaireVersion, day, null), {
              reached: { [furthest(pages)]: 1 }
            })
          ),
          ...completed.map(({ day, result }) =>
            joining(atomOf('results', result.questionnaireVersion, day, null), tallyOf(result))
          )
        ])
      })
    },

    /** Deletes a draft and its answers; how far it came stays counted. */
    async forget(id: string): Promise<void> {
      await database.erase((transaction) => forget(transaction, { id }))
    },

    /** Deletes the drafts last saved before this day, and returns how many there were. The audit log says so. */
    async forgetBefore(day: string, by: By): Promise<number> {
      const some = await database.rows('SELECT 1 FROM "Attempt" WHERE "savedOn" < ? LIMIT 1', day)
      if (some.length === 0) return 0
      return database.erase(async (transaction) => {
        const gone = await forget(transaction, { savedOn: { lt: day } })
        if (gone > 0) await record(transaction, by, 'drafts-expired', String(gone))
        return gone
      })
    }
  }
}

type Starting = Pick<Attempt, 'id' | 'questionnaireVersion' | 'arrangement'> & {
  day: string
  group: { id: string; openedOn: string } | null
}

async function startDrafts(transaction: Transaction, many: readonly Starting[]): Promise<undefined[]> {
  await transaction.attempt.createMany({
    data: many.map(({ id, questionnaireVersion, arrangement, day, group }) => ({
      id,
      questionnaireVersion,
      arrangement: JSON.stringify(arrangement),
      startedOn: day,
      savedOn: day,
      groupId: group?.id ?? null
    }))
  })
  await count(
    transaction,
    many.map(({ questionnaireVersion, day, group }) =>
      joining(atomOf('drafts', questionnaireVersion, day, group), { reached: { 0: 1 } })
    )
  )
  return many.map(() => undefined)
}

type Row = Omit<Begun, 'arrangement'> & { arrangement: string }
type PageRow = { page: string; answers: string; seconds: number | null }

function withPages(draft: Begun, pages: readonly PageRow[]): Attempt {
  const rows = [...pages].sort((one, other) => (one.page < other.page ? -1 : 1))
  return {
    ...draft,
    answers: combined(rows.map(({ answers }) => JSON.parse(answers))),
    pages: new Map(rows.map(({ page, seconds }) => [page, seconds]))
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

/** The pages as they will be when this one is saved. */
function replaced(pages: readonly PageRow[], { name, answers, seconds }: Page): PageRow[] {
  const before = pages.find(({ page }) => page === name)
  const saved = { page: name, answers: JSON.stringify(answers), seconds: before ? before.seconds : seconds }
  return [...pages.filter((page) => page !== before), saved]
}
