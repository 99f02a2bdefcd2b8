import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectDirectory } from '../../src/config.ts'
import { hashOf, loadContent } from '../../src/content/load.ts'
import { asIfPublished, publishVersion, startVersion } from '../../src/content/versions.ts'
import { change, contentWith } from '../support/content-copy.ts'
import { runBuilt } from '../support/server.ts'

const folderOf = (directory: string, version: string) => join(directory, 'questionnaires', version)
const publishedIn = (directory: string) =>
  readFileSync(join(directory, 'questionnaires/published.yaml'), 'utf8')

test('a new version is a copy of the newest, and changes nothing else', () => {
  const directory = contentWith()
  const before = publishedIn(directory)
  expect(startVersion(directory, '2027-03')).toBe('2026-11')
  expect(startVersion(directory, '2027-04')).toBe('2027-03')
  expect(readdirSync(folderOf(directory, '2027-03'))).toEqual(readdirSync(folderOf(directory, '2026-11')))
  expect(hashOf(folderOf(directory, '2027-03'))).toBe(hashOf(folderOf(directory, '2026-11')))
  expect(publishedIn(directory)).toBe(before)
  expect(loadContent(directory).current.version).toBe('2026-11')
})

test.each([
  [undefined, 'Name the version by year and month, such as 2027-03.'],
  ['2027', '“2027” is no name for a version: take year and month, such as 2027-03.'],
  ['2027-13', '“2027-13” is no name for a version: take year and month, such as 2027-03.'],
  ['../2027-03', '“../2027-03” is no name for a version: take year and month, such as 2027-03.'],
  ['2026-11', '2026-11 exists already: choose a later name than 2026-11.'],
  ['2026-10', '2026-10 is older than 2026-11: choose a later name.']
])('%s is refused with a sentence, and nothing is copied', (name, sentence) => {
  const directory = contentWith()
  const before = readdirSync(join(directory, 'questionnaires'))
  expect(() => startVersion(directory, name)).toThrow(sentence)
  expect(readdirSync(join(directory, 'questionnaires'))).toEqual(before)
})

test('publishing adds one line, keeps comments, and makes the version current and unchangeable', () => {
  const directory = contentWith()
  const path = join(directory, 'questionnaires/published.yaml')
  writeFileSync(path, readFileSync(join(projectDirectory, 'content/questionnaires/published.yaml')))
  const before = publishedIn(directory)
  startVersion(directory, '2027-03')
  const waiting = 'questionnaires/2027-03/blocks.yaml'
  change(directory, { [waiting]: (text) => text.replace('I rework', 'I redo') })
  publishVersion(directory, '2027-03')
  expect(publishedIn(directory)).toBe(`${before}2027-03: ${hashOf(folderOf(directory, '2027-03'))}\n`)
  expect(loadContent(directory).current.version).toBe('2027-03')

  change(directory, { [waiting]: (text) => text.replace('I redo', 'I rework') })
  expect(() => loadContent(directory)).toThrow('2027-03: was changed after it was published')
})

test('what is not there, published already or too old is not published', () => {
  const directory = contentWith()
  expect(() => publishVersion(directory, '2027-03')).toThrow('There is no 2027-03 in')
  expect(() => publishVersion(directory, '2026-11')).toThrow('2026-11 is published already.')
  startVersion(directory, '2027-03')
  startVersion(directory, '2027-04')
  publishVersion(directory, '2027-04')
  const sentence = '2027-03 is older than 2027-04, which is published: nobody would be asked it.'
  expect(() => publishVersion(directory, '2027-03')).toThrow(sentence)
})

test('the content can be looked at as if a version were published', () => {
  const directory = contentWith()
  startVersion(directory, '2027-03')
  const before = publishedIn(directory)
  expect(asIfPublished(directory, '2027-03', (copy) => loadContent(copy).current.version)).toBe('2027-03')
  expect(publishedIn(directory)).toBe(before)
})

test('the commands say what to do next, and publish nothing that has a fault', async () => {
  const directory = contentWith()
  const begun = await run('new-version', '2027-03', directory)
  expect(begun).toMatchObject({ code: 0, stderr: '' })
  expect(begun.stdout).toMatch(/2026-11 stays as it is[\s\S]*content:check[\s\S]*content:publish -- 2027-03/)

  const before = publishedIn(directory)
  change(directory, {
    'questionnaires/2027-03/blocks.yaml': (text) => text.replace('architect', 'wizard')
  })
  const refused = await run('publish-version', '2027-03', directory)
  expect(refused.code).toBe(1)
  expect(refused.stdout).toMatch(/2027-03.blocks\.yaml: 0\.statements\.1\.archetype/)
  expect(refused.stderr).toBe('\n2027-03 is not published: mend the faults first.\n')
  expect(publishedIn(directory)).toBe(before)
})

function run(command: string, ...args: string[]) {
  return runBuilt(`cli/${command}.js`, {}, args)
}
