import type { Database } from './client.ts'

export type Statistics = ReturnType<typeof statisticsIn>

export function statisticsIn({ read }: Database) {
  return {
    /** Of the latest results, at most this many: the seconds that each page was on screen, where measured. */
    async latestSeconds(questionnaireVersion: string, limit: number): Promise<Record<string, number>[]> {
      const rows = await read.result.findMany({
        where: { questionnaireVersion },
        select: { seconds: true },
        orderBy: { completedOn: 'desc' },
        take: limit
      })
      return rows.map(({ seconds }) => JSON.parse(seconds))
    }
  }
}
