import type { Answers, Arrangement } from '../content/answers.ts'
import type { Archetype } from '../content/schema.ts'
import type { Lean } from '../scoring/lean.ts'
import type { Scores } from '../scoring/scores.ts'
import type { Database } from './client.ts'

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
}

/** What the aggregates count a result as: one archetype, two of them, more, or none at all. */
export type Finding = Archetype | 'blend' | 'open' | 'no-pattern'

/** A result to be stored, with the hashes of its links and what the aggregates count it as. */
export type NewResult = Omit<Result, 'completedOn'> & {
  viewHash: string
  manageHash: string
  finding: Finding
  path: Lean['verdict']
}

/** Results, found by the hash of one of their links. They never change. */
export function resultsIn(database: Database) {
  async function find(where: { viewHash: string } | { manageHash: string } | { id: string }) {
    const row = await database.read.result.findUnique({ where })
    return row && parsed(row)
  }

  return {
    /** By the id of the attempt that it came from. */
    ofAttempt: (id: string) => find({ id }),
    byViewLink: (viewHash: string) => find({ viewHash }),
    byManageLink: (manageHash: string) => find({ manageHash }),

    /** Deletes the result, bytes included. Resolves to whether there was one. */
    async delete(manageHash: string): Promise<boolean> {
      return (
        (await database.erase((transaction) => transaction.result.deleteMany({ where: { manageHash } })))
          .count > 0
      )
    },

    /** Deletes the results completed before this day, and returns how many there were. */
    async deleteBefore(day: string): Promise<number> {
      const old = { where: { completedOn: { lt: day } } }
      if ((await database.read.result.count(old)) === 0) return 0
      return (await database.erase((transaction) => transaction.result.deleteMany(old))).count
    }
  }
}

type Row = NonNullable<Awaited<ReturnType<Database['read']['result']['findUnique']>>>

function parsed(row: Row): Result {
  return {
    questionnaireVersion: row.questionnaireVersion,
    scoringVersion: row.scoringVersion,
    completedOn: row.completedOn,
    arrangement: JSON.parse(row.arrangement),
    answers: JSON.parse(row.answers),
    seconds: JSON.parse(row.seconds),
    scores: JSON.parse(row.scores)
  }
}
