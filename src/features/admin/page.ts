import { stringify } from 'csv-stringify/sync'
import type { Content } from '../../content/load.ts'
import { archetypes } from '../../content/schema.ts'
import type { Overview } from '../../database/statistics.ts'
import { axis } from '../../web/charts.ts'
import { paths } from '../../web/paths.ts'
import { minimumGroup, suppressed } from './suppression.ts'

/** What the dashboard prints, and what its export holds. */
export function dashboardPage(overview: Overview, content: Content, admin: string) {
  const findings = [
    ...archetypes.map((id) => [id, content.archetypes[id].name] as const),
    ['blend', 'Between two archetypes'] as const,
    ['open', 'No clear lead'] as const,
    ['no-pattern', 'No stable pattern'] as const
  ]
  const leanings = [
    ['individual-contributor', 'Individual contributor'],
    ['balanced', 'Neither side'],
    ['management', 'Management']
  ] as const
  return {
    title: 'Results',
    admin,
    version: content.current.version,
    completions: overview.completions,
    drafts: overview.drafts,
    minimumGroup,
    tables: [
      tableOf('Archetype mix', 'Finding', findings, overview.findings),
      tableOf('Path', 'Leans to', leanings, overview.paths)
    ],
    exportUrl: paths.export
  }
}

function tableOf<Group extends string>(
  title: string,
  column: string,
  groups: readonly (readonly [Group, string])[],
  counts: Partial<Record<Group, number>>
) {
  const all = Object.fromEntries(groups.map(([group]) => [group, counts[group] ?? 0])) as Record<
    Group,
    number
  >
  const total = groups.reduce((sum, [group]) => sum + all[group], 0)
  const shown = suppressed(all)
  const at = axis(0, total || 1)
  return {
    id: title.toLowerCase().replaceAll(' ', '-'),
    title,
    column,
    total,
    rows: groups.map(([group, name]) => {
      const count = shown[group]
      return {
        group,
        name,
        count,
        hidden: count === null,
        percent: count === null || total === 0 ? null : Math.round((count / total) * 100),
        width: count === null ? null : at(count)
      }
    })
  }
}

/** The dashboard's tables as CSV that no spreadsheet runs as a formula. */
export function exportOf(page: ReturnType<typeof dashboardPage>): string {
  const rows = page.tables.flatMap(({ title, rows }) =>
    rows.map(({ name, count, percent, hidden }) => [title, name, hidden ? 'hidden' : count, percent])
  )
  return stringify(
    [
      ['table', 'group', 'count', 'percent'],
      ['Questionnaire', page.version, null, null],
      ['Totals', 'Completed', page.completions, null],
      ['Totals', 'Begun and not completed', page.drafts, null],
      ...rows
    ],
    { bom: true, quoted: true, record_delimiter: 'windows', escape_formulas: true }
  )
}
