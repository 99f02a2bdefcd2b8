import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type ProfileEngine, profileEngine } from '../../src/scoring/profile/profile.ts'
import type { Response } from '../../src/scoring/profile/response.ts'
import { tieBreakerDuels } from '../../src/scoring/profile/tie-breaker.ts'
import { median } from '../simulation/measures.ts'
import { type Random, randomFrom, shuffled } from '../simulation/random.ts'
import { duelsOf, marksOf, questionnaire, taker } from '../simulation/takers.ts'
import type { Rounds } from './rounds.ts'

const SETS = 12
const RESPONSES = 300
const ROUNDS = 9
/** A kept profile would be some 500 bytes; the collector is not exact to the last few. */
const LIMIT_BYTES = 64

const random = randomFrom(20261123)
const attractiveness = questionnaire(random, SETS, 0.4)
const equal = profileEngine()
const known = profileEngine({ attractiveness })

/** Milliseconds that one score takes: of a version like the one that is asked, with six more choices, and of a calibrated one. */
export const scoring = async (): Promise<Rounds> => ({ ours: timesOf(equal, false), theirs: [] })
export const scoringWithDuels = async (): Promise<Rounds> => ({ ours: timesOf(equal, true), theirs: [] })
export const calibratedScoring = async (): Promise<Rounds> => ({ ours: timesOf(known, true), theirs: [] })

/** The median of each round. Fails if scoring again and again needs more and more memory. */
function timesOf(engine: ProfileEngine, withDuels: boolean): number[] {
  const responses = Array.from({ length: RESPONSES }, () => responseOf(random, withDuels))
  const medians: number[] = []
  const bytes: number[] = []
  // The first rounds warm up; a leak would show in every round after them, compiled code in one or two.
  for (let round = -2; round < ROUNDS; round++) {
    const before = bytesInUse()
    const times = responses.map((response) => {
      const start = performance.now()
      engine.score(response)
      return performance.now() - start
    })
    if (round < 0) continue
    medians.push(median(times))
    bytes.push((bytesInUse() - before) / RESPONSES)
  }
  const kept = Math.min(...bytes)
  if (kept > LIMIT_BYTES) throw new Error(`Each score keeps ${kept.toFixed(0)} bytes of memory`)
  return medians
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
