import pLimit from 'p-limit'
import { Unavailable } from '../../../web/http/errors.ts'

/** Argon2id with 64 MiB and three passes: above the OWASP minimum (Password Storage Cheat Sheet). */
const settings = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

/** What an unknown account's password is checked against, so that it takes as long as a known one's: random bytes. */
const nobody = `$argon2id$v=19$m=${settings.memoryCost},t=${settings.timeCost},p=${settings.parallelism}$rjbOIvxWL2b36uzTKN2d9w$vIytFD7MRd9ztO8G+9iyAJlMqXRVnDZ6V5wj9VBlbZQ`

/** Loaded when somebody logs in: a start has no use for it. */
let loaded: Promise<typeof import('@node-rs/argon2')> | undefined
function argon2() {
  loaded ??= import('@node-rs/argon2')
  return loaded
}

const shortest = 15
export const longest = 1000

/**
 * Knows the 49,000 most common passwords, also repeated, spelt otherwise or followed by a number, and keyboard rows.
 * They take about 10 MB, and most days need them not at all: so they are loaded when a password is first chosen.
 */
async function estimatorOf() {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common')
  ])
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
}

let estimator: ReturnType<typeof estimatorOf> | undefined

/** The best of zxcvbn's scores: it would take more than ten thousand million guesses. */
const hardToGuess = 4

/**
 * What is wrong with a new password, or null. Length and not being common are what counts; there are no rules about
 * kinds of characters (OWASP ASVS 5.0, 6.2).
 */
export async function faultOfPassword(password: string, name: string): Promise<string | null> {
  if (password.length < shortest) return `Use at least ${shortest} characters; several words are easiest.`
  if (password.length > longest) return `Use at most ${longest} characters.`
  const plain = password.toLowerCase()
  if (plain.includes(name.toLowerCase()) || /staff.?bearings/.test(plain)) {
    return 'Leave your name and the name of this program out of it.'
  }
  estimator ??= estimatorOf()
  if ((await estimator).check(password).score < hardToGuess) {
    return 'Choose one that is harder to guess: this one is made of common words or passwords.'
  }
  return null
}

// Each hash takes 64 MiB, so only two are computed at a time, and not many wait.
const atATime = pLimit(2)
const queue = 20

/** Runs a job that hashes passwords when it is its turn, which is soon; otherwise it throws Unavailable. */
export function inTurn<Result>(job: () => Promise<Result>): Promise<Result> {
  if (atATime.pendingCount >= queue) throw new Unavailable()
  return atATime(job)
}

/** To be run {@link inTurn}. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2()
  return hash(password, settings)
}

/**
 * Whether this is the password of `stored`, the hash of an account, or null for an account that does not exist. To
 * be run {@link inTurn}.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const { verify } = await argon2()
  const matches = await verify(stored ?? nobody, password)
  return matches && stored !== null
}
