import type { Database } from '../engine/client.ts'

export type Statistics = ReturnType<typeof statisticsIn>

export function statisticsIn({ rows }: Database) {
  return {
    /** Of the latest results, at most this many: the seconds that each page was on screen, where measured. */
    async latestSeconds(questionnaireVersion: string, limit: number): Promise<Record<string, number>[]> {
      const latest = await rows<{ seconds: string }>(
        'SELECT "seconds" FROM "Result" WHERE "questionnaireVersion" = ? ORDER BY "completedOn" DESC LIMIT ?',
        questionnaireVersion,
        limit
      )
      return latest.map(({ seconds }) => JSON.parse(seconds))
    }
  }
}
