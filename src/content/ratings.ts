import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Document, parseDocument } from 'yaml'
import * as z from 'zod'
import { ContentError } from './load.ts'
import type { Statement } from './schema.ts'

/** The two questions that a judge answers about every statement. */
export const judged = ['good', 'familiar'] as const
export type Judged = (typeof judged)[number]

export const points = [1, 2, 3, 4, 5, 6, 7] as const

/** The initials under which a judge's ratings are kept. */
export const initials = z.string().regex(/^[a-z]{2,4}$/, 'must be two to four letters')

const point = z.int().min(1).max(7)
/** The text is kept too: a rating does not hold for a statement that was reworded since. */
const Rating = z.strictObject({ text: z.string(), good: point, familiar: point })
const Ratings = z.record(initials, z.record(z.string(), Rating))

export type Rating = z.infer<typeof Rating>
/** By judge, then by the id of the statement. */
export type Ratings = z.infer<typeof Ratings>

/** They lie beside the questionnaires, not inside: a judge changes nothing that is published. */
export function ratingsFile(version: string): string {
  return `questionnaires/ratings/${version}.yaml`
}

/** What judges have said of a version's statements. Throws a ContentError if the file cannot be used. */
export function readRatings(contentDirectory: string, version: string): Ratings {
  const file = ratingsFile(version)
  const path = join(contentDirectory, file)
  if (!existsSync(path)) return {}
  const document = parseDocument(readFileSync(path, 'utf8'))
  const parsed = Ratings.safeParse(document.errors.length > 0 ? undefined : document.toJS())
  if (parsed.success) return parsed.data
  const faults = [
    ...document.errors.map(({ message }) => message.split('\n')[0]),
    ...(document.errors.length > 0
      ? []
      : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
  ]
  throw new ContentError(faults.map((fault) => `${file}: ${fault}`).join('\n'))
}

/** Keeps what a judge said of a statement; a later rating of the same statement replaces it. */
export function saveRating(
  contentDirectory: string,
  version: string,
  judge: string,
  { id, text }: Pick<Statement, 'id' | 'text'>,
  said: Record<Judged, number>
): void {
  const path = join(contentDirectory, ratingsFile(version))
  const document = existsSync(path) ? parseDocument(readFileSync(path, 'utf8')) : new Document({})
  document.commentBefore ??= ` How good and how familiar judges found each statement of ${version}, from 1 to 7.`
  document.setIn([judge, id], document.createNode({ text, ...said }))
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.partial`, document.toString({ lineWidth: 0 }))
  renameSync(`${path}.partial`, path)
}

/** Whether a judge has rated this statement as it now reads. */
export function ratingOf(
  ratings: Ratings,
  judge: string,
  { id, text }: Pick<Statement, 'id' | 'text'>
): Rating | undefined {
  const rating = ratings[judge]?.[id]
  return rating?.text === text ? rating : undefined
}
