import type { FastifyInstance } from 'fastify'
import type { Content } from '../../content/load.ts'
import { archetypes } from '../../content/schema.ts'
import { readyBytes } from '../../web/http/precompressed.ts'
import { paths } from '../../web/paths.ts'
import type { RenderCard } from '../../web/views/cards.ts'
import type { Print } from '../../web/views/rendering.ts'

type Dependencies = { content: Content; print: Print; renderCard: RenderCard; origin: string }

/** Every page that search engines may show. */
const indexed = [
  paths.home,
  paths.archetypes,
  ...archetypes.map(paths.archetype),
  paths.compare,
  paths.path,
  paths.habits,
  paths.limits,
  paths.howItWorks,
  paths.privacy,
  paths.accessibility
]

/** What other sites ask for: the picture beside a link to us, which pages there are, and which to leave alone. */
export function sharing({ content, print, renderCard, origin }: Dependencies) {
  const open = { config: { access: 'public' as const } }

  return async (app: FastifyInstance) => {
    app.get(paths.homeCard, open, async (_request, reply) =>
      renderCard(reply, {
        headline: 'Which staff archetype fits you, and which path',
        rows: archetypes.map((id) => ({ id, name: content.archetypes[id].name }))
      })
    )

    const files = {
      [paths.sitemap]: readyBytes({
        type: 'application/xml; charset=utf-8',
        body: () => print('sharing/sitemap', { pages: indexed })
      }),
      [paths.robots]: readyBytes({ type: 'text/plain; charset=utf-8', body: () => robots(origin) })
    }
    for (const [url, file] of Object.entries(files)) {
      app.get(url, open, (_request, reply) => {
        reply.sendReady(file)
      })
    }
  }
}

/** Shared results may be read, for the preview of a link, and say themselves that they are not to be indexed. */
function robots(origin: string): string {
  return `User-agent: *
Disallow: ${paths.manage('')}
Disallow: ${paths.join('')}
Disallow: ${paths.quiz}
Disallow: ${paths.admin}

Sitemap: ${origin}${paths.sitemap}
`
}
