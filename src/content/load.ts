import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import { Attractiveness, attractivenessFaults } from './attractiveness.ts'
import { keep, keptOf } from './compiled-content.ts'
import { NextTexts, PathTexts, PlaceTexts, ResultTexts } from './result-texts.ts'
import {
  type Archetype,
  ArchetypeMap,
  ArchetypeText,
  archetypes,
  Blocks,
  ContextQuestions,
  Example,
  Habits,
  Page,
  PathItems,
  type Questionnaire,
  Sources
} from './schema.ts'

/** Everything we ask and say, checked and frozen. */
export type Content = ReturnType<typeof loadContent>

/** The content cannot be used. The message has one line for each fault: file, path, reason. */
export class ContentError extends Error {
  override name = 'ContentError'
}

/** The files of a questionnaire, of which the first need not be there. */
const questionnaireFiles = ['attractiveness', 'blocks', 'context', 'habits', 'path']
const pageNames = ['path', 'habits', 'limits', 'how-it-works', 'privacy', 'accessibility'] as const

/**
 * Loads a whole content folder: what the build has kept of the same files, or else read and checked. Throws a
 * ContentError that names every fault at once.
 */
export function loadContent(directory: string) {
  const { questionnaires, ...others } = keptOf<Checked>(directory) ?? readContent(directory)
  return deepFreeze({
    ...others,
    questionnaires: new Map(questionnaires.map((questionnaire) => [questionnaire.version, questionnaire])),
    current: currentOf(questionnaires, others.published)!
  })
}

/** Keeps the content with the program that is being built: to read and check it takes longer than a whole start. */
export function keepContent(directory: string): void {
  keep(directory, readContent(directory))
}

type Checked = ReturnType<typeof readContent>

function readContent(directory: string) {
  const faults: string[] = []

  function read<T extends z.ZodType>(file: string, schema: T): z.infer<T> {
    const path = join(directory, file)
    if (!existsSync(path)) {
      faults.push(`${file}: is missing`)
      return undefined as z.infer<T>
    }
    const document = parseDocument(readFileSync(path, 'utf8'))
    if (document.errors.length > 0) {
      faults.push(...document.errors.map((error) => `${file}: ${error.message.split('\n')[0]}`))
      return undefined as z.infer<T>
    }
    const parsed = schema.safeParse(document.toJS())
    if (!parsed.success) {
      faults.push(...parsed.error.issues.map((issue) => `${file}: ${where(issue.path)}${issue.message}`))
    }
    return parsed.data as z.infer<T>
  }

  const published = read('questionnaires/published.yaml', Published)
  const questionnaires = new Map<string, Questionnaire>()
  for (const version of versionsIn(join(directory, 'questionnaires'))) {
    const folder = join('questionnaires', version)
    const sha256 = hashOf(join(directory, folder))
    if (published?.[version] && published[version] !== sha256) {
      faults.push(`${folder}: was changed after it was published; publish a new version instead`)
    }
    const { lean, hybrid } = read(join(folder, 'path.yaml'), PathItems) ?? {}
    const blocks = read(join(folder, 'blocks.yaml'), Blocks)
    const known = join(folder, 'attractiveness.yaml')
    const attractiveness = existsSync(join(directory, known)) ? read(known, Attractiveness) : null
    if (blocks && attractiveness) {
      faults.push(...attractivenessFaults(attractiveness, blocks).map((fault) => `${known}: ${fault}`))
    }
    questionnaires.set(version, {
      version,
      sha256,
      blocks,
      attractiveness,
      lean,
      hybrid,
      habits: read(join(folder, 'habits.yaml'), Habits),
      context: read(join(folder, 'context.yaml'), ContextQuestions)
    })
  }
  if (questionnaires.size === 0) faults.push('questionnaires: has no version, such as questionnaires/2026-11')
  for (const version of Object.keys(published ?? {}).filter((version) => !questionnaires.has(version))) {
    faults.push(`questionnaires/${version}: is missing, although it is published: results need its questions`)
  }
  const current = currentOf([...questionnaires.values()], published)
  if (!current && published && questionnaires.size > 0) {
    faults.push('questionnaires/published.yaml: lists no version, so there is none to ask')
  }

  const sources = read('sources.yaml', Sources)
  const texts = record(archetypes, (name) => read(`archetypes/${name}.yaml`, ArchetypeText))
  const pages = record(pageNames, (name) => read(`pages/${name}.yaml`, Page))
  const map = read('map.yaml', ArchetypeMap)
  const example = read('example.yaml', Example)
  const results = {
    ...read('results/results.yaml', ResultTexts),
    paths: read('results/paths.yaml', PathTexts),
    places: read('results/places.yaml', PlaceTexts),
    next: read('results/next.yaml', NextTexts)
  }

  for (const [file, cited] of [
    ...Object.entries(texts).map(([name, text]) => [`archetypes/${name}.yaml`, text] as const),
    ...Object.entries(pages).map(([name, page]) => [`pages/${name}.yaml`, page] as const),
    ['map.yaml', map] as const,
    ['results/paths.yaml', results.paths] as const,
    ['results/places.yaml', results.places] as const
  ]) {
    for (const code of citationsIn(cited)) {
      if (sources && !sources[code]) faults.push(`${file}: cites ${code}, which sources.yaml does not have`)
    }
  }

  if (faults.length > 0 || !current) throw new ContentError(report(directory, faults))
  return {
    questionnaires: [...questionnaires.values()],
    published,
    archetypes: texts,
    map,
    pages,
    example,
    sources,
    results
  }
}

/** Takers are asked the newest version that is published. A later one is loaded and checked, and waits. */
function currentOf(questionnaires: readonly Questionnaire[], published: z.infer<typeof Published>) {
  return questionnaires.findLast(({ version }) => published?.[version])
}

/** The hash of every published version; a version is added once, when it is published. */
const Published = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal'))

/** The versions in a folder of questionnaires, oldest first. */
export function versionsIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter((name) => /^\d{4}-\d{2}$/.test(name))
    .sort()
}

/** SHA-256 over the names and bytes of a questionnaire's files, line endings aside. */
export function hashOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of questionnaireFiles) {
    const path = join(folder, `${name}.yaml`)
    if (existsSync(path)) hash.update(`${name}\n${readFileSync(path, 'utf8').replaceAll('\r\n', '\n')}`)
  }
  return hash.digest('hex')
}

function where(path: readonly PropertyKey[]): string {
  return path.length > 0 ? `${path.join('.')}: ` : ''
}

function report(directory: string, faults: string[]): string {
  const place = relative(process.cwd(), directory) || '.'
  return [`The content in ${place} cannot be used:`, ...faults.map((fault) => `  ${fault}`)].join('\n')
}

function record<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
}

function citationsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(citationsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'sources' && Array.isArray(inner) ? inner.map(String) : citationsIn(inner)
  )
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    const parts = value instanceof Map ? value.values() : Object.values(value)
    for (const part of parts) deepFreeze(part)
  }
  return value
}

/** The questionnaire that an attempt was begun with; content never drops a version that someone has taken. */
export function questionnaireOf(content: Content, version: string): Questionnaire {
  const questionnaire = content.questionnaires.get(version)
  if (!questionnaire)
    throw new ContentError(`The questionnaire ${version} is missing from the content folder`)
  return questionnaire
}

export type Archetypes = Record<Archetype, ArchetypeText>
