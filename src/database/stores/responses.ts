import type { Answers, Arrangement } from '../../content/answers.ts'
import type { Questionnaire } from '../../content/schema.ts'
import type { Scores } from '../../scoring/scores.ts'
import { added, type Counts, countAt } from '../../statistics/counts.ts'
import { suppressedLine } from '../../statistics/suppression.ts'
import { notSaid } from '../../statistics/tally.ts'
import type { Database } from '../engine/client.ts'
import { atomOf } from './tallies.ts'

export type Responses = ReturnType<typeof responsesIn>

/** In place of what too few people share. */
export const withheld = 'withheld'

/** What one person answered and what was found, without anything that says who they are. */
export type Response = {
  questionnaireVersion: string
  scoringVersion: string
  /** YYYY-MM of completion, or withheld: where few finished, and of groups, whose members know one another. */
  month: string
  finding: string
  path: string
  arrangement: Arrangement
  /** Answers to optional questions are withheld where too few gave them. */
  answers: Answers
  scores: Scores
}

const atOnce = 200

/** Completed attempts, one by one, for whoever runs the site. */
export function responsesIn({ read, rows }: Database, minimum: number) {
  async function tallies(questionnaireVersion: string) {
    const found = await read.tally.findMany({ where: { kind: 'results', questionnaireVersion } })
    return found.map(({ counts, ...atom }) => ({ ...atom, counts: JSON.parse(counts) as Counts }))
  }

  /** Those of these values that can be told: not those of few people, nor any by which these would come out. */
  function told<Value>(values: readonly (readonly [Value, number])[]): Set<Value> {
    const cells = suppressedLine(
      values.map(([, people]) => people),
      minimum
    )
    return new Set(
      values.flatMap(([value], index) => {
        const cell = cells[index]!
        return cell.kind === 'shown' && cell.count > 0 ? [value] : []
      })
    )
  }

  return {
    minimum,

    /** How many there are of a version. */
    async count(version: string): Promise<number> {
      return (await tallies(version)).reduce((sum, { counts }) => sum + countAt(counts, 'people'), 0)
    },

    /**
     * All of a version, read bit by bit: there can be a million. What is withheld follows from the people at the
     * start. Resolves to null for fewer than the minimum.
     */
    async all(questionnaire: Questionnaire): Promise<AsyncGenerator<Response> | null> {
      const { version } = questionnaire
      const atoms = await tallies(version)
      const counts = atoms.reduce<Counts>((sum, atom) => added(sum, atom.counts), {})
      if (countAt(counts, 'people') < minimum) return null

      const parts = told(atoms.map((atom) => [partOf(atom), countAt(atom.counts, 'people')] as const))
      const options = new Map(
        questionnaire.context.map(({ id, options }) => {
          const values = [...options.map((option) => option.id), notSaid]
          return [id, told(values.map((value) => [value, countAt(counts, 'context', id, value, 'people')]))]
        })
      )
      const groups = new Map((await read.group.findMany()).map((group) => [group.id, group]))

      function context(answers: Answers['context']): Answers['context'] {
        return Object.fromEntries(
          [...options].flatMap(([id, shown]) => {
            const value = answers[id] ?? notSaid
            if (!shown.has(value)) return [[id, withheld]]
            return value === notSaid ? [] : [[id, value]]
          })
        )
      }

      function responseOf(row: Row): Response {
        const group = groups.get(row.groupId ?? '') ?? null
        const isTold = parts.has(partOf(atomOf('results', version, row.completedOn, group)))
        const answers: Answers = JSON.parse(row.answers)
        return {
          questionnaireVersion: version,
          scoringVersion: row.scoringVersion,
          month: isTold && !group ? row.completedOn.slice(0, 7) : withheld,
          finding: row.finding,
          path: row.path,
          arrangement: JSON.parse(row.arrangement),
          answers: { ...answers, context: context(answers.context) },
          scores: JSON.parse(row.scores)
        }
      }

      return (async function* () {
        // In the order of the ids. They are SHA-256 hashes of random tokens, so the order says nothing about who
        // finished when, and is the same in every batch without anything to remember.
        for (let after = ''; ; ) {
          // The version is not asked for here: with an index on it, the database could sort all rows for each batch.
          const batch = await rows<Row>(
            `SELECT ${columns} FROM "Result" WHERE "id" > ? ORDER BY "id" LIMIT ?`,
            after,
            atOnce
          )
          for (const row of batch) if (row.questionnaireVersion === version) yield responseOf(row)
          const last = batch.at(-1)
          if (!last) return
          after = last.id
        }
      })()
    }
  }
}

type Row = Pick<Response, 'questionnaireVersion' | 'scoringVersion' | 'finding' | 'path'> &
  Record<'id' | 'completedOn' | 'arrangement' | 'answers' | 'scores', string> & { groupId: string | null }

const columns = `"id", "questionnaireVersion", "scoringVersion", "completedOn", "arrangement", "answers", "scores",
  "finding", "path", "groupId"`

function partOf({ month, groupId }: { month: string; groupId: string }): string {
  return groupId || month
}
