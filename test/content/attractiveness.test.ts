import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { hashOf, loadContent } from '../../src/content/load.ts'
import { publishVersion, startCalibratedVersion, startVersion } from '../../src/content/versions.ts'
import { content, contentWith, publishAll } from '../support/content-copy.ts'

const { blocks } = content.current
const ids = blocks.flatMap(({ statements }) => statements.map(({ id }) => id))
const zeros = Object.fromEntries(ids.map((id) => [id, 0]))

/** The ids of the statements of two archetypes in two blocks: + − and − + on them add to zero wherever one looks. */
const [a1, b1, a2, b2] = blocks
  .slice(0, 2)
  .flatMap(({ statements }) =>
    ['solver', 'architect'].map((archetype) => statements.find((one) => one.archetype === archetype)!.id)
  ) as [string, string, string, string]
const known = { ...zeros, [a1]: 1.25, [b1]: -1.25, [a2]: -1.25, [b2]: 1.25 }

function contentKnowing(yaml: string): string {
  const directory = contentWith()
  writeFileSync(join(directory, 'questionnaires/2026-11/attractiveness.yaml'), yaml)
  publishAll(directory)
  return directory
}

function faultsOf(yaml: string): string[] {
  try {
    loadContent(contentKnowing(yaml))
    return []
  } catch (error) {
    return (error as Error).message.split('\n').slice(1)
  }
}

describe('the attractiveness of a version’s statements', () => {
  test('is null without a file, and what the file says with one', () => {
    expect(content.current.attractiveness).toBeNull()
    expect(loadContent(contentKnowing(stringify(known))).current.attractiveness).toEqual(known)
  })

  const { [a1]: _, ...without } = known
  const place = '  questionnaires/2026-11/attractiveness.yaml:'
  test.each([
    ['a statement that is missing', stringify(without), [`${place} ${a1}: is missing`]],
    [
      'one that is none, beside one that is missing',
      stringify({ ...without, nobody: 0 }),
      [`${place} ${a1}: is missing`, `${place} nobody: is no statement of blocks.yaml`]
    ],
    [
      'more than three logits',
      stringify({ ...zeros, [a1]: 3.01, [b1]: -3.01, [a2]: -3, [b2]: 3 }),
      [`${place} ${a1}: must be a number from −3 to 3`, `${place} ${b1}: must be a number from −3 to 3`]
    ],
    [
      'what is no number',
      stringify({ ...zeros, [a1]: 'much', [b1]: Number.POSITIVE_INFINITY, [a2]: Number.NaN, [b2]: null }),
      [a1, b1, a2, b2].map((id) => `${place} ${id}: must be a number from −3 to 3`)
    ],
    [
      'a sum within a block, and over an archetype',
      stringify({ ...known, [a1]: 1.35 }),
      [
        `${place} the block “${blocks[0]!.id}” adds to 0.10, not to 0`,
        `${place} all of solver adds to 0.10, not to 0`
      ]
    ],
    [
      'a statement twice',
      `${stringify(known)}${a1}: 1.25\n`,
      [expect.stringMatching(/Map keys must be unique/)]
    ]
  ])('%s is named', (_what, yaml, faults: string[]) => {
    expect(faultsOf(yaml).toSorted()).toEqual(faults.toSorted())
  })

  test('may be rounded', () => {
    expect(faultsOf(stringify({ ...known, [a1]: 1.3 }))).toEqual([])
  })

  test('belongs to what cannot be changed once it is published', () => {
    const directory = contentWith()
    const file = join(directory, 'questionnaires/2026-11/attractiveness.yaml')
    writeFileSync(file, stringify(known))
    expect(() => loadContent(directory)).toThrow('2026-11: was changed after it was published')
    publishAll(directory)
    expect(loadContent(directory).current.attractiveness).toEqual(known)
    appendFileSync(file, '# and more\n')
    expect(() => loadContent(directory)).toThrow('2026-11: was changed after it was published')
  })
})

describe('a calibrated version', () => {
  test('has the statements of the version it is made from, the values, and where these come from', () => {
    const directory = contentWith()
    startVersion(directory, '2027-01')
    const blocksOf = (version: string) => join(directory, 'questionnaires', version, 'blocks.yaml')
    appendFileSync(blocksOf('2027-01'), '# A draft of other statements.\n')
    const origin = 'Estimated from 1,000 people.'
    startCalibratedVersion(directory, '2027-03', '2026-11', { values: known, origin })
    expect(readFileSync(blocksOf('2027-03'), 'utf8')).toBe(readFileSync(blocksOf('2026-11'), 'utf8'))
    const file = readFileSync(join(directory, 'questionnaires/2027-03/attractiveness.yaml'), 'utf8')
    expect(file).toContain('# Estimated from 1,000 people.')

    const waiting = loadContent(directory)
    expect(waiting.questionnaires.get('2027-03')).toMatchObject({ attractiveness: known })
    expect(waiting.current.version).toBe('2026-11')
    const hashes = ['2026-11', '2027-03'].map((version) => hashOf(join(directory, 'questionnaires', version)))
    expect(new Set(hashes).size).toBe(2)
    publishVersion(directory, '2027-03')
    expect(loadContent(directory).current).toMatchObject({ version: '2027-03', attractiveness: known })
  })

  test('is begun under a name that is free and later than all, or not at all', () => {
    const directory = contentWith()
    const begin = (name: string) =>
      startCalibratedVersion(directory, name, '2026-11', { values: known, origin: '' })
    expect(() => begin('2026-11')).toThrow('2026-11 exists already: choose a later name than 2026-11.')
    expect(() => begin('spring')).toThrow('“spring” is no name for a version')
    const beyond = { values: { ...known, [a1]: 3.2 }, origin: '' }
    const sentence = '2027-03 is not written: a statement outdoes the others of its set by more than can be'
    expect(() => startCalibratedVersion(directory, '2027-03', '2026-11', beyond)).toThrow(sentence)
    expect([...loadContent(directory).questionnaires.keys()]).toEqual(['2026-11'])
    expect(loadContent(directory).current.attractiveness).toBeNull()
  })
})
