import { anyOf, backwardWords, naturalPairs } from './limits.ts'

/**
 * Why a statement makes two claims, or null. Somebody to whom only one of them applies could not answer.
 *
 * A rule of thumb that needs no grammar: a statement is one sentence; it joins parts at most once, by "and"; and
 * the second part refers back to the first ("I hear what each side needs and broker terms that *both* accept"),
 * so that it is the next step of one act. The natural pairs of limits.ts do not count as joins.
 */
export function secondClaimIn(statement: string): string | null {
  const text = naturalPairs.reduce(
    (text, pair) => text.replaceAll(pair, 'pair'),
    statement.toLowerCase().replace(/\.$/, '')
  )
  if (/[.;:!?]|\s[–—-]\s/.test(text)) return 'is more than one sentence'

  const [, ...joins] = text.split(/\s+(?=(?:and|or|but|nor|as well as)\s)/)
  const [join, another] = joins
  if (!join) return null
  if (another) return `joins more than two parts: “${join} … ${another}”`
  if (!join.startsWith('and ')) return `joins two claims: “${join}”`
  if (anyOf(backwardWords).test(join)) return null
  return `joins two claims: “${join}” refers to nothing before it`
}
