import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import fresh from 'fresh'
import { encodingFinder } from './encodings.ts'
import { VisitorError } from './errors.ts'
import type { ReadyBytes } from './ready-bytes.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends bytes that are the same for everybody, or that a client has them already. */
    sendReady(bytes: ReadyBytes): FastifyReply
    /** Whether the same was sent as to everybody else. */
    isShared: boolean
  }
}

/** Lets replies send bytes that are ready. */
export const readyReplies = fp(async (app) => {
  const encodingOf = encodingFinder()

  app.decorateReply('isShared', false)
  app.decorateReply('sendReady', function (this: FastifyReply, ready: ReadyBytes) {
    const { headers } = this.request
    const encoding = encodingOf(headers['accept-encoding'])
    if (!encoding) throw new VisitorError(406, 'errors/bad-request')
    const { bytes, validators, description } = ready.in(encoding)
    this.isShared = true
    this.headers(validators)
    if (fresh(headers, validators)) return this.code(304).send()
    return this.headers(description).send(bytes)
  })
})
