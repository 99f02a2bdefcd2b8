import { loadConfig } from '../config.ts'
import { openDatabase } from '../database/engine/client.ts'
import { migrate } from '../database/engine/migrate.ts'
import { auditIn } from '../database/stores/audit.ts'

/**
 * `npm run audit:verify` checks that no entry of the audit log was changed or removed. With a fingerprint that it
 * printed earlier, as in `npm run audit:verify -- 3f2a…`, it also tells whether the newest entries were cut off.
 */
const noted = process.argv[2]
const { databaseUrl } = loadConfig()
await migrate(databaseUrl)
const database = await openDatabase(databaseUrl)
const { entries, hash, broken, known } = await auditIn(database).verify(noted)
await database.close()
if (broken !== null)
  fail(`Entry ${broken} of the audit log was changed or removed. The ${entries} before it are intact.`)
if (noted !== undefined && !known)
  fail(`The ${entries} entries are intact, but none of them is ${noted}: entries are missing at the end.`)
console.log(`The audit log is intact: ${entries} entries.`)
console.log(`Fingerprint of the last one: ${hash}`)

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
