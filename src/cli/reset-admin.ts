import { loadConfig } from '../config.ts'
import { openDatabase } from '../database/engine/client.ts'
import { migrate } from '../database/engine/migrate.ts'
import { adminsIn } from '../database/stores/admins.ts'
import { byServer } from '../database/stores/audit.ts'
import { initialDays, initialPassword } from '../features/admin/access/accounts.ts'
import { hashPassword } from '../features/admin/access/password.ts'

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
