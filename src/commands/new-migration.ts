import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { openSchemaEngine, readSchemaFolder } from '../database/schema-engine.ts'

/**
 * `npm run migrate:new -- 0002_what_changed` writes the SQL that leads from the migrations so far to
 * prisma/models.prisma. Read it before you commit it.
 */
const name = process.argv[2]
if (!name || !/^\d{4}_[a-z0-9_]+$/.test(name)) {
  console.error('Name the migration: npm run migrate:new -- 0002_what_changed')
  process.exit(1)
}

const directory = join(import.meta.dirname, '../../prisma/sqlite')
const folder = await readSchemaFolder(directory)
const scratch = await mkdtemp(join(tmpdir(), 'staff-bearings-'))
try {
  const engine = await openSchemaEngine(new PrismaBetterSqlite3({ url: join(scratch, 'scratch.db') }), folder)
  await engine.applyMigrations()
  const sql = await engine.differenceToModels()
  if (sql === null) {
    console.log('models.prisma and the migrations agree: nothing to write.')
  } else {
    const path = join(directory, 'migrations', name, 'migration.sql')
    await mkdir(join(directory, 'migrations', name))
    await writeFile(path, sql)
    console.log(`Wrote ${path}`)
  }
} finally {
  await rm(scratch, { recursive: true })
}
