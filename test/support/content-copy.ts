import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { projectDirectory } from '../../src/config.ts'
import { hashOf, loadContent, versionsIn } from '../../src/content/load.ts'

/** The content that is shipped. */
export const content = loadContent(join(projectDirectory, 'content'))

/** What becomes of a file's text. */
export type Changes = Record<string, (text: string) => string>

/** A copy of the content, which goes with the test. Some of its files are changed, and then all is published. */
export function contentWith(changes: Changes = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-content-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  cpSync(join(projectDirectory, 'content'), directory, { recursive: true })
  change(directory, changes)
  publishAll(directory)
  return directory
}

export function change(directory: string, changes: Changes): void {
  for (const [file, changed] of Object.entries(changes)) {
    const path = join(directory, file)
    const text = readFileSync(path, 'utf8')
    if (changed(text) === text) throw new Error(`Nothing was changed in ${file}`)
    writeFileSync(path, changed(text))
  }
}

/** Lists every version as it is now. */
export function publishAll(directory: string): void {
  const folder = join(directory, 'questionnaires')
  const hashes = versionsIn(folder).map((version) => [version, hashOf(join(folder, version))])
  writeFileSync(join(folder, 'published.yaml'), stringify(Object.fromEntries(hashes)))
}

/** The content with every text longer by half, and in each a word as long as those of other languages. */
export function contentWithLongTexts() {
  const files = readdirSync(join(projectDirectory, 'content'), { recursive: true, encoding: 'utf8' })
  const texts = files.filter((file) => file.endsWith('.yaml') && !/published|sources/.test(file))
  return loadContent(contentWith(Object.fromEntries(texts.map((file) => [file, withLongTexts]))))
}

function withLongTexts(yaml: string): string {
  const isText = /^[A-Z][a-z]|\s/
  const lengthen = (_key: unknown, value: unknown) =>
    typeof value === 'string' && isText.test(value) ? longer(value) : value
  return stringify(parse(yaml, lengthen))
}

function longer(text: string): string {
  const words = text.split(/\s+/)
  return [...words, 'Donaudampfschifffahrtsgesellschaften', ...words.slice(0, words.length / 2)].join(' ')
}
