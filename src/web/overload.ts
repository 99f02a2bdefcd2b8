import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { html, type Print } from './views.ts'

/** So many requests are worked on at once, at most: at a thousand a second, the last of them takes a fifth of one. */
const most = 200
/** Milliseconds that one may take, unless its route says otherwise. Shared pages need no such clock, which costs them 5 %. */
const longest = 10_000

/**
 * Bounds the work on all routes that are added after it: whoever comes while too many are worked on is refused at once,
 * which costs next to nothing, so that the others are still served in time. Their number is what is bounded, not the
 * delay of the event loop: it is known at every request, and says what a new one would have to wait for, whether the
 * processor is at its end, the disk or the database.
 */
export const overload = fp(
  async (app, { headers, print }: { headers: Readonly<Record<string, string>>; print: Print }) => {
    const page = Buffer.from(print('errors/unavailable', {}))
    const head = Object.entries({
      ...headers,
      'content-type': html,
      'content-length': `${page.length}`,
      'x-robots-tag': 'noindex',
      'retry-after': '5'
    }).flat()
    let underWay = 0

    function admit(_request: FastifyRequest, reply: FastifyReply, done: () => void) {
      if (underWay < most) {
        underWay += 1
        reply.raw.once('close', () => {
          underWay -= 1
        })
        return done()
      }
      // As for other ready bytes: counted, and not logged one by one.
      reply.isShared = true
      const { raw } = reply.hijack()
      raw.writeHead(503, head).end(page)
    }

    app.addHook('onRoute', (route: RouteOptions) => {
      route.handlerTimeout ??= longest
      // Once its body is there: whoever sends that slowly takes nobody's place.
      route.preValidation = [admit, ...[route.preValidation ?? []].flat()]
    })
  }
)
