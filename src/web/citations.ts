import type { Passage, Sources } from '../content/schema.ts'

/** A paragraph with its sources by name, ready to be printed. */
export type Cited = { text: string; sources: { name: string; url: string | null }[] }

export function citing(sources: Sources) {
  return ({ text, sources: codes }: Passage): Cited => ({
    text,
    sources: codes.map((code) => {
      const source = sources[code]
      if (!source) throw new Error(`There is no source ${code}`)
      return { name: `${source.author.split(' ').at(-1)}, ${source.title}`, url: source.url ?? null }
    })
  })
}

const howRead = {
  full: 'read in full',
  excerpt: 'read in part',
  'second-hand': 'through a summary by others'
}

/** Every source that a page cites, in order of name, for its end. */
export function sourcesOf(value: unknown, sources: Sources) {
  const codes = new Set(codesIn(value))
  return [...codes]
    .map((code) => sources[code])
    .filter((source) => source !== undefined)
    .map(({ author, title, url, read }) => ({ author, title, url: url ?? null, read: howRead[read] }))
    .sort((a, b) => a.author.localeCompare(b.author) || a.title.localeCompare(b.title))
}

function codesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(codesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'sources' ? (inner as string[]) : codesIn(inner)
  )
}
