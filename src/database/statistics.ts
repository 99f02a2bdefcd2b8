import type { Lean } from '../scoring/lean.ts'
import type { Database } from './client.ts'
import type { Finding } from './results.ts'

export type Statistics = ReturnType<typeof statisticsIn>

/** How many people did what, for one version of the questionnaire. */
export type Overview = {
  completions: number
  /** Attempts that are not completed and have at least one saved page. */
  drafts: number
  /** Completions by finding, and by verdict on the path; what nobody has is left out. */
  findings: Partial<Record<Finding, number>>
  paths: Partial<Record<Lean['verdict'], number>>
}

export function statisticsIn({ read }: Database) {
  return {
    async overview(questionnaireVersion: string): Promise<Overview> {
      const where = { questionnaireVersion }
      const [drafts, findings, paths] = await Promise.all([
        read.attempt.count({ where: { ...where, pages: { some: {} } } }),
        read.result.groupBy({ by: ['finding'], where, _count: true }),
        read.result.groupBy({ by: ['path'], where, _count: true })
      ])
      return {
        completions: findings.reduce((sum, { _count }) => sum + _count, 0),
        drafts,
        findings: Object.fromEntries(findings.map(({ finding, _count }) => [finding, _count])),
        paths: Object.fromEntries(paths.map(({ path, _count }) => [path, _count]))
      }
    },

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
