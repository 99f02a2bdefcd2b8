import { existsSync } from 'node:fs'
import type pg from 'pg'
import { placeOf } from '../engine/client.ts'
import { migrate, standing } from '../engine/migrate.ts'
import { fileOf } from '../engine/sqlite-connections.ts'
import { alone, connected, empty, postgresqlSide, strangersIn } from './postgresql-tables.ts'
import { openAlone, sqliteSide, tablesIn } from './sqlite-tables.ts'
import {
  type Counts,
  copy,
  countsOf,
  difference,
  type Progress,
  Refusal,
  type Side,
  type Table
} from './table-copy.ts'

/** What was there, table by table; `before` says that an earlier call had moved it already. */
export type Moved = { counts: Counts; before: boolean }

/**
 * Copies a SQLite deployment to PostgreSQL, in one transaction: until all of it was found equal there, nothing of it is
 * there. The source is kept from everybody else meanwhile, and is not changed. Rejects with a Refusal if the source
 * cannot be moved, somebody uses either database, or the target holds anything else.
 */
export async function move(source: string, target: string, progress: Progress): Promise<Moved> {
  if (!existsSync(fileOf(source))) throw new Refusal(`There is no database at ${placeOf(source)}.`)
  const { lacks, unknown } = await standing(source)
  if (unknown.length > 0) throw new Refusal(`${placeOf(source)} was made by a newer version of this program.`)
  if (lacks.length > 0) {
    throw new Refusal(`${placeOf(source)} is not up to date: run npm run migrate first.`)
  }
  return connected(target, async (client) => {
    await assertOurs(client, target)
    const file = openAlone(fileOf(source))
    try {
      await migrate(target)
      const tables = tablesIn(file)
      const [from, to] = [sqliteSide(file), postgresqlSide(client)]
      return await alone(client, target, async () => {
        const held = await heldIn(tables, to)
        if (held.length === 0) {
          await empty(client, tables)
          return { counts: await copy(tables, from, to, progress), before: false }
        }
        const counts = await countsOf(tables, from)
        if ((await difference(tables, from, to, () => {})) === null) return { counts, before: true }
        throw new Refusal(
          `${placeOf(target)} holds data already (${held.join(', ')}): name an empty database.`
        )
      })
    } finally {
      file.close()
    }
  })
}

/** Rejects with a Refusal if a database is not for this program. */
export async function assertOurs(client: pg.Client, url: string): Promise<void> {
  const strangers = await strangersIn(client)
  if (strangers.length > 0) {
    throw new Refusal(
      `${placeOf(url)} holds tables of something else (${strangers.join(', ')}): name an empty database.`
    )
  }
  if ((await standing(url)).unknown.length > 0) {
    throw new Refusal(`${placeOf(url)} was made by a newer version of this program.`)
  }
}

/** What migrations and a start leave in a database that nobody has used. */
const leftByStarts = ['Secret', 'Questionnaire']

/** The tables that hold what somebody has done. */
export async function heldIn(tables: readonly Table[], side: Side): Promise<string[]> {
  const counts = await countsOf(tables, side)
  return [...counts]
    .filter(([name, count]) => count > 0 && !leftByStarts.includes(name))
    .map(([name]) => name)
}
