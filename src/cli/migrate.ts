import { loadConfig } from '../config.ts'
import { placeOf } from '../database/engine/client.ts'
import { migrate } from '../database/engine/migrate.ts'

/** `npm run migrate` brings the database up to date, as every start does. */
const { databaseUrl } = loadConfig()
const applied = await migrate(databaseUrl)
console.log(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The database is up to date.')
console.log(`It lies in ${placeOf(databaseUrl)}`)
