import { resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { backUp } from '../database/backup/backup.ts'
import { Refusal } from '../database/backup/table-copy.ts'
import { placeOf } from '../database/engine/client.ts'
import { dayOf } from '../days.ts'
import { counted, progress } from './copy-report.ts'
import { plainly } from './run-command.ts'

/** `npm run backup -- FILE` copies the database, also while the service runs, into one SQLite file, and checks that. */
await plainly(async () => {
  const [file, ...rest] = process.argv.slice(2)
  if (!file || rest.length > 0) {
    throw new Refusal('Say where to: npm run backup -- /somewhere/else/bearings.db')
  }
  const { databaseUrl } = loadConfig()
  const counts = await backUp(databaseUrl, resolve(file), dayOf(Date.now()), progress)
  console.log(`Copied ${placeOf(databaseUrl)} to ${resolve(file)}, which was checked and holds:`)
  console.log(counted(counts))
})
