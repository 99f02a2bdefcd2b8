import { paths } from '../../web/paths.ts'
import type { Token } from '../../web/tokens.ts'

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
