import { loadConfig } from '../config.ts'
import { migrate } from '../database/migrate.ts'

/** `npm run migrate` brings the database up to date, as every start does. */
const { databaseFile } = loadConfig()
const applied = await migrate(databaseFile)
console.log(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The database is up to date.')
console.log(`It lies in ${databaseFile}`)
