import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { destination } from 'pino'

/**
 * Writes lines to standard output, several at once when there are many: one by one they would take as long as reading the
 * database. The rest follows within half a second, or when the process ends.
 */
export function logger(level: string) {
  return { level, stream: destination({ fd: 1, sync: false, minLength: 4096, periodicFlush: 500 }) }
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
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10
      },
      'request'
    )
  }
}
