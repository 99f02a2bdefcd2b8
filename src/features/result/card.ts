import type { FastifyInstance } from 'fastify'
import { hashOf, isToken } from '../../attempt/tokens.ts'
import type { Content } from '../../content/load.ts'
import type { Results } from '../../database/stores/results.ts'
import { NotFound } from '../../web/http/errors.ts'
import type { RenderCard } from '../../web/views/cards.ts'
import { findingOf } from './finding.ts'
import { chartOf } from './page.ts'

type Dependencies = { results: Results; content: Content; renderCard: RenderCard }

/** The picture beside a shared result: its finding and its profile. */
export function resultCard({ results, content, renderCard }: Dependencies) {
  return async (app: FastifyInstance) => {
    // A picture takes as long to draw as a hundred pages; whoever shows a link asks once.
    const rateLimit = { max: 60, timeWindow: '1 minute' }
    app.get('/og/:token.png', { config: { access: 'public', rateLimit } }, async ({ params }, reply) => {
      const { token } = params as { token?: unknown }
      const result = isToken(token) ? await results.byViewLink(hashOf(token)) : null
      if (!result) throw new NotFound()
      const { finding } = findingOf(result.scores, content)
      const { rows } = chartOf(result.scores, content)
      return renderCard(reply.header('x-robots-tag', 'noindex'), {
        headline: finding,
        rows: rows.map(({ id, name, ...bar }) => ({ id, name, bar }))
      })
    })
  }
}
