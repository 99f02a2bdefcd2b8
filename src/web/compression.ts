import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

const gzipped = promisify(gzip)
const text = /^(text\/|image\/svg|application\/(json|javascript))/
const partial = 206
const notModified = 304

/**
 * Sends text compressed to whoever can read it so. No page holds both a secret and something that another site
 * could put there: so sizes betray nothing (the BREACH attack).
 */
export const compression = fp(async (app: FastifyInstance) => {
  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    if (!text.test(String(reply.getHeader('content-type')))) return payload
    reply.header('vary', 'accept-encoding')
    const isAccepted = /\bgzip\b/.test(String(request.headers['accept-encoding']))
    const isWhole = request.method !== 'HEAD' && ![partial, notModified].includes(reply.statusCode)
    if (!isAccepted || !isWhole) return payload
    reply.header('content-encoding', 'gzip').removeHeader('content-length')
    if (payload instanceof Readable) return pipeline(payload, createGzip(), () => {})
    return gzipped(payload as string | Buffer)
  })
})
