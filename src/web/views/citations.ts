import type { Passage, Sources } from '../../content/schema.ts'

const howRead = {
  full: 'read in full',
  excerpt: 'read in part',
  'second-hand': 'through a summary by others'
}

/**
 * The sources that a page cites anywhere in `value`: numbered in order of name for its end, and a passage with
 * references to them, short enough to read past.
 */
export function referencesIn(value: unknown, sources: Sources) {
  const list = [...new Set(codesIn(value))]
    .map((code) => ({ code, source: sources[code]! }))
    .sort(
      ({ source: a }, { source: b }) => a.author.localeCompare(b.author) || a.title.localeCompare(b.title)
    )
    .map(({ code, source: { author, title, url, read } }, index) => ({
      code,
      number: index + 1,
      author,
      title,
      url: url ?? null,
      read: howRead[read]
    }))
  return {
    sources: list,
    refer: ({ text, sources: codes }: Passage) => ({
      text,
      references: codes.map((code) => list.find((source) => source.code === code)!)
    })
  }
}

function codesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(codesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'sources' ? (inner as string[]) : codesIn(inner)
  )
}
