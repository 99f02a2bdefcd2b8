import * as z from 'zod'
import { loadConfig } from '../config.ts'
import { move } from '../database/backup/move.ts'
import { Refusal } from '../database/backup/table-copy.ts'
import { openDatabase, placeOf } from '../database/engine/client.ts'
import { auditIn } from '../database/stores/audit.ts'
import { counted, progress } from './copy-report.ts'
import { optionsOf } from './options.ts'
import { plainly } from './run-command.ts'

const Options = z.strictObject({
  to: z
    .string('says where to: --to postgres://user@host/database')
    .refine(
      (url) => /^postgres(ql)?:\/\/.+/.test(url) && URL.canParse(url),
      'must be a PostgreSQL: --to postgres://user@host/database'
    )
})

/**
 * `npm run move -- --to postgres://user@host/database` copies the SQLite database of a service that is stopped to
 * PostgreSQL, compares every row, and says so. If it is ended before, nothing is there, and it can be run again.
 */
await plainly(async () => {
  const { to } = optionsOf(process.argv.slice(2), { to: { type: 'string' } }, Options)
  const { databaseUrl } = loadConfig()
  if (!databaseUrl.startsWith('file:')) {
    throw new Refusal(`DATABASE_URL names ${placeOf(databaseUrl)} already: only SQLite is moved.`)
  }
  const { counts, before } = await move(databaseUrl, to, progress)

  const database = await openDatabase(to)
  const { entries, broken } = await auditIn(database).verify()
  await database.close()
  console.log(
    before
      ? `${placeOf(to)} has everything of ${placeOf(databaseUrl)} already; every row is equal:`
      : `Copied ${placeOf(databaseUrl)} to ${placeOf(to)}; every row was read again and is equal:`
  )
  console.log(counted(counts))
  console.log(
    broken === null
      ? `The audit log is intact: ${entries} entries.`
      : `Entry ${broken} of the audit log was changed or removed, here and there.`
  )
  console.log('Set DATABASE_URL to the new address and start. Delete the old file once you need it no more.')
})
