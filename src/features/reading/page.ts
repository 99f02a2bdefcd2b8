import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { type Archetype, type Aspect, archetypes, type Page } from '../../content/schema.ts'
import { citing, sourcesOf } from '../../web/citations.ts'
import { paths } from '../../web/paths.ts'

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

export function archetypesPage(content: Content) {
  return {
    title: 'The four staff archetypes',
    description:
      'Tech Lead, Architect, Solver and Right Hand: four kinds of staff engineering, side by side.',
    canonical: paths.archetypes,
    cards: archetypes.map((id) => {
      const { name, definition, lead } = content.archetypes[id]
      return { id, name, definition, lead, url: paths.archetype(id) }
    }),
    choices: choices(content),
    otherChoices: choices(content, archetypes[1])
  }
}

export function archetypePage(content: Content, id: Archetype) {
  const text = content.archetypes[id]
  const cite = citing(content.sources)
  const hours = text.week.reduce((sum, row) => sum + row.hours, 0)
  return {
    title: text.name,
    description: text.definition,
    canonical: paths.archetype(id),
    id,
    name: text.name,
    lead: text.lead,
    what: text.description.map(cite),
    goodWeek: text.goodWeek.map(cite),
    week: text.week,
    hours,
    weekNote: cite(text.weekNote),
    aspects: aspects.map(([key, heading]) => ({ heading, ...cite(text.aspects[key]) })),
    failureModes: text.failureModes.map((mode) => ({ name: mode.name, ...cite(mode) })),
    questions: text.questions,
    differs: archetypes
      .filter((other) => other !== id)
      .map((other) => ({
        name: content.archetypes[other].name,
        url: paths.archetype(other),
        compare: paths.comparison(id, other),
        ...cite(text.differs[other] ?? { text: '', sources: [] })
      })),
    sources: sourcesOf(text, content.sources)
  }
}

/** Two archetypes side by side, or, with null, the form alone. */
export function comparePage(content: Content, chosen: { a: Archetype; b: Archetype } | null) {
  const cite = citing(content.sources)
  const { a, b } = chosen ?? { a: archetypes[0], b: archetypes[1] }
  const same = chosen !== null && a === b
  const [first, second] = [content.archetypes[a], content.archetypes[b]]
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
    difference: fault ? null : cite(first.differs[b] ?? { text: '', sources: [] }),
    rows: fault
      ? []
      : aspects.map(([key, heading]) => ({
          heading,
          first: cite(first.aspects[key]),
          second: cite(second.aspects[key])
        })),
    sources: fault ? [] : sourcesOf([first.aspects, second.aspects, first.differs[b]], content.sources)
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
  const cite = citing(content.sources)
  const said = (text: string) => fill(text, numbers)
  return {
    title: page.title,
    description: page.description,
    canonical: url,
    lead: said(page.lead),
    sections: page.sections.map(({ id, heading, paragraphs, list }) => ({
      id,
      heading,
      paragraphs: paragraphs.map((passage) => cite({ ...passage, text: said(passage.text) })),
      list: list.map((entry) => ({ name: entry.name ?? null, ...cite({ ...entry, text: said(entry.text) }) }))
    })),
    sources: sourcesOf(page, content.sources)
  }
}
