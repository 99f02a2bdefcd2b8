import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { html, type Print } from '../views/rendering.ts'
import { Unavailable } from './errors.ts'

/** So many requests are worked on at once, at most: at a thousand a second, the last of them takes a fifth of one. */
const most = 200
/** Milliseconds after which the beginning of an answer is no longer waited for. */
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
    /** The longest under way first. */
    const underWay = new Map<ServerResponse, FastifyReply>()

    function admit(_request: FastifyRequest, reply: FastifyReply, done: () => void) {
      if (underWay.size < most) {
        underWay.set(reply.raw, reply)
        reply.raw.on('close', leave)
        return done()
      }
      // As for other ready bytes: counted, and not logged one by one.
      reply.isShared = true
      const { raw } = reply.hijack()
      raw.writeHead(503, head).end(page)
    }

    function leave(this: ServerResponse) {
      underWay.delete(this)
    }

    // One clock for all: a timer for each request, as Fastify would set, takes a twentieth of the time of a page.
    const clock = setInterval(() => {
      for (const reply of underWay.values()) {
        if (reply.elapsedTime < longest) break
        if (!reply.sent) reply.send(new Unavailable())
      }
    }, 1_000).unref()
    app.addHook('onClose', async () => clearInterval(clock))

    app.addHook('onRoute', (route: RouteOptions) => {
      // Once its body is there: whoever sends that slowly takes nobody's place.
      route.preValidation = [admit, ...[route.preValidation ?? []].flat()]
    })
  }
)
