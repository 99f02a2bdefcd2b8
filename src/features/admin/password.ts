import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { Unavailable } from '../../web/errors.ts'

/** Argon2id with 64 MiB and three passes: above the OWASP minimum (Password Storage Cheat Sheet). */
const settings = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

/** What an unknown account's password is checked against, so that it takes as long as a known one's. */
const nobody = hash('no password has this hash', settings)

const shortest = 15
const longest = 256

/** What is wrong with a new password, or null. Length is what counts; no rules about kinds of characters. */
export function faultOfPassword(password: string, name: string): string | null {
  if (password.length < shortest) return `Use at least ${shortest} characters; several words are easiest.`
  if (password.length > longest) return `Use at most ${longest} characters.`
  const plain = password.toLowerCase()
  if (plain.includes(name.toLowerCase()) || /staff.?bearings/.test(plain)) {
    return 'Leave your name and the name of this program out of it.'
  }
  if (new Set(plain).size < 5) return 'Use more than a few different characters.'
  return null
}

export function hashPassword(password: string): Promise<string> {
  return hash(password, settings)
}

// Each check takes 64 MiB, so only two run at a time, and not many wait.
const atATime = pLimit(2)
const queue = 20

/** Whether this is the password of `stored`, the hash of an account, or null for an account that does not exist. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  if (atATime.pendingCount >= queue) throw new Unavailable()
  const matches = await atATime(async () => verify(stored ?? (await nobody), password))
  return matches && stored !== null
}
