import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import {
  type Archetype,
  type ArchetypeText,
  type Aspect,
  archetypes,
  type Page,
  type Table
} from '../../content/schema.ts'
import { paths } from '../../web/paths.ts'
import { axis, ticks } from '../../web/views/charts.ts'
import { referencesIn } from '../../web/views/citations.ts'

/** The aspects in which archetypes are described and compared, in the order of reading. */
const aspects: [Aspect, string][] = [
  ['owns', 'What it owns'],
  ['horizon', 'Time horizon'],
  ['worksWith', 'Works with'],
  ['authority', 'Where authority comes from'],
  ['energises', 'What gives energy'],
  ['frustrates', 'What frustrates'],
  ['judgedBy', 'How success is judged'],
  ['peopleManagement', 'People management'],
  ['whereItExists', 'Where it exists'],
  ['entryPath', 'How people get there']
]

type Refer = ReturnType<typeof referencesIn>['refer']

export function archetypesPage(content: Content) {
  const { refer, sources } = referencesIn(content.map, content.sources)
  return {
    title: 'The four staff archetypes',
    description:
      'Tech Lead, Architect, Solver and Right Hand: four kinds of staff engineering, side by side.',
    canonical: paths.archetypes,
    cards: archetypes.map((id) => {
      const { name, definition, lead } = content.archetypes[id]
      return { id, name, definition, lead, url: paths.archetype(id) }
    }),
    map: mapOf(content, refer),
    choices: choices(content),
    otherChoices: choices(content, archetypes[1]),
    sources
  }
}

/** How far the axes of the map go: beyond 1, so that a name has room around the outermost mark. */
const reach = 1.2
/** CSS pixels of the map from an end of its upright axis to the middle, and of half a mark. */
const quadrantHeight = 180
const halfMark = 14

/** The map as four quadrants, as text in a drawing would not wrap, and the same in words. */
function mapOf({ archetypes: texts, map }: Content, refer: Refer) {
  const quadrants = [
    { rooted: true, technical: true, end: map.axes.across.low },
    { rooted: false, technical: true, end: map.axes.across.high },
    { rooted: true, technical: false, end: null },
    { rooted: false, technical: false, end: null }
  ]
  return {
    heading: map.heading,
    text: map.text,
    caution: refer(map.caution),
    up: map.axes.up,
    quadrants: quadrants.map(({ rooted, technical, end }) => {
      const id = archetypes.find(
        (id) => map.places[id].across < 0 === rooted && map.places[id].up > 0 === technical
      )!
      const { across, up } = map.places[id]
      // From the quadrant’s own corner: 0 to 1 across, and pixels down.
      const x = (rooted ? reach + across : across) / reach
      const y = ((technical ? reach - up : -up) / reach) * quadrantHeight
      // The mark and its name are centred beside an empty space, which brings them to x.
      const space = `${Math.round(Math.abs(2 * x - 1) * 100)}%`
      return {
        id,
        name: texts[id].name,
        before: x > 0.5 ? space : null,
        after: x < 0.5 ? space : null,
        y,
        height: y + halfMark,
        end
      }
    }),
    places: archetypes.map((id) => ({
      name: texts[id].name,
      url: paths.archetype(id),
      ...refer(map.places[id])
    }))
  }
}

export function archetypePage(content: Content, id: Archetype) {
  const text = content.archetypes[id]
  const { refer, sources } = referencesIn(text, content.sources)
  return {
    title: text.name,
    description: text.definition,
    canonical: paths.archetype(id),
    id,
    name: text.name,
    definition: text.definition,
    lead: text.lead,
    what: text.description.map(refer),
    goodWeek: text.goodWeek.map(refer),
    week: weekOf(text, refer),
    aspects: aspects.map(([key, heading]) => ({ heading, ...refer(text.aspects[key]) })),
    failureModes: text.failureModes.map((mode) => ({ name: mode.name, ...refer(mode) })),
    questions: text.questions,
    differs: archetypes
      .filter((other) => other !== id)
      .map((other) => ({
        name: content.archetypes[other].name,
        url: paths.archetype(other),
        compare: paths.comparison(id, other),
        ...refer(text.differs[other]!)
      })),
    sources
  }
}

/** A week as rows of a table that is also the chart: every row is measured along the whole week. */
function weekOf({ week, weekNote }: ArchetypeText, refer: Refer) {
  const hours = week.reduce((sum, row) => sum + row.hours, 0)
  const at = axis(0, hours)
  return {
    hours,
    rows: week.map((row) => ({ ...row, width: at(row.hours) })),
    ticks: ticks(0, hours, 5, 10),
    note: refer(weekNote)
  }
}

/** Two archetypes side by side, or, with null, the form alone. */
export function comparePage(content: Content, chosen: { a: Archetype; b: Archetype } | null) {
  const { a, b } = chosen ?? { a: archetypes[0], b: archetypes[1] }
  const same = chosen !== null && a === b
  const [first, second] = [content.archetypes[a], content.archetypes[b]]
  const { refer, sources } = referencesIn([first.aspects, second.aspects, first.differs[b]], content.sources)
  const fault = same ? 'Choose two different archetypes' : chosen ? null : 'Choose two of the four archetypes'
  return {
    title: fault ? 'Compare two archetypes' : `${first.name} and ${second.name} compared`,
    description: 'Two staff archetypes side by side: what they own, whom they work with, what gives energy.',
    canonical: paths.compare,
    fault,
    choices: choices(content, a),
    otherChoices: choices(content, b),
    first: { name: first.name, url: paths.archetype(a) },
    second: { name: second.name, url: paths.archetype(b) },
    difference: fault ? null : refer(first.differs[b]!),
    rows: fault
      ? []
      : aspects.map(([key, heading]) => ({
          heading,
          first: refer(first.aspects[key]),
          second: refer(second.aspects[key])
        })),
    sources: fault ? [] : sources
  }
}

function choices(content: Content, selected?: Archetype) {
  return archetypes.map((id) => ({ id, name: content.archetypes[id].name, selected: id === selected }))
}

export function prosePage(
  content: Content,
  page: Page,
  url: string,
  numbers: Record<string, string | number>
) {
  const { refer, sources } = referencesIn(page, content.sources)
  const said = (text: string) => fill(text, numbers)
  return {
    title: page.title,
    description: page.description,
    canonical: url,
    lead: said(page.lead),
    sections: page.sections.map(({ id, heading, paragraphs, table, list }) => ({
      id,
      heading,
      paragraphs: paragraphs.map((passage) => refer({ ...passage, text: said(passage.text) })),
      table: table ? tableOf(table, said) : null,
      list: list.map((entry) => ({
        name: entry.name ?? null,
        ...refer({ ...entry, text: said(entry.text) })
      }))
    })),
    sources
  }
}

/** A table whose cells, under the first one of a row, carry the heading of their column. */
function tableOf({ caption, columns, rows }: Table, said: (text: string) => string) {
  const [, ...labels] = columns.map(said)
  return {
    caption: said(caption),
    columns: columns.map(said),
    rows: rows.map(([heading, ...cells]) => ({
      heading: said(heading!),
      cells: cells.map((cell, index) => ({ label: labels[index]!, text: said(cell) }))
    }))
  }
}
