import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
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
