import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type ProfileEngine, profileEngine } from '../src/scoring/profile.ts'
import type { Response } from '../src/scoring/response.ts'
import { tieBreakerDuels } from '../src/scoring/tie-breaker.ts'
import { median } from '../src/simulation/measures.ts'
import { type Random, randomFrom, shuffled } from '../src/simulation/random.ts'
import { duelsOf, marksOf, questionnaire, taker } from '../src/simulation/takers.ts'

/**
 * `npm run bench`: how long one score takes, and whether scoring again and again needs more and more memory.
 * It fails if a median is above a millisecond, or if memory grows.
 */
const SETS = 12
const RESPONSES = 1000
const ROUNDS = 4
const LIMIT_MICROSECONDS = 1000
/** A kept profile would be some 500 bytes; the collector is not exact to the last few. */
const LIMIT_BYTES = 64

const random = randomFrom(20261123)
const attractiveness = questionnaire(random, SETS, 0.4)
const equal = profileEngine()
const known = profileEngine({ attractiveness })

measure('twelve sets', equal, false)
measure('twelve sets and six duels', equal, true)
measure('twelve sets, attractiveness known', known, false)
measure('the same and six duels', known, true)

function measure(what: string, engine: ProfileEngine, withDuels: boolean): void {
  const responses = Array.from({ length: RESPONSES }, () => responseOf(random, withDuels))
  const microseconds = new Float64Array(ROUNDS * RESPONSES)
  const bytes: number[] = []
  // The first round warms up; a leak would show in every round after it, compiled code in one or two.
  for (let round = -1; round < ROUNDS; round++) {
    const before = bytesInUse()
    for (const [i, response] of responses.entries()) {
      const start = performance.now()
      engine.score(response)
      if (round >= 0) microseconds[round * RESPONSES + i] = 1000 * (performance.now() - start)
    }
    if (round >= 0) bytes.push((bytesInUse() - before) / RESPONSES)
  }

  const typical = median([...microseconds])
  const slow = microseconds.sort()[Math.floor(0.99 * microseconds.length)]!
  const kept = Math.max(0, Math.min(...bytes))
  const holds = typical <= LIMIT_MICROSECONDS && kept <= LIMIT_BYTES
  if (!holds) process.exitCode = 1
  console.log(
    `${what.padEnd(36)} median ${typical.toFixed(0).padStart(5)} µs   99 % under ${slow.toFixed(0).padStart(6)} µs   ` +
      `kept per call ${kept.toFixed(1).padStart(5)} bytes   ${holds ? 'ok' : 'TOO MUCH'}`
  )
}

function responseOf(random: Random, withDuels: boolean): Response {
  const utility = taker(random, 1)
  const choices = marksOf(random, utility, attractiveness, 'in-turn')
  if (!withDuels) return { choices }
  const pairings = tieBreakerDuels(equal.score({ choices }).first, shuffled(random, SETS))
  return { choices, duels: duelsOf(random, utility, attractiveness, pairings) }
}

/** Memory in use after everything that can go has gone. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
