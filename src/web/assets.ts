import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { readyBytes } from './ready-bytes.ts'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2'
}

/** The URL under which a folder's files are served: it changes with any of them, so they can be kept for ever. */
export function assetsUrl(directory: string): string {
  const hash = createHash('sha256')
  for (const name of filesIn(directory)) hash.update(name).update(readFileSync(join(directory, name)))
  return `/assets/${hash.digest('hex').slice(0, 12)}`
}

/** Serves the stylesheet, scripts, fonts and icons. */
export function assets(directory: string) {
  return async (app: FastifyInstance) => {
    const url = assetsUrl(directory)
    for (const name of filesIn(directory)) {
      const type = types[extname(name)]
      if (!type) throw new Error(`${join(directory, name)} has no type that we know`)
      const bytes = readyBytes({
        type,
        body: () => readFileSync(join(directory, name)),
        cacheControl: 'public, max-age=31536000, immutable'
      })
      app.get(`${url}/${name}`, { config: { access: 'public' } }, (_request, reply) => {
        reply.sendReady(bytes)
      })
    }
  }
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}
