import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Made by the build, beside the program; there is none beside the sources. */
const file = join(import.meta.dirname, 'content.json')

/** Keeps what was made of a folder, as JSON, with the hash of the folder's files. */
export function keep(directory: string, made: unknown): void {
  writeFileSync(file, JSON.stringify({ sha256: hashOf(directory), made }))
}

/** What was kept of a folder with the same files, wherever it lies. */
export function keptOf<Made>(directory: string): Made | undefined {
  if (!existsSync(file)) return undefined
  const { sha256, made } = JSON.parse(readFileSync(file, 'utf8'))
  return sha256 === hashOf(directory) ? made : undefined
}

function hashOf(directory: string): string {
  const hash = createHash('sha256')
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  for (const name of names.filter((name) => name.endsWith('.yaml')).sort()) {
    const bytes = readFileSync(join(directory, name))
    hash.update(`${name} ${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}
