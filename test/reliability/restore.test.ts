import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { archetypes } from '../../src/content/schema.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { fileOf } from '../../src/database/engine/sqlite-connections.ts'
import { rebuildTallies } from '../../src/database/stores/rebuild-tallies.ts'
import { tallyOf } from '../../src/statistics/tally.ts'
import { content } from '../support/app.ts'
import { emptyDatabase, newDatabase, onSqlite } from '../support/database.ts'
import { browser, dataDirectory, runBuilt, startServer } from '../support/server.ts'
import { type Witness, witness } from './witness.ts'

// Servers and commands are started one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000 })

const backUp = (url: string, file: string) => runBuilt('cli/backup.js', { DATABASE_URL: url }, [file])
const restore = (url: string, file: string) => runBuilt('cli/restore.js', { DATABASE_URL: url }, [file])

type Server = Awaited<ReturnType<typeof startServer>>

async function finish(server: Server, ...witnesses: Witness[]) {
  await Promise.all(
    witnesses.map(async (one) => {
      while (one.result === null) await one.step(server)
    })
  )
}

async function expectSound(url: string, results: number) {
  const database = await openDatabase(url)
  onTestFinished(() => database.close())
  if (onSqlite) {
    const check = (pragma: string) => database.read.$queryRawUnsafe(`PRAGMA ${pragma}`)
    expect(await check('integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(await check('foreign_key_check')).toEqual([])
  }
  expect(await database.read.result.count()).toBe(results)
  const different = await rebuildTallies(database, (result) => tallyOf(result, content.current, archetypes))
  expect(different).toEqual([])
}

test('a backup of a service that is writing restores, and what was deleted since stays deleted', async () => {
  const url = await emptyDatabase()
  const file = join(dataDirectory(), 'backups/bearings.db')
  const server = await startServer(url)
  const [kept, deleted, noted, begun, late] = [1, 2, 3, 4, 5].map(witness) as [
    Witness,
    Witness,
    Witness,
    Witness,
    Witness
  ]
  await finish(server, kept, deleted, noted)
  const { get, post } = browser()
  await post(server, noted.result!, { note: 'to be deleted' })
  await post(server, noted.result!, { note: 'to be kept' })
  await post(server, noted.result!, { note: 'deleted before' })
  await post(server, `${noted.result}/notes/3/delete`)
  await post(server, noted.result!, { note: 'in its place' })
  while (!begun.isPastReview) await begun.step(server)

  const [{ code, output }] = await Promise.all([backUp(url, file), finish(server, late)])
  expect(output).toContain(`to ${file}, which was checked and holds:`)
  expect(code).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(dirname(file))).toEqual(['bearings.db'])
  expect(new BetterSqlite3(file, { readonly: true }).pragma('integrity_check')).toEqual([
    { integrity_check: 'ok' }
  ])

  // Among them somebody who was in the middle when the backup was made.
  await finish(server, begun)
  for (const one of [deleted, begun]) {
    expect((await post(server, `${one.result}/delete`)).statusCode).toBe(303)
  }
  await post(server, `${noted.result}/notes/1/delete`)

  const refused = await restore(url, file)
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('is in use: stop the service') })
  await kept.check(server)
  await server.terminate()

  const restored = await restore(url, file)
  expect(restored.output).toContain('deleted it since: 1 results, 1 notes, 1 drafts.')
  expect(restored.code).toBe(0)
  const previous = /What was there before is in (\S+)/.exec(restored.output)?.[1] as string
  const before = new BetterSqlite3(previous, { readonly: true })
  expect(before.prepare('SELECT count(*) FROM "Result"').pluck().get()).toBe(3)
  before.close()
  if (onSqlite) {
    const left = readdirSync(dirname(fileOf(url))).filter((name) => !name.endsWith('-migrating'))
    expect(left.sort()).toEqual([basename(fileOf(url)), basename(previous)])
  }

  const again = await startServer(url)
  await kept.check(again)
  for (const one of [deleted, begun]) expect((await get(again, one.result!)).statusCode).toBe(404)
  const page = (await get(again, noted.result!)).body
  expect(page).toContain('to be kept')
  expect(page).toContain('in its place')
  expect(page).not.toContain('to be deleted')
  await again.terminate()
  const database = await openDatabase(url)
  const results = await database.read.result.count()
  await database.close()
  // The one who finished while the backup was made is in it as it was then.
  expect([2, 3]).toContain(results)
  await expectSound(url, results)
})

test('a backup restores where nothing is left, and says what it cannot know', async () => {
  const url = await newDatabase()
  const file = join(dataDirectory(), 'bearings.db')
  const server = await startServer(url)
  const one = witness(1)
  await finish(server, one)
  await server.terminate()
  expect(await backUp(url, file)).toMatchObject({ code: 0 })

  const elsewhere = await emptyDatabase()
  const { code, output } = await restore(elsewhere, file)
  expect(output).toContain('What takers deleted after the backup was made is not known')
  expect(code).toBe(0)
  if (onSqlite) {
    writeFileSync(fileOf(elsewhere), 'no database, but what is left of one')
    const replaced = await restore(elsewhere, file)
    expect(replaced.output).toContain('What takers deleted after the backup was made is not known')
    const previous = /What was there before is in (\S+)/.exec(replaced.output)?.[1] as string
    expect(readFileSync(previous, 'utf8')).toContain('what is left of one')
  }
  const again = await startServer(elsewhere)
  await one.check(again)
  await again.terminate()
  await expectSound(elsewhere, 1)
  // Whichever kind it came from, it is a database itself.
  const copy = await startServer(`file:${file}`)
  await one.check(copy)
})

test('what cannot be backed up or restored is told in a line, and nothing is changed', async () => {
  const url = await emptyDatabase()
  const directory = dataDirectory()
  const file = join(directory, 'bearings.db')
  const told = async (work: Promise<{ code: number | null; output: string }>, words: string | RegExp) => {
    const { code, output } = await work
    expect(output.trimEnd().split('\n')).toEqual([expect.stringMatching(words)])
    expect(code).toBe(1)
  }
  await told(backUp(url, file), onSqlite ? 'There is no database at' : 'holds nothing yet')
  await told(restore(url, file), 'There is no file')
  await told(runBuilt('cli/restore.js', { DATABASE_URL: url }), 'Say from where')
  await told(runBuilt('cli/backup.js', { DATABASE_URL: url }), 'Say where to')
  expect(onSqlite && existsSync(fileOf(url))).toBe(false)

  await runBuilt('cli/migrate.js', { DATABASE_URL: url })
  expect(await backUp(url, file)).toMatchObject({ code: 0 })
  await told(backUp(url, file), 'exists already')

  const other = join(directory, 'other.db')
  new BetterSqlite3(other).exec('CREATE TABLE "Letter" ("id" TEXT PRIMARY KEY)').close()
  await told(restore(url, other), 'is no backup of this program')
  await told(restore(url, join(import.meta.dirname, 'witness.ts')), 'is damaged, or no backup')
  const newer = new BetterSqlite3(file)
  newer.exec("UPDATE _prisma_migrations SET migration_name = '9999_later' WHERE migration_name LIKE '0007%'")
  newer.close()
  await told(restore(url, file), 'was made by a newer version')
  await told(restore(url, directory), 'There is no file')
  if (onSqlite) await told(restore(url, fileOf(url)), 'is the database itself')
  expect(readdirSync(directory).sort()).toEqual(['bearings.db', 'other.db'])
})
