import Negotiator from 'negotiator'

/** How bytes are sent: compressed, or as they are. */
export type Encoding = 'br' | 'gzip' | 'identity'

/** Of those that a client likes equally well, the one that makes most texts smallest. */
const smallestFirst: Encoding[] = ['br', 'gzip', 'identity']

/** Browsers send a handful of different headers; of whoever sends many more, each is read anew. */
const remembered = 100

/** Part of negotiator 1.1 that its types do not know yet. */
type Preferring = { encodings(available: Encoding[], options: { preferred: Encoding[] }): string[] }

/**
 * Finds the encoding that a client likes best, from its header Accept-Encoding, or null if it accepts none. Without
 * the header, bytes are sent as they are: whoever sends none can often read nothing else.
 */
export function encodingFinder(available = smallestFirst) {
  const known = new Map<string, Encoding | null>()

  return (accepted = ''): Encoding | null => {
    const before = known.get(accepted)
    if (before !== undefined) return before
    const negotiator: Preferring = new Negotiator({ headers: { 'accept-encoding': accepted } })
    const [best = null] = negotiator.encodings(available, { preferred: available }) as Encoding[]
    if (known.size < remembered) known.set(accepted, best)
    return best
  }
}
