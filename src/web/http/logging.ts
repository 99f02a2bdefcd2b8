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
 * pattern of the route instead of its URL, which may hold somebody's private link. What was only read is counted in the
 * metrics, and told one by one at the level `debug` only, what is the same for everybody never: a line would take longer
 * than the answer.
 */
export class PrivateLog extends LogController {
  override incomingRequest() {}
  override routeNotFound() {}

  override requestCompleted(_error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply) {
    const wasRead = reply.statusCode < 400 && (request.method === 'GET' || request.method === 'HEAD')
    if (reply.isShared) return
    request.log[wasRead ? 'debug' : 'info'](
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
