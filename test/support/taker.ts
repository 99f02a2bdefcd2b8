import type { Archetype } from '../../src/content/schema.ts'
import type { Visitor } from './app.ts'
import { content } from './app.ts'

/** How somebody answers: which of four statement ids are Most and Least, and which of n options. */
export type Manner = {
  set(statements: string[]): { most: string; least: string }
  option(values: string[], name: string): string
}

const archetypeOf = new Map(
  content.current.blocks.flatMap(({ statements }) => statements.map(({ id, archetype }) => [id, archetype]))
)

/** Always marks this archetype's statement Most; everything else by `random`. */
export function devotedTo(archetype: string, random: () => number): Manner {
  return marking((statements) => statements.find((id) => archetypeOf.get(id) === archetype) as string, random)
}

/** Picks by chance. */
export function careless(random: () => number): Manner {
  return marking((statements) => pick(statements, random), random)
}

function marking(mostOf: (statements: string[]) => string, random: () => number): Manner {
  return {
    set(statements) {
      const most = mostOf(statements)
      return {
        most,
        least: pick(
          statements.filter((id) => id !== most),
          random
        )
      }
    },
    option: (values) => pick(values, random)
  }
}

/** Always the first place Most, the second Least, the first option. */
export const straightLine: Manner = {
  set: ([most, least]) => ({ most: most as string, least: least as string }),
  option: ([first]) => first as string
}

/** Marks these archetypes Most, and those Least, in turn. */
export function inTurn(most: readonly Archetype[], least: readonly Archetype[]): Manner {
  let turn = 0
  const next = (ids: string[], of: readonly Archetype[]) =>
    ids.find((id) => archetypeOf.get(id) === of[turn % of.length])
  return {
    set(statements) {
      const marks = { most: next(statements, most) as string, least: next(statements, least) as string }
      turn++
      return marks
    },
    option(values) {
      const value = next(values, most) ?? (values[turn % values.length] as string)
      turn++
      return value
    }
  }
}

/** Seems to have had each page before them for half a minute, as somebody who reads. */
export function reader(visitor: Visitor): Visitor {
  const earlier = (fields: Record<string, string>) =>
    fields.shown ? { ...fields, shown: String(Number(fields.shown) - 30_000) } : fields
  return {
    ...visitor,
    post: (url, fields = {}) => visitor.post(url, typeof fields === 'string' ? fields : earlier(fields))
  }
}

function pick<T>(values: T[], random: () => number): T {
  return values[Math.floor(random() * values.length)] as T
}

/** The answers to the form on a page, as its fields. */
export function fill(html: string, manner: Manner): Record<string, string> {
  const fields: Record<string, string> = {}
  const groups = new Map<string, string[]>()
  for (const { type, name, value } of inputsOf(html)) {
    if (type === 'hidden') fields[name!] = value!
    if (type === 'radio') groups.set(name!, [...(groups.get(name!) ?? []), value!])
  }
  if (groups.has('most')) return { ...fields, ...manner.set(groups.get('most')!) }
  for (const [name, values] of groups) fields[name] = manner.option(values, name)
  return fields
}

/** Where the form on a page is sent. */
export function actionOf(html: string): string {
  return attributesOf(/<form\b[^>]*>/.exec(mainOf(html))![0]).action!
}

/** The attributes of the inputs on a page. Thousands of pages are filled in, so none is parsed as a whole. */
function inputsOf(html: string) {
  return [...mainOf(html).matchAll(/<input\b[^>]*>/g)].map(([tag]) => attributesOf(tag))
}

function mainOf(html: string): string {
  return html.slice(html.indexOf('<main'), html.indexOf('</main>'))
}

/** Of a tag of ours: names, numbers and ids, all in quotes and with nothing to unescape. */
function attributesOf(tag: string): Record<string, string | undefined> {
  return Object.fromEntries([...tag.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
}

/** Takes the whole quiz as a person without JavaScript would, and returns the URL of the result. */
export async function take(visitor: Visitor, manner: Manner, door = '/quiz'): Promise<string> {
  let url = (await visitor.post(door)).headers.location as string
  while (url.startsWith('/quiz')) {
    const page = await visitor.get(url)
    const action = actionOf(page.body)
    const answered = await visitor.post(action, fill(page.body, manner))
    if (answered.statusCode !== 303) throw new Error(`${action} answered ${answered.statusCode}`)
    url = answered.headers.location as string
  }
  return url
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
