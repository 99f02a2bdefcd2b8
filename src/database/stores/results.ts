import type { Answers, Arrangement } from '../../content/answers.ts'
import type { Archetype } from '../../content/schema.ts'
import type { Lean } from '../../scoring/path/lean.ts'
import type { Explanation, Scores } from '../../scoring/scores.ts'
import type { Counts } from '../../statistics/counts.ts'
import type { Counted } from '../../statistics/tally.ts'
import type { Database, Transaction } from '../engine/client.ts'
import { Prisma } from '../generated/sqlite/client.ts'
import { type By, record } from './audit.ts'
import { isRemembered, keyOf, remember } from './deletions.ts'
import { atomOf, count, leaving } from './tallies.ts'

const { join, raw, sql } = Prisma

export type Results = ReturnType<typeof resultsIn>

/** A completed attempt. */
export type Result = {
  questionnaireVersion: string
  scoringVersion: string
  /** YYYY-MM-DD */
  completedOn: string
  arrangement: Arrangement
  answers: Answers
  /** Seconds that each page was on screen, where they could be measured. */
  seconds: Record<string, number>
  scores: Scores
  /** The group under whose link it was begun. */
  groupId: string | null
  /** Null in results from before there were explanations. */
  explanation: Explanation | null
}

/** A line that an owner wrote beside their result. */
export type Note = { number: number; writtenOn: string; text: string }

/** What the aggregates count a result as: one archetype, two of them, more, or none at all. */
export type Finding = Archetype | 'blend' | 'open' | 'no-pattern'

/** A result to be stored, with the hashes of its links and what the aggregates count it as. */
export type NewResult = Omit<Result, 'completedOn' | 'groupId'> & {
  viewHash: string
  manageHash: string
  finding: Finding
  path: Lean['verdict']
}

/** What the tallies count of a result. */
export type TallyOf = (result: Counted & { questionnaireVersion: string }) => Counts

/** Results, found by the hash of one of their links. They never change; the owner's notes stand beside them. */
export function resultsIn(database: Database, tallyOf: TallyOf) {
  async function find(where: { viewHash: string } | { manageHash: string } | { id: string }) {
    const row = await database.read.result.findUnique({ where })
    return row && parsed(row)
  }

  return {
    /** Whether there is a result under this view link: a tenth of the work of reading it. */
    async isThere(viewHash: string): Promise<boolean> {
      return (await database.rows('SELECT 1 FROM "Result" WHERE "viewHash" = ?', viewHash)).length > 0
    },

    /** By the id of the attempt that it came from. */
    ofAttempt: (id: string) => find({ id }),
    byViewLink: (viewHash: string) => find({ viewHash }),
    byManageLink: (manageHash: string) => find({ manageHash }),

    /** The owner's notes, oldest first; null if there is no such result. */
    async notes(manageHash: string): Promise<Note[] | null> {
      const rows = await database.rows<Note | { number: null }>(
        `SELECT n."number", n."writtenOn", n."text" FROM "Result" r LEFT JOIN "Note" n ON n."resultId" = r."id"
          WHERE r."manageHash" = ? ORDER BY n."number"`,
        manageHash
      )
      return rows.length > 0 ? rows.filter((row) => row.number !== null) : null
    },

    /**
     * Adds a note, unless the last one says the same on the same day: then somebody pressed twice. Resolves to
     * whether it is there now; false if there is no such result, or it has as many notes as it may have.
     */
    async addNote(manageHash: string, text: string, day: string, most: number): Promise<boolean> {
      return database.write(async (transaction) => {
        const result = await transaction.result.findUnique({
          where: { manageHash },
          select: { id: true, notes: { orderBy: { number: 'desc' } } }
        })
        if (!result) return false
        const [last] = result.notes
        if (last?.text === text && last.writtenOn === day) return true
        if (result.notes.length >= most) return false
        let number = (last?.number ?? 0) + 1
        // One that is remembered as deleted would be deleted again when a backup is restored.
        while (await isRemembered(transaction, keyOf(result.id, number, day))) number++
        await transaction.note.create({ data: { resultId: result.id, number, text, writtenOn: day } })
        return true
      })
    },

    /** Deletes a note, bytes included. That it was deleted is remembered. */
    async deleteNote(manageHash: string, number: number, day: string): Promise<void> {
      await database.erase(async (transaction) => {
        const where = { number, result: { manageHash } }
        const notes = await transaction.note.findMany({ where, select: { resultId: true, writtenOn: true } })
        const deletions = notes.map(({ resultId, writtenOn }) => ({
          id: keyOf(resultId, number, writtenOn),
          deletedOn: day
        }))
        await remember(transaction, deletions)
        await transaction.note.deleteMany({ where })
      })
    },

    /**
     * Deletes the result, bytes included, and takes it from its tally. Resolves to whether there was one. That it was
     * deleted is remembered.
     */
    async delete(manageHash: string, day: string): Promise<boolean> {
      const ids = await database.erase(async (transaction) => {
        const gone = await remove(transaction, { manageHash })
        const deletions = gone.map((id) => ({ id: keyOf(id), deletedOn: day }))
        await remember(transaction, deletions)
        return gone
      })
      return ids.length > 0
    },

    /** Deletes the results completed before this day, and returns how many there were. The audit log says so. */
    async deleteBefore(day: string, by: By): Promise<number> {
      let deleted = 0
      for (;;) {
        const some = await database.rows<{ id: string }>(
          'SELECT "id" FROM "Result" WHERE "completedOn" < ? LIMIT ?',
          day,
          atOnce
        )
        if (some.length === 0) return deleted
        const ids = some.map(({ id }) => id)
        deleted += await database.erase(async (transaction) => {
          const { length: gone } = await remove(transaction, { id: { in: ids } })
          if (gone > 0) await record(transaction, by, 'results-expired', String(gone))
          return gone
        })
      }
    }
  }

  async function remove(transaction: Transaction, where: Prisma.ResultWhereInput): Promise<string[]> {
    const rows = await transaction.result.findMany({ where, include: { group: true } })
    await count(
      transaction,
      rows.map((row) =>
        leaving(
          atomOf('results', row.questionnaireVersion, row.completedOn, row.group),
          tallyOf({ ...parsed(row), finding: row.finding, path: row.path })
        )
      )
    )
    const ids = rows.map(({ id }) => id)
    await transaction.result.deleteMany({ where: { id: { in: ids } } })
    return ids
  }
}

/** How many results are deleted in one transaction, so that nobody waits long behind it. */
const atOnce = 200

type Row = NonNullable<Awaited<ReturnType<Database['read']['result']['findUnique']>>>

export function parsed(row: Omit<Row, 'viewHash' | 'manageHash'>): Result {
  return {
    questionnaireVersion: row.questionnaireVersion,
    scoringVersion: row.scoringVersion,
    completedOn: row.completedOn,
    arrangement: JSON.parse(row.arrangement),
    answers: JSON.parse(row.answers),
    seconds: JSON.parse(row.seconds),
    groupId: row.groupId,
    scores: JSON.parse(row.scores),
    explanation: row.explanation === null ? null : JSON.parse(row.explanation)
  }
}

/** A new result as its row holds it. */
function columnsOf(result: NewResult) {
  return {
    ...result,
    arrangement: JSON.stringify(result.arrangement),
    answers: JSON.stringify(result.answers),
    seconds: JSON.stringify(result.seconds),
    scores: JSON.stringify(result.scores),
    explanation: result.explanation && JSON.stringify(result.explanation)
  }
}

/** Stores results, each with the id of its attempt, with a statement for every thousand. */
export async function insert(
  transaction: Transaction,
  results: readonly (NewResult & { id: string; completedOn: string; groupId: string | null })[]
): Promise<void> {
  const names = columns.map((column) => raw(`"${column}"`))
  for (let from = 0; from < results.length; from += 1000) {
    const rows = results.slice(from, from + 1000).map((result) => ({ ...result, ...columnsOf(result) }))
    const values = rows.map((row) => sql`(${join(columns.map((column) => row[column]))})`)
    await transaction.$executeRaw`INSERT INTO "Result" (${join(names)}) VALUES ${join(values)}`
  }
}

const columns = [
  'id',
  'viewHash',
  'manageHash',
  'questionnaireVersion',
  'scoringVersion',
  'completedOn',
  'arrangement',
  'answers',
  'seconds',
  'scores',
  'explanation',
  'finding',
  'path',
  'groupId'
] as const
