import { loadConfig } from '../config.ts'
import { adminsIn } from '../database/admins.ts'
import { byServer } from '../database/audit.ts'
import { openDatabase } from '../database/client.ts'
import { migrate } from '../database/migrate.ts'
import { initialDays, initialPassword } from '../features/admin/accounts.ts'
import { hashPassword } from '../features/admin/password.ts'

/**
 * `npm run admin:reset -- ada` helps an admin who lost the authenticator app or forgot the password: the app is taken
 * off the account, all its sessions end, and it gets a password that must be changed at the next login.
 */
const name = process.argv[2]
if (!name) fail('Say whose account: npm run admin:reset -- ada')

const { databaseUrl } = loadConfig()
await migrate(databaseUrl)
const database = await openDatabase(databaseUrl)
const now = Date.now()
const { password, initialUntil } = initialPassword(now)
const hash = await hashPassword(password)
const isReset = await adminsIn(database).reset(name, { hash, initialUntil }, byServer(now))
await database.close()
if (!isReset) fail(`There is no account ${name}.`)
console.log(`The account ${name} has no authenticator app any more, and all its sessions have ended.`)
console.log(`Its password for the next login, within ${initialDays} days: ${password}`)

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
