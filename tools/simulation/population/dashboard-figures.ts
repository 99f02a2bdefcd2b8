import type { Content } from '../../../src/content/load.ts'
import { archetypes } from '../../../src/content/schema.ts'
import type { Database } from '../../../src/database/engine/client.ts'
import { aggregatesIn } from '../../../src/database/stores/aggregates.ts'
import { dayOf } from '../../../src/days.ts'
import { categoriesOf, overviewPage } from '../../../src/features/admin/reports/overview-page.ts'
import { everybody } from '../../../src/features/admin/reports/population.ts'
import type { Shown } from './truth.ts'

/**
 * What the overview of the dashboard shows of everybody, as it prints it.
 * @param isOfThem whether it is of the made-up people alone; otherwise there is nothing to compare
 */
export async function shownIn(
  database: Database,
  content: Content,
  minimum: number,
  isOfThem: boolean
): Promise<Shown> {
  const { version } = content.current
  const { findings, leanings } = categoriesOf(content)
  const ids = (labels: typeof findings) => labels.map(({ id }) => id)
  const aggregates = aggregatesIn(database, minimum, {
    findings: ids(findings),
    paths: ids(leanings),
    archetypes
  })
  const overview = await aggregates.overview(content.current, dayOf(Date.now()))
  const { tables, first } = overviewPage(overview, content, { version, people: everybody, minimum })
  return {
    published: overview.published,
    told: tables[0]!.rows.map(({ id, name, text }) => ({ id, name, people: isOfThem ? text : null })),
    first: findings.slice(0, archetypes.length).map(({ id, name }, index) => ({
      ...{ id, name },
      estimate: isOfThem && first ? first.rows[index]!.first : null
    }))
  }
}
