import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { html, type Print, type Render } from '../views/rendering.ts'

/** Something went wrong that a visitor can be told about, with a page that says what to do. */
export class VisitorError extends Error {
  readonly statusCode: number
  readonly view: string
  constructor(statusCode: number, view: string) {
    super(view)
    this.statusCode = statusCode
    this.view = view
  }
}

/** Unknown, malformed and deleted: all look alike. */
export class NotFound extends VisitorError {
  constructor(view = 'errors/not-found') {
    super(404, view)
  }
}

/** The request makes no sense for this page: unknown ids, repeated fields, wrong types. */
export class BadRequest extends VisitorError {
  constructor() {
    super(400, 'errors/bad-request')
  }
}

export class Forbidden extends VisitorError {
  constructor() {
    super(403, 'errors/forbidden')
  }
}

/** Somebody asks for more than one may. */
export class TooMany extends VisitorError {
  constructor() {
    super(429, 'errors/too-many')
  }
}

/** More is asked of us than we can do at the moment. */
export class Unavailable extends VisitorError {
  constructor() {
    super(503, 'errors/unavailable')
  }
}

const viewsByStatus: Record<number, string> = {
  403: 'errors/forbidden',
  413: 'errors/too-large',
  404: 'errors/not-found',
  429: 'errors/too-many',
  503: 'errors/unavailable'
}

/** Stands in the page of a failure where the number of the request goes. */
const slot = '{request}'

/** The 404 page and one handler for everything that is thrown. */
export const errors = fp(
  async (app: FastifyInstance, { print, render }: { print: Print; render: Render }) => {
    // Printed now, as then it may be printing that fails.
    const failure = print('errors/failure', { requestId: slot })

    // Guessing links is limited; a limit for the whole site is set elsewhere.
    const tooManyMisses = app.createRateLimit({ max: 60, timeWindow: '1 minute' })

    app.setNotFoundHandler(() => {
      throw new NotFound()
    })

    app.setErrorHandler(async (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      let status = error.statusCode ?? 500
      if (status === 404) {
        const misses = await tooManyMisses(request)
        if (!misses.isAllowed && misses.isExceeded) {
          status = 429
          reply.header('retry-after', misses.ttlInSeconds)
        }
      }
      if (status === 503) {
        reply.header('retry-after', 5)
        // One of many, and no fault of the code: where it came from tells nobody anything.
        request.log.warn({ reqId: request.id, reason: error.message }, 'refused')
      } else if (status >= 500) request.log.error({ reqId: request.id, err: error }, 'request failed')
      const known = error instanceof VisitorError && error.statusCode === status
      const view = known ? error.view : viewsByStatus[status]
      if (view || status < 500) return render(reply.code(status), view ?? 'errors/bad-request', {})
      return reply
        .code(status)
        .headers({ 'x-robots-tag': 'noindex', 'content-type': html })
        .send(failure.replace(slot, request.id))
    })
  }
)
