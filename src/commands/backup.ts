import { existsSync } from 'node:fs'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { connections, fileOf } from '../database/sqlite-connections.ts'

/** `npm run backup -- FILE` copies the database, also while the service runs, into one consistent file. */
const target = process.argv[2] && resolve(process.argv[2])
const { databaseUrl } = loadConfig()
if (!target) fail('Say where to: npm run backup -- /somewhere/else/bearings.db')
if (existsSync(target)) fail(`${target} exists already.`)
if (!existsSync(fileOf(databaseUrl))) fail(`There is no database at ${fileOf(databaseUrl)}.`)

await mkdir(dirname(target), { recursive: true })
const partial = `${target}.partial`
await rm(partial, { force: true })
const connection = await connections(databaseUrl, 'PRAGMA busy_timeout = 5000').connect()
await connection.executeRaw({
  sql: 'VACUUM INTO ?',
  args: [partial],
  argTypes: [{ scalarType: 'string', arity: 'scalar' }]
})
await connection.dispose()
await chmod(partial, 0o600)
await rename(partial, target)
console.log(`Copied ${fileOf(databaseUrl)} to ${target}`)

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
