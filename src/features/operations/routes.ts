import type { FastifyInstance } from 'fastify'
import { NotFound } from '../../web/http/errors.ts'
import type { Metrics } from '../../web/http/metrics.ts'
import { paths } from '../../web/paths.ts'
import { isScraper, type Watched } from './scraper.ts'

type Dependencies = { isReady: () => Promise<unknown>; metrics: Metrics; watched: Watched }

/** For monitors and load balancers: is the process alive, can it answer visitors, and what has it done? */
export function ops({ isReady, metrics, watched }: Dependencies) {
  const open = { config: { access: 'public' as const, rateLimit: false as const } }

  return async (app: FastifyInstance) => {
    app.get(paths.health, open, async () => ({ status: 'ok' }))

    app.get(paths.ready, open, async (request, reply) => {
      try {
        await isReady()
        return { status: 'ready' }
      } catch (error) {
        request.log.error({ reqId: request.id, err: error }, 'not ready')
        return reply.code(503).send({ status: 'not ready' })
      }
    })

    app.get(paths.metrics, { config: { access: 'scraper' } }, async (request, reply) => {
      if (!isScraper(request, watched)) throw new NotFound()
      return reply.type(metrics.contentType).send(await metrics.text())
    })
  }
}
