import { gunzipSync, gzipSync } from 'node:zlib'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { encodingFinder } from './encodings.ts'
import { VisitorError } from './errors.ts'
import { type GzipWithRoom, gzipWithRoom } from './gzip-with-room.ts'

/**
 * A page for one visitor. The key names all that it depends on: pages with the same key are the same. A page that says
 * once when it was sent (13 digits) is the same but for that.
 */
export type PersonalPage = { key: string } & (
  | { print: () => Promise<string> }
  | { printAt: (now: string) => string }
)

declare module 'fastify' {
  interface FastifyReply {
    /** Sends a page for this visitor only, printed and compressed anew unless it was sent before. */
    sendPersonal(page: PersonalPage): Promise<FastifyReply>
    /** Drops the kept pages whose keys begin like this: what they are about was deleted. */
    forgetPersonal(start: string): void
  }
}

type Kept = { gzip: GzipWithRoom; head: string[] }

/** Bytes of compressed pages that are kept in memory: some thousand. What was not asked for longest goes first. */
const most = 16 * 1024 * 1024

/** Stands for the time in a page that is kept. */
const anyTime = '8093561724905'

/** Lets replies send pages for one visitor, with these headers, from what was sent before. */
export const personalPages = fp(async (app, { headers }: { headers: Readonly<Record<string, string>> }) => {
  const encodingOf = encodingFinder(['gzip', 'identity'])
  const kept = new LRUCache<string, Kept>({
    maxSize: most,
    sizeCalculation: ({ gzip }, key) => gzip.length + key.length
  })
  const common = {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'x-robots-tag': 'noindex',
    vary: 'accept-encoding'
  }
  const asItIs = Object.entries(common).flat()
  const inGzip = [...asItIs, 'content-encoding', 'gzip']

  async function made(page: PersonalPage): Promise<Kept> {
    const gzip = 'print' in page ? compressed(await page.print()) : compressedWithRoom(page.printAt(anyTime))
    const made = { gzip, head: [...inGzip, 'content-length', `${gzip.length}`] }
    kept.set(page.key, made)
    return made
  }

  app.decorateReply('sendPersonal', async function (this: FastifyReply, page: PersonalPage) {
    const encoding = encodingOf(this.request.headers['accept-encoding'])
    if (!encoding) throw new VisitorError(406, 'errors/bad-request')
    const ready = kept.get(page.key) ?? (await made(page))
    const gzip = ready.gzip.filledWith(String(Date.now()))
    const { raw } = this.hijack()
    const hasBody = this.request.method !== 'HEAD'
    if (encoding === 'gzip') {
      raw.writeHead(200, ready.head).end(hasBody ? gzip : undefined, 'latin1')
    } else {
      const bytes = gunzipSync(Buffer.from(gzip, 'latin1'))
      raw.writeHead(200, [...asItIs, 'content-length', `${bytes.length}`]).end(hasBody ? bytes : undefined)
    }
    return this
  })
  app.decorateReply('forgetPersonal', (start: string) => {
    for (const key of [...kept.keys()]) if (key.startsWith(start)) kept.delete(key)
  })
})

function compressed(page: string): GzipWithRoom {
  const gzip = gzipSync(page, { level: 9 }).toString('latin1')
  return { length: gzip.length, filledWith: () => gzip }
}

function compressedWithRoom(page: string): GzipWithRoom {
  const [before = '', after, ...others] = page.split(anyTime)
  if (after === undefined || others.length > 0) throw new Error('The time stands in the page once')
  return gzipWithRoom(Buffer.from(before), anyTime.length, Buffer.from(after))
}
