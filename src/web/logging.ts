import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { destination } from 'pino'

/** Where lines go: to standard output, several at once if they come faster than they can be written. */
export function logger(level: string) {
  return { level, stream: destination({ fd: 1, sync: false }) }
}

/**
 * One line a request, and nothing in it that leads to a person: no address, no user agent, no cookie, and the
 * pattern of the route instead of its URL, which may hold somebody's private link. What is the same for everybody is
 * counted in the metrics, and not told one by one: a line would take longer than the answer.
 */
export class PrivateLog extends LogController {
  override incomingRequest() {}
  override routeNotFound() {}

  override requestCompleted(_error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply) {
    if (reply.isShared) return
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10
      },
      'request'
    )
  }
}
