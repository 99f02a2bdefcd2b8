import type { Answers } from '../../content/answers.ts'
import type { Estimate } from '../../scoring/calibration/estimate.ts'
import type { Scores } from '../../scoring/scores.ts'
import { type Counts, countAt } from '../../statistics/counts.ts'
import type { Database, Transaction } from '../engine/client.ts'

export type Calibrations = ReturnType<typeof calibrationsIn>

/** The last estimate of a version, and of whom it was made. */
export type Calibration = Estimate & {
  /** YYYY-MM-DD */
  estimatedOn: string
  /** From how many people it was made. */
  people: number
  /** How many could have been used. */
  available: number
}

/** The answers that an estimate is made from. */
export type Sample = {
  answers: AsyncGenerator<Answers>
  /** Whether they are the answers of all. */
  isWhole: boolean
  available: number
}

const atOnce = 500

/**
 * What is learned about the statements of a version from all who took it. People whom the consistency of their answers
 * leaves out of statistics are left out here too.
 */
export function calibrationsIn(database: Database, minimum: number) {
  const { read } = database

  async function last(version: string, from: Transaction = read): Promise<Calibration | null> {
    const row = await from.calibration.findUnique({ where: { questionnaireVersion: version } })
    if (!row) return null
    const { estimate, estimatedOn, people, available } = row
    return { ...(JSON.parse(estimate) as Estimate), estimatedOn, people, available }
  }

  /** Whether an estimate from so many people may replace the last: a few people more or fewer could be told from it. */
  async function isDue(version: string, people: number, from: Transaction = read): Promise<boolean> {
    const before = await last(version, from)
    return before === null || Math.abs(people - before.people) >= minimum
  }

  return {
    minimum,
    last: (version: string) => last(version),
    isDue: (version: string, people: number) => isDue(version, people),

    /**
     * The answers of all, or of a half, a quarter and so on, so that they are at most so many, but for chance. Which
     * people these are follows from their ids, which are SHA-256 hashes: a fair sample, and the same one every time.
     */
    async sample(version: string, most: number): Promise<Sample> {
      const tallies = await read.tally.findMany({
        where: { kind: 'results', questionnaireVersion: version }
      })
      const available = tallies.reduce(
        (sum, { counts }) => sum + countAt(JSON.parse(counts) as Counts, 'measured'),
        0
      )
      const halvings = Math.max(0, Math.ceil(Math.log2(available / most)))
      const isWhole = halvings === 0
      return { answers: answersOf(version, isWhole ? {} : { lt: endOf(halvings) }), isWhole, available }
    },

    /** Keeps an estimate in place of the last one of its version; resolves to false if too few have come or gone. */
    async keep(
      version: string,
      { estimatedOn, people, available, ...estimate }: Calibration
    ): Promise<boolean> {
      const columns = { estimatedOn, people, available, estimate: JSON.stringify(estimate) }
      return database.write(async (transaction) => {
        if (!(await isDue(version, people, transaction))) return false
        await transaction.calibration.upsert({
          where: { questionnaireVersion: version },
          create: { questionnaireVersion: version, ...columns },
          update: columns
        })
        return true
      })
    }
  }

  async function* answersOf(version: string, part: { lt?: string }): AsyncGenerator<Answers> {
    for (let after = ''; ; ) {
      // The version is not asked for here: with an index on it, the database could sort all rows for each batch.
      const rows = await read.result.findMany({
        where: { id: { gt: after, ...part } },
        orderBy: { id: 'asc' },
        take: atOnce,
        select: { id: true, questionnaireVersion: true, answers: true, scores: true }
      })
      for (const row of rows) {
        if (row.questionnaireVersion !== version) continue
        const { consistency }: Scores = JSON.parse(row.scores)
        if (!consistency.leaveOut) yield JSON.parse(row.answers)
      }
      const last = rows.at(-1)
      if (!last) return
      after = last.id
    }
  }
}

/** The characters of ids, which are hashes in base64url, in the order in which the database sorts them. */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

/** Below it lies one of 2^halvings parts of all ids. */
function endOf(halvings: number): string {
  const place = DIGITS.length ** 2 / 2 ** halvings
  return `${DIGITS[Math.floor(place / DIGITS.length)]}${DIGITS[place % DIGITS.length]}`
}
