import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

/** Who may read the metrics: whoever has the token or, where none is set, this computer, if it is meant to be alone. */
export type Watched = { token: string | null; isLocal: boolean }

const passedOn = /^(?:via|forwarded|x-forwarded-.*|x-real-ip|.*-client-ip|.*-connecting-ip)$/
const ourselves = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a request may read the metrics. Of those without a token it refuses what a proxy on this computer passes on
 * for somebody else, and what a page elsewhere asks for under a name of its own that leads to this computer.
 */
export function isScraper(
  { headers, hostname, socket }: FastifyRequest,
  { token, isLocal }: Watched
): boolean {
  if (token !== null) return isSame(headers.authorization ?? '', `Bearer ${token}`)
  return (
    isLocal &&
    isLoopback(socket.remoteAddress ?? '') &&
    ourselves.has(hostname) &&
    !Object.keys(headers).some((name) => passedOn.test(name))
  )
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}

/** Takes as long whatever is different. */
function isSame(given: string, wanted: string): boolean {
  const hashed = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hashed(given), hashed(wanted))
}
