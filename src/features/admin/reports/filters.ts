import * as z from 'zod'
import type { Content } from '../../../content/load.ts'

/** The versions that people have been asked, newest first: later ones are loaded, but wait to be published. */
export function versionsOf(content: Content): string[] {
  return [...content.questionnaires.keys()].filter((version) => version <= content.current.version).reverse()
}

export type Option = { value: string; text: string; isChosen: boolean }

/** One select of a form. The page shows the first of its options by itself. */
export type Filter = {
  name: string
  label: string
  options: Option[]
  groups: { label: string; options: Option[] }[]
}

export function versionFilter(content: Content, chosen: string): Filter {
  const options = versionsOf(content).map((value) => ({ value, text: value, isChosen: value === chosen }))
  return { name: 'version', label: 'Questionnaire', options, groups: [] }
}

export type Form = ReturnType<typeof formOf>

/** The form above a page, without what leaves no choice. What it keeps is sent along, and is no choice of its own. */
export function formOf(page: string, filters: readonly Filter[], kept: Record<string, string> = {}) {
  const offered = filters.filter(({ options, groups }) => options.length + groups.length > 1)
  return {
    page,
    filters: offered,
    kept: Object.entries(kept).map(([name, value]) => ({ name, value })),
    isChosen: offered.some(({ options }) => !options[0]!.isChosen)
  }
}

/** Figures were asked for that are not there: of a version, a month or a group. The message says why. */
export class NoFigures extends Error {
  readonly form: Form
  constructor(message: string, form: Form) {
    super(message)
    this.form = form
  }
}

/** What the address of a page asks for: a version, and these. Throws NoFigures where it cannot be had. */
export function queryFor<Shape extends z.ZodRawShape>(page: string, content: Content, shape: Shape) {
  const { version } = content.current
  const Query = z.strictObject(
    { version: z.enum(versionsOf(content), 'There is no such questionnaire.').default(version), ...shape },
    'The address asks for something that cannot be chosen here.'
  )
  return (query: unknown) => {
    const parsed = Query.safeParse(query)
    if (parsed.success) return parsed.data
    throw new NoFigures(parsed.error.issues[0]!.message, formOf(page, [versionFilter(content, version)]))
  }
}

/** The address of a page with what was chosen; what is empty is left out. */
export function urlOf(page: string, chosen: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== '')).toString()
  return query ? `${page}?${query}` : page
}
