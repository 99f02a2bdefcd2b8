import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { Attractiveness, writeAttractiveness } from './attractiveness.ts'
import { hashOf, versionsIn } from './load.ts'

/** A version cannot be begun or published. The message says why in one sentence. */
export class VersionError extends Error {
  override name = 'VersionError'
}

/**
 * Copies a version, by default the newest, to one later than all, which nobody is asked until it is published. Returns
 * what was copied.
 */
export function startVersion(contentDirectory: string, version: string | undefined, copied?: string): string {
  const folder = join(contentDirectory, 'questionnaires')
  const { name, newest } = laterThanAll(contentDirectory, version)
  cpSync(join(folder, copied ?? newest), join(folder, name), { recursive: true })
  return copied ?? newest
}

/** The name, if a version of that name can be begun, and the newest version so far. Throws a VersionError if not. */
export function laterThanAll(contentDirectory: string, version: string | undefined) {
  const folder = join(contentDirectory, 'questionnaires')
  const versions = versionsIn(folder)
  const newest = versions.at(-1)
  if (!newest) throw new VersionError(`There is no version in ${folder} to copy.`)
  const name = named(version)
  if (versions.includes(name))
    throw new VersionError(`${name} exists already: choose a later name than ${newest}.`)
  if (name < newest) throw new VersionError(`${name} is older than ${newest}: choose a later name.`)
  return { name, newest }
}

/** Copies a version to a later one whose statements are known to be more and less attractive by themselves. */
export function startCalibratedVersion(
  contentDirectory: string,
  version: string,
  copied: string,
  { values, origin }: { values: Attractiveness; origin: string }
): void {
  if (!Attractiveness.safeParse(values).success) {
    throw new VersionError(
      `${version} is not written: a statement outdoes the others of its set by more than can be allowed for. Rewrite it.`
    )
  }
  startVersion(contentDirectory, version, copied)
  writeAttractiveness(
    join(contentDirectory, 'questionnaires', version, 'attractiveness.yaml'),
    values,
    origin
  )
}

/** Lists a version, so that takers are asked it and nobody can change it. Comments of the file are kept. */
export function publishVersion(contentDirectory: string, version: string | undefined): void {
  const name = named(version)
  const folder = join(contentDirectory, 'questionnaires')
  if (!existsSync(join(folder, name))) throw new VersionError(`There is no ${name} in ${folder}.`)
  const path = join(folder, 'published.yaml')
  const document = parseDocument(readFileSync(path, 'utf8'))
  const published = Object.keys(document.toJS() ?? {})
  if (published.includes(name)) throw new VersionError(`${name} is published already.`)
  const later = published.find((other) => other > name)
  if (later)
    throw new VersionError(`${name} is older than ${later}, which is published: nobody would be asked it.`)
  document.set(name, hashOf(join(folder, name)))
  writeFileSync(path, document.toString({ lineWidth: 0 }))
}

/** The content as it would be with this version published: a copy, which goes when `use` is done. */
export function asIfPublished<T>(
  contentDirectory: string,
  version: string | undefined,
  use: (copy: string) => T
): T {
  const copy = mkdtempSync(join(tmpdir(), 'staff-bearings-content-'))
  try {
    cpSync(contentDirectory, copy, { recursive: true })
    publishVersion(copy, version)
    return use(copy)
  } finally {
    rmSync(copy, { recursive: true })
  }
}

function named(version: string | undefined): string {
  if (!version) throw new VersionError('Name the version by year and month, such as 2027-03.')
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(version)) return version
  throw new VersionError(`“${version}” is no name for a version: take year and month, such as 2027-03.`)
}
