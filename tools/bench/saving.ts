import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { load, type Shot } from './load.ts'
import { alternate, type Rounds } from './rounds.ts'
import { asStarted, inPlace, type Place, type Server, settingsFor } from './servers.ts'
import { makeDatabase, savings, submissions, type Taker, takers } from './takers.ts'

const CONNECTIONS = 64
const ROUNDS = 15
const SLICE = 700
const SUBMISSIONS = 64

/** Answers that are saved a second: each taker answers one set after the other, again and again. */
export function savingAnswers(): Promise<Rounds> {
  const people = takers(CONNECTIONS)
  return inPlace(async (place) => {
    const { raw, ours } = await both(place, { begun: people, answered: [], finished: [] })
    const rateOf = async ({ port }: Server) => {
      const shots = await savings(port, people)
      const counts = people.map(() => 0)
      return async () => {
        const next = (taker: number) => shots[taker]![counts[taker]!++ % shots[taker]!.length]!
        return perSecond(await load(port, CONNECTIONS, next, SLICE))
      }
    }
    return alternate(ROUNDS, { theirs: await rateOf(raw), ours: await rateOf(ours) })
  })
}

/** Results that are made a second, each of a draft of its own. */
export function submitting(): Promise<Rounds> {
  const people = takers(1 + SUBMISSIONS * (1 + ROUNDS))
  return inPlace(async (place) => {
    const { raw, ours } = await both(place, { begun: [], answered: people, finished: [] })
    const rateOf = async ({ port }: Server) => {
      const shots = await submissions(port, people)
      return async () => {
        const some: Shot[] = shots.splice(0, SUBMISSIONS)
        return perSecond(await load(port, CONNECTIONS, () => some.pop() ?? null))
      }
    }
    return alternate(ROUNDS, { theirs: await rateOf(raw), ours: await rateOf(ours) })
  })
}

/** Our server and the one on plain better-sqlite3, each with the same people. */
async function both({ directory, start }: Place, people: Record<'begun' | 'answered' | 'finished', Taker[]>) {
  const [theirs, own] = ['raw.db', 'ours.db'].map((name) => join(directory, name)) as [string, string]
  await makeDatabase(theirs, people)
  copyFileSync(theirs, own)
  return {
    raw: await start(['--import', 'tsx', 'tools/bench/raw-server.ts'], settingsFor(theirs)),
    ours: await start(asStarted, settingsFor(own))
  }
}

function perSecond({ answered, milliseconds }: { answered: number; milliseconds: number }): number {
  return (1000 * answered) / milliseconds
}
