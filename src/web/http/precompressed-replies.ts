import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import fresh from 'fresh'
import { encodingFinder } from './encodings.ts'
import { VisitorError } from './errors.ts'
import type { ReadyBytes, Variant } from './precompressed.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Sends bytes that are the same for everybody, or that a client has them already. */
    sendReady(bytes: ReadyBytes): FastifyReply
    /** Whether the same was sent as to everybody else. */
    isShared: boolean
  }
}

/**
 * Lets replies send bytes that are ready, with these headers. They are written to the response itself: to put some
 * fifteen headers into a reply one by one would take a tenth of the time of the answer, and nothing is left to do to them.
 */
export const readyReplies = fp(async (app, { headers: common }: { headers: Record<string, string> }) => {
  const encodingOf = encodingFinder()
  const heads = new WeakMap<Variant, { ok: string[]; notModified: string[]; body: string }>()

  function headsOf(variant: Variant) {
    const { bytes, validators, description } = variant
    const notModified = { ...common, ...validators }
    const ok = { ...notModified, ...description, 'content-length': `${bytes.length}` }
    // In one piece with the head: Node writes a string at once, and head and bytes one after the other.
    const made = { ok: flat(ok), notModified: flat(notModified), body: bytes.toString('latin1') }
    heads.set(variant, made)
    return made
  }

  app.decorateReply('isShared', false)
  app.decorateReply('sendReady', function (this: FastifyReply, ready: ReadyBytes) {
    const { headers, method } = this.request
    const encoding = encodingOf(headers['accept-encoding'])
    if (!encoding) throw new VisitorError(406, 'errors/bad-request')
    const variant = ready.in(encoding)
    const { ok, notModified, body } = heads.get(variant) ?? headsOf(variant)

    this.isShared = true
    const { raw } = this.hijack()
    if (fresh(headers, variant.validators)) raw.writeHead(304, notModified).end()
    else raw.writeHead(200, ok).end(method === 'HEAD' ? undefined : body, 'latin1')
    return this
  })
})

/** Names and values in turn, as Node takes them fastest. */
function flat(headers: Record<string, string>): string[] {
  return Object.entries(headers).flat()
}
