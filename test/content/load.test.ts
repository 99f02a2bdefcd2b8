import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ContentError, loadContent } from '../../src/content/load.ts'
import { change, contentWith, publishAll } from '../support/content-copy.ts'

function faultsOf(directory: string): string {
  try {
    loadContent(directory)
  } catch (error) {
    expect(error).toBeInstanceOf(ContentError)
    return (error as ContentError).message
  }
  return ''
}

const blocks = 'questionnaires/2026-11/blocks.yaml'

test('content that is in order loads, frozen', () => {
  const content = loadContent(contentWith({}))
  expect(content.current.version).toBe('2026-11')
  expect(() => {
    content.current.version = 'changed'
  }).toThrow(TypeError)
})

test.each([
  [
    'a misspelt key',
    blocks,
    (text: string) => text.replace('situation:', 'situatoin:'),
    /blocks\.yaml: 0: .*situatoin/
  ],
  [
    'an archetype twice',
    blocks,
    (text: string) => text.replace('archetype: architect', 'archetype: tech-lead'),
    /blocks\.yaml: 0\.statements\.\d: archetype "tech-lead" appears twice/
  ],
  [
    'an archetype that does not exist',
    blocks,
    (text: string) => text.replace('archetype: architect', 'archetype: wizard'),
    /blocks\.yaml: 0\.statements\.\d\.archetype: Invalid option/
  ],
  ['YAML that cannot be read', blocks, (text: string) => `${text}\n  - [`, /blocks\.yaml: /],
  [
    'a statement without text',
    blocks,
    (text: string) => text.replace(/text: .*/, 'text: ""'),
    /blocks\.yaml: 0\.statements\.0\.text: Too small/
  ],
  [
    'keys that do not balance',
    'questionnaires/2026-11/path.yaml',
    (text: string) => text.replace('management: left', 'management: right'),
    /path\.yaml: lean: four of the eight items/
  ],
  [
    'a source that is not listed',
    'pages/limits.yaml',
    (text: string) => text.replace(/sources: \[[A-Z]+/, 'sources: [XYZ'),
    /pages\/limits\.yaml: cites XYZ/
  ],
  [
    'a source of the map that is not listed',
    'map.yaml',
    (text: string) => text.replace(/sources: \[SA/, 'sources: [XYZ'),
    /map\.yaml: cites XYZ/
  ],
  [
    'a place off the map',
    'map.yaml',
    (text: string) => text.replace(/across: -0\.\d+/, 'across: -1.5'),
    /map\.yaml: places\.tech-lead\.across: Too small/
  ],
  [
    'two archetypes in one quadrant of the map',
    'map.yaml',
    (text: string) => text.replace(/across: -0\.\d+/, 'across: 0.5'),
    /map\.yaml: places: each archetype needs a quadrant of its own/
  ],
  [
    'an archetype that the map lacks',
    'map.yaml',
    (text: string) => text.replace('  solver:', '  wizard:'),
    /map\.yaml: places\.solver: /
  ],
  [
    'a row of a table that lacks a cell',
    'pages/how-it-works.yaml',
    (text: string) => text.replace(", '{found3}'", ''),
    /how-it-works\.yaml: sections\.\d\.table\.rows\.1: has 4 cells for 5 columns/
  ],
  [
    'an example that marks a statement twice',
    'example.yaml',
    (text: string) => text.replace('least: right-hand', 'least: solver'),
    /example\.yaml: sets\.0: one statement cannot be both/
  ]
])('%s is named with file, path and reason', (_name, file, change, expected) => {
  expect(faultsOf(contentWith({ [file]: change }))).toMatch(expected)
})

test('every fault is named at once', () => {
  const faults = faultsOf(
    contentWith({
      [blocks]: (text) => text.replace('archetype: architect', 'archetype: wizard'),
      'pages/path.yaml': (text) => text.replace('title:', 'tilte:'),
      'sources.yaml': (text) => text.replace('read: full', 'read: never')
    })
  )
  expect(faults).toMatch(/blocks\.yaml[\s\S]*pages\/path\.yaml/)
  expect(faults).toMatch(/sources\.yaml: \w+\.read/)
})

test('a published version that was changed stops the start', () => {
  const directory = contentWith()
  change(directory, { [blocks]: (text) => text.replace('I rework', 'I redo') })
  expect(faultsOf(directory)).toMatch(/2026-11: was changed after it was published; publish a new version/)
})

test('takers are asked the newest version that is published; a newer one waits', () => {
  const directory = contentWith()
  copyVersion(directory, '2027-03')
  const waiting = loadContent(directory)
  expect(waiting.current.version).toBe('2026-11')
  expect([...waiting.questionnaires.keys()]).toEqual(['2026-11', '2027-03'])
  publishAll(directory)
  expect(loadContent(directory).current.version).toBe('2027-03')
})

test('a version that waits can be changed, and is checked all the same', () => {
  const directory = contentWith()
  copyVersion(directory, '2027-03')
  const waiting = 'questionnaires/2027-03/blocks.yaml'
  change(directory, { [waiting]: (text) => text.replace('I rework', 'I redo') })
  expect(faultsOf(directory)).toBe('')
  change(directory, { [waiting]: (text) => text.replace('situation:', 'situatoin:') })
  expect(faultsOf(directory)).toMatch(/2027-03.blocks\.yaml: 0: .*situatoin/)
})

test('content without a published version, or without the files of one, stops the start', () => {
  const directory = contentWith()
  const published = join(directory, 'questionnaires/published.yaml')
  writeFileSync(published, '{}')
  expect(faultsOf(directory)).toMatch(/published\.yaml: lists no version, so there is none to ask/)
  publishAll(directory)
  change(directory, { 'questionnaires/published.yaml': (text) => `2025-01: ${'a'.repeat(64)}\n${text}` })
  expect(faultsOf(directory)).toMatch(/questionnaires\/2025-01: is missing, although it is published/)
})

test('an empty folder is told what it lacks', () => {
  const directory = mkdtempSync(join(tmpdir(), 'staff-bearings-content-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  expect(faultsOf(directory)).toMatch(/questionnaires: has no version/)
})

function copyVersion(directory: string, name: string) {
  const folder = join(directory, 'questionnaires')
  cpSync(join(folder, '2026-11'), join(folder, name), { recursive: true })
}
