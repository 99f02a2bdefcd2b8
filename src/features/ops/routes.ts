import type { FastifyInstance } from 'fastify'
import { paths } from '../../web/paths.ts'

/** For monitors and load balancers: is the process alive, and can it answer visitors? */
export function ops({ isReady }: { isReady: () => Promise<unknown> }) {
  const open = { config: { access: 'public' as const, rateLimit: false as const } }

  return async (app: FastifyInstance) => {
    app.get(paths.health, open, async () => ({ status: 'ok' }))

    app.get(paths.ready, open, async (request, reply) => {
      try {
        await isReady()
        return { status: 'ready' }
      } catch (error) {
        request.log.error({ err: error }, 'not ready')
        return reply.code(503).send({ status: 'not ready' })
      }
    })
  }
}
