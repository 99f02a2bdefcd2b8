import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import compress from '@fastify/compress'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** The URL under which a folder's files are served: it changes with any of them, so they can be kept for ever. */
export function assetsUrl(directory: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name)
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path))
  }
  return `/assets/${hash.digest('hex').slice(0, 12)}`
}

/** Serves the stylesheet, scripts, fonts and icons. */
export function assets(directory: string) {
  return async (app: FastifyInstance) => {
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' }
    })
    await app.register(compress, { encodings: ['gzip'], globalDecompression: false })
    await app.register(fastifyStatic, {
      root: directory,
      prefix: `${assetsUrl(directory)}/`,
      decorateReply: false,
      immutable: true,
      maxAge: '1y'
    })
  }
}
