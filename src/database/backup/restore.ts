import { existsSync, statSync } from 'node:fs'
import { chmod, chown, link, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { openDatabase } from '../engine/client.ts'
import { migrate, standing } from '../engine/migrate.ts'
import { fileOf } from '../engine/sqlite-connections.ts'
import { attemptsIn } from '../stores/attempts.ts'
import { type Deletion, keyOf, remember } from '../stores/deletions.ts'
import { firstTally } from '../stores/rebuild-tallies.ts'
import { resultsIn, type TallyOf } from '../stores/results.ts'
import { assertWhole, backUpPostgresql, dayIn } from './backup.ts'
import { inFolder, putAt } from './files.ts'
import { assertOurs, heldIn } from './move.ts'
import { alone, connected, empty, postgresqlSide } from './postgresql-tables.ts'
import { openAlone, sqliteSide, tablesIn } from './sqlite-tables.ts'
import { type Counts, copy, countsOf, type Progress, Refusal } from './table-copy.ts'

/** How a backup was restored. */
export type Restored = {
  counts: Counts
  /** YYYY-MM-DD, if the backup says so. */
  madeOn: string | null
  /** The file that has what was there before, if there was anything. */
  previous: string | null
  /** What was deleted again, having been deleted after the backup was made; null if nothing is known of that. */
  deletedAgain: { results: number; notes: number; drafts: number } | null
}

export type Restoring = {
  tallyOf: TallyOf
  /** Milliseconds since 1970. */
  now: number
  progress: Progress
}

/**
 * Puts a backup in the place of the database. What was deleted since it was made is deleted again, before anybody can
 * see it, and what was there before is kept in a file. Rejects with a Refusal, having changed nothing, if the backup
 * cannot be used or somebody uses the database.
 */
export async function restore(url: string, backup: string, restoring: Restoring): Promise<Restored> {
  if (!statSync(backup, { throwIfNoEntry: false })?.isFile()) throw new Refusal(`There is no file ${backup}.`)
  if (url === `file:${backup}`) throw new Refusal(`${backup} is the database itself.`)
  return url.startsWith('file:')
    ? restoreToFile(fileOf(url), backup, restoring)
    : restoreToPostgresql(url, backup, restoring)
}

async function restoreToFile(target: string, backup: string, { tallyOf, now }: Restoring): Promise<Restored> {
  const current = existsSync(target) ? readable(target) : null
  try {
    return await inFolder(`${target}.restoring`, async (folder) => {
      const { file, madeOn } = await takenIn(backup, folder)
      const known = current && deletionsIn(current)
      const { counts, deletedAgain } = await completed(file, known, tallyOf)
      const previous = existsSync(target) ? before(target, now) : null
      if (previous) {
        const { mode, uid, gid } = await stat(target)
        await chmod(file, mode)
        await chown(file, uid, gid)
        // Without a log, the one file is all of it. The lock outlasts the change.
        current?.exec('ROLLBACK; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
        for (const end of ['', '-wal']) if (existsSync(target + end)) await link(target + end, previous + end)
      }
      for (const end of ['-wal', '-shm']) await rm(target + end, { force: true })
      await putAt(file, target)
      return { counts, madeOn, previous, deletedAgain }
    })
  } finally {
    current?.close()
  }
}

async function restoreToPostgresql(
  url: string,
  backup: string,
  { tallyOf, now, progress }: Restoring
): Promise<Restored> {
  return connected(url, (client) =>
    inFolder(`${backup}.restoring`, async (folder) => {
      await assertOurs(client, url)
      const { file, madeOn } = await takenIn(backup, folder)
      const { rows: found } = await client.query(`SELECT to_regclass('"Deletion"') AS name`)
      const remembers = found[0].name !== null
      await migrate(url)
      return alone(client, url, async () => {
        const { rows } = await client.query<Deletion>('SELECT "id", "deletedOn" FROM "Deletion"')
        const { counts, deletedAgain } = await completed(file, remembers ? rows : null, tallyOf)
        const source = new BetterSqlite3(file, { readonly: true })
        try {
          const tables = tablesIn(source)
          const side = postgresqlSide(client)
          const previous = (await heldIn(tables, side)).length > 0 ? before(backup, now) : null
          if (previous) await backUpPostgresql(client, url, previous, dayOf(now), () => () => {})
          await empty(client, tables)
          await copy(tables, sqliteSide(source), side, progress)
          return { counts, madeOn, previous, deletedAgain }
        } finally {
          source.close()
        }
      })
    })
  )
}

/** A copy of a backup that is whole and of ours, brought up to date. The backup itself is only read. */
async function takenIn(backup: string, folder: string): Promise<{ file: string; madeOn: string | null }> {
  const file = join(folder, 'restored.db')
  const source = new BetterSqlite3(backup, { readonly: true })
  try {
    assertWhole(source, backup)
    source.prepare('VACUUM INTO ?').run(file)
    await chmod(file, 0o600)
    const { unknown, isNew } = await standing(`file:${file}`)
    if (isNew) throw new Refusal(`${backup} is no backup of this program.`)
    if (unknown.length > 0) throw new Refusal(`${backup} was made by a newer version of this program.`)
    await migrate(`file:${file}`)
    return { file, madeOn: dayIn(source) }
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new Refusal(`${backup} is damaged, or no backup: ${(error as Error).message}`)
  } finally {
    source.close()
  }
}

/** The database that is to be replaced, kept from everybody else; null if it is too damaged to be opened. */
function readable(target: string): BetterSqlite3.Database | null {
  try {
    return openAlone(target)
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

function isDamage(error: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test((error as { code?: string }).code ?? '')
}

/** The deletions that a database remembers; null if it is damaged, or from before there were any. */
function deletionsIn(file: BetterSqlite3.Database): Deletion[] | null {
  try {
    return file.prepare('SELECT "id", "deletedOn" FROM "Deletion"').all() as Deletion[]
  } catch {
    return null
  }
}

async function completed(file: string, known: Deletion[] | null, tallyOf: TallyOf) {
  const deletedAgain = await repeated(`file:${file}`, known, tallyOf)
  const restored = new BetterSqlite3(file, { readonly: true })
  const counts = await countsOf(tablesIn(restored), sqliteSide(restored))
  restored.close()
  return { counts, deletedAgain }
}

/** Deletes what was deleted before, wherever it is: a result, its notes, and the draft that it had been. */
async function repeated(url: string, known: Deletion[] | null, tallyOf: TallyOf) {
  const database = await openDatabase(url)
  try {
    await firstTally(database, tallyOf)
    if (known === null) return null
    const [results, attempts] = [resultsIn(database, tallyOf), attemptsIn(database, tallyOf)]
    const days = new Map(known.map(({ id, deletedOn }) => [id, deletedOn]))
    await database.write((transaction) => remember(transaction, known))
    const deleted = { results: 0, notes: 0, drafts: 0 }
    for (const { id } of await database.rows<{ id: string }>('SELECT "id" FROM "Attempt"')) {
      if (!days.has(keyOf(id))) continue
      await attempts.forget(id)
      deleted.drafts++
    }
    const owned = await database.rows<{ id: string; manageHash: string }>(
      'SELECT "id", "manageHash" FROM "Result"'
    )
    for (const { id, manageHash } of owned) {
      const day = days.get(keyOf(id))
      if (day && (await results.delete(manageHash, day))) deleted.results++
    }
    const notes = await database.rows<{ manageHash: string; id: string; number: number; writtenOn: string }>(
      `SELECT r."manageHash", r."id", n."number", n."writtenOn" FROM "Note" n JOIN "Result" r ON r."id" = n."resultId"`
    )
    for (const { manageHash, id, number, writtenOn } of notes) {
      const day = days.get(keyOf(id, number, writtenOn))
      if (!day) continue
      await results.deleteNote(manageHash, number, day)
      deleted.notes++
    }
    return deleted
  } finally {
    await database.close()
  }
}

/** What the file is called that has what was there before. */
function before(path: string, now: number): string {
  return `${path}.before-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}`
}

function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10)
}
