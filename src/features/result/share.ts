import type { Token } from '../../attempt/tokens.ts'
import { paths } from '../../web/paths.ts'

type Shared = { finding: string; rows: { name: string; share: number }[] }

/** What other sites are told of a result, by whoever shares it: always under the view link. */
export function shareOf({ finding, rows }: Shared, view: Token) {
  const profile = rows.map(({ name, share }) => `${name} ${share}%`).join(', ')
  return {
    url: paths.view(view),
    image: paths.card(view),
    alt: `${finding}. ${profile}.`,
    description: `How the answers divide among the four staff archetypes: ${profile}.`
  }
}
