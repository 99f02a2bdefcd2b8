import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { loadConfig } from '../config.ts'
import { openDatabase } from '../database/engine/client.ts'
import { migrate } from '../database/engine/migrate.ts'
import { adminsIn } from '../database/stores/admins.ts'
import { byServer } from '../database/stores/audit.ts'
import { isName } from '../features/admin/access/accounts.ts'
import { faultOfPassword, hashPassword } from '../features/admin/access/password.ts'

/**
 * `npm run admin:create -- ada` makes an admin account. It asks for the password, or reads it from standard
 * input if that is not a terminal.
 */
const name = process.argv[2]
if (!isName(name)) {
  fail('Give the account a name of letters, digits or . _ @ -, like this: npm run admin:create -- ada')
}
const password = process.stdin.isTTY ? await ask() : (await text(process.stdin)).replace(/\r?\n$/, '')
const fault = await faultOfPassword(password, name)
if (fault) fail(fault)

const { databaseUrl } = loadConfig()
await migrate(databaseUrl)
const database = await openDatabase(databaseUrl)
const hash = await hashPassword(password)
const created = await adminsIn(database).add(name, { hash }, byServer(Date.now()))
await database.close()
if (!created) fail(`There is an account ${name} already.`)
console.log(`Made the account ${name}. Log in at /admin/login`)

/** Asks twice, without showing what is typed. */
async function ask(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  const question = async (prompt: string) => {
    process.stdout.write(prompt)
    const answer = await terminal.question('')
    process.stdout.write('\n')
    return answer
  }
  const first = await question('Password (at least 15 characters): ')
  const second = await question('The same again: ')
  terminal.close()
  if (first !== second) fail('The two are not the same.')
  return first
}

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
