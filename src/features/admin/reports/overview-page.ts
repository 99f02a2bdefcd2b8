import type { Content } from '../../../content/load.ts'
import { archetypes } from '../../../content/schema.ts'
import type { Overview } from '../../../database/stores/aggregates.ts'
import { longDay, longMonth } from '../../../days.ts'
import { type Proportion, proportion } from '../../../scoring/numerics/proportion.ts'
import type { Cell, Table } from '../../../statistics/suppression.ts'
import { paths } from '../../../web/paths.ts'
import { axis } from '../../../web/views/charts.ts'
import { countOf, exported, printed, shareOf, whole } from './cells.ts'
import type { Field } from './csv.ts'
import { urlOf } from './filters.ts'
import type { People } from './population.ts'
import { trendOf } from './trend.ts'

export type Labelled = { id: string; name: string }

function archetypesOf(content: Content) {
  return archetypes.map((id) => ({ id, name: content.archetypes[id].name }))
}

/** What people can be told, and where they can lean, by their names. */
export function categoriesOf(content: Content): { findings: Labelled[]; leanings: Labelled[] } {
  return {
    findings: [
      ...archetypesOf(content),
      { id: 'blend', name: 'Between two archetypes' },
      { id: 'open', name: 'No clear lead' },
      { id: 'no-pattern', name: 'No stable pattern' }
    ],
    leanings: [
      { id: 'individual-contributor', name: 'Individual contributor' },
      { id: 'balanced', name: 'Neither side' },
      { id: 'management', name: 'Management' }
    ]
  }
}

type Chosen = { version: string; people: People; minimum: number }

/** The overview of everybody or of some. */
export function overviewPage(
  overview: Overview,
  content: Content,
  { version, people: { value, name, part }, minimum }: Chosen
) {
  const { rows, findings, paths: leans } = overview.parts
  const categories = categoriesOf(content)
  const nobody = (labels: Labelled[]): Cell[] => labels.map(() => ({ kind: 'few' }))
  const people: Cell =
    part === null ? { kind: 'shown', count: overview.published } : (findings.rows[part] ?? { kind: 'few' })
  const cellsOf = ({ cells, columns }: Table, labels: Labelled[]) =>
    rows.length === 0 || part === -1 ? nobody(labels) : part === null ? columns : cells[part]!
  const months = rows.flatMap((row, index) => (row.groupId === '' ? [{ ...row, index }] : []))
  const byMonth = months.map(({ month, index }) => ({
    month,
    people: findings.rows[index]!,
    cells: findings.cells[index]!
  }))
  const largest = Math.max(1, ...months.map(({ index }) => countOf(findings.rows[index]!) ?? 0))

  const mix = tableOf(
    'Archetype mix',
    'Finding',
    categories.findings,
    cellsOf(findings, categories.findings),
    people,
    minimum
  )

  return {
    title: 'Results',
    version,
    who: name,
    isAll: part === null,
    isEmpty: overview.completions === 0,
    isAsked: version === content.current.version,
    completions: whole(overview.completions),
    drafts: whole(overview.drafts),
    published: overview.published > 0 && whole(overview.published),
    renewedOn: overview.renewedOn && longDay(overview.renewedOn),
    minimum,
    rate: rateOf(overview),
    minutes: overview.medianSeconds === null ? null : Math.max(1, Math.round(overview.medianSeconds / 60)),
    people: exported(people, minimum),
    peopleText: printed(people, minimum),
    first: part === null &&
      overview.first && {
        people: overview.first.people,
        about: whole(overview.first.people),
        rows: overview.first.shares.map((share, archetype) => ({
          ...mix.rows[archetype]!,
          first: drawn(share)
        }))
      },
    tables: [
      mix,
      tableOf('Path', 'Leans to', categories.leanings, cellsOf(leans, categories.leanings), people, minimum)
    ],
    trend: part === null ? trendOf(byMonth, archetypesOf(content)) : null,
    months:
      part === null
        ? months.toReversed().map(({ month, index }) => ({
            month,
            name: longMonth(month),
            url: urlOf(paths.admin, { version, people: month }),
            people: exported(findings.rows[index]!, minimum),
            text: printed(findings.rows[index]!, minimum),
            width: axis(0, largest)(countOf(findings.rows[index]!) ?? 0),
            cells: categories.findings.map(({ name }, column) => ({
              name,
              people: exported(findings.cells[index]![column]!, minimum),
              text: printed(findings.cells[index]![column]!, minimum),
              share: shareOf(findings.cells[index]![column]!, findings.rows[index]!)
            }))
          }))
        : [],
    findings: categories.findings,
    csvUrl: urlOf(paths.export, { version, people: value }),
    jsonUrl: urlOf(paths.exportJson, { version, people: value })
  }
}

export type OverviewPage = ReturnType<typeof overviewPage>

/** The page's figures for programs, in its order. */
export function overviewExport(overview: Overview, { minimum, ...page }: OverviewPage) {
  return {
    questionnaire: page.version,
    about: page.who,
    people: page.people,
    completions: overview.completions,
    drafts: overview.drafts,
    published: overview.published,
    renewedOn: overview.renewedOn,
    percentFinished: page.rate,
    medianMinutes: page.minutes,
    tables: page.tables.map(({ title, rows }) => ({
      title,
      rows: rows.map(({ name, people, share }) => ({
        name,
        people,
        percent: share?.percent ?? null,
        low: share?.low ?? null,
        high: share?.high ?? null
      }))
    })),
    trulyFirst: page.first && {
      people: page.first.people,
      rows: page.first.rows.map(({ name, first: { percent, low, high } }) => ({ name, percent, low, high }))
    },
    months: page.months.map(({ month, people, cells }) => ({
      month,
      people,
      findings: cells.map(({ name, people }) => ({ name, people }))
    }))
  }
}

/** The same as rows, the first of them with the names of the columns. */
export function overviewTable(figures: ReturnType<typeof overviewExport>): Field[][] {
  const row = (table: string, name: string, number: Field, percent: Field = null): Field[] => [
    ...[table, name, number, percent],
    ...[null, null]
  ]
  const trulyFirst = 'Archetype mix, truly first'
  return [
    ['table', 'row', 'number', 'percent', 'low', 'high'],
    row('About', 'Questionnaire', figures.questionnaire),
    row('About', figures.about, figures.people),
    row('Now', 'Completed', figures.completions),
    row('Now', 'Begun and not completed', figures.drafts),
    row('As counted last', 'Completed', figures.published),
    row('As counted last', 'Day', figures.renewedOn),
    row('As counted last', 'Of those who began, finished', null, figures.percentFinished),
    row('As counted last', 'Median minutes', figures.medianMinutes),
    ...figures.tables.flatMap(({ title, rows }) =>
      rows.map(({ name, people, percent, low, high }) => [title, name, people, percent, low, high])
    ),
    ...(figures.trulyFirst
      ? [
          row(trulyFirst, 'Estimated from about', figures.trulyFirst.people),
          ...figures.trulyFirst.rows.map(({ name, percent, low, high }) => [
            ...[trulyFirst, name, null],
            ...[percent, low, high]
          ])
        ]
      : []),
    ...figures.months.flatMap(({ month, people, findings }) => [
      row(month, 'People', people),
      ...findings.map((finding) => row(month, finding.name, finding.people))
    ])
  ]
}

/** One row of people divided by something, as a table with a bar and a 95 % range for each. */
export function tableOf(
  title: string,
  column: string,
  labels: readonly Labelled[],
  cells: readonly Cell[],
  people: Cell,
  minimum: number
) {
  const of = countOf(people)
  return {
    id: title.toLowerCase().replaceAll(' ', '-'),
    title,
    column,
    rows: labels.map(({ id, name }, index) => {
      const cell = cells[index]!
      const count = countOf(cell)
      const known = count !== null && of !== null && of > 0 ? proportion(count, of) : null
      return {
        id,
        name,
        people: exported(cell, minimum),
        text: printed(cell, minimum),
        share: known && drawn(known)
      }
    })
  }
}

/** A share with its range in whole per cent, and where they lie on a bar. */
function drawn({ share, low, high }: Proportion) {
  const at = axis(0, 1)
  const percent = (share: number) => Math.round(100 * share)
  return {
    percent: percent(share),
    low: percent(low),
    high: percent(high),
    width: at(share),
    from: at(low),
    range: at(high - low)
  }
}

/** Of those who began, how many per cent finished; as long as nobody is published who left, that is not known. */
function rateOf({ began, published }: Overview): number | null {
  return began > published ? Math.round((100 * published) / began) : null
}
