import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectDirectory } from '../src/config.ts'
import { engineOf } from '../src/database/engine/client.ts'
import { schemaDirectory } from '../src/database/engine/migrate.ts'
import { openSchemaEngine, readSchemaFolder } from '../src/database/engine/schema-engine.ts'
import { startPostgres } from './postgres.ts'

/**
 * `npm run migrate:new -- 0002_what_changed` writes, for each kind of database, the SQL that leads from the models of
 * the last commit to those of prisma/models.prisma. Read it before you commit it.
 */
const name = process.argv[2]
if (!name || !/^\d{4}_[a-z0-9_]+$/.test(name)) {
  console.error('Name the migration: npm run migrate:new -- 0002_what_changed')
  process.exit(1)
}

const committed = execFileSync('git', ['show', 'HEAD:prisma/models.prisma'], {
  cwd: projectDirectory,
  encoding: 'utf8'
})
const scratch = await mkdtemp(join(tmpdir(), 'staff-bearings-'))
const postgres = await startPostgres()
try {
  await writeMigration(`file:${join(scratch, 'scratch.db')}`, name)
  await writeMigration(postgres.urlOf('postgres'), name)
} finally {
  await postgres.stop()
  await rm(scratch, { recursive: true })
}

async function writeMigration(url: string, name: string) {
  const directory = schemaDirectory(url)
  const folder = await readSchemaFolder(directory)
  const engine = await openSchemaEngine((await engineOf(url)).connections(url), folder)
  const before = folder.schema.files.map(({ path, content }) => ({
    path,
    content: path === 'models.prisma' ? committed : content
  }))
  const sql = await engine.difference({ files: before })
  await engine.close()
  if (sql === null) {
    console.log(`Nothing to write in ${directory}: the models are those of the last commit.`)
    return
  }
  const path = join(directory, 'migrations', name)
  await mkdir(path)
  await writeFile(join(path, 'migration.sql'), sql)
  console.log(`Wrote ${join(path, 'migration.sql')}`)
}
