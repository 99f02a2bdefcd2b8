import { join } from 'node:path'
import { type Connection, connection, get, type Shot, shot } from './load.ts'
import { alternate, type Rounds } from './rounds.ts'
import { asStarted, inPlace, settingsFor } from './servers.ts'
import { blockPage, headersOf, makeDatabase, savings, type Taker, takers } from './takers.ts'

const READS = 500
const WRITES = 300
const SECONDS = 5
const ROUNDS = 5
const PEOPLE = 64

let measured: ReturnType<typeof measure> | undefined

/** Milliseconds within which 99 of 100 pages come, beside answers that are saved; and without them. */
export async function reads(): Promise<Rounds> {
  measured ??= measure()
  const { ours, theirs } = await measured
  return { ours: ours.map(({ reads }) => reads), theirs: theirs.map(({ reads }) => reads) }
}

/** Milliseconds within which 99 of 100 of these answers are saved. */
export async function writes(): Promise<Rounds> {
  measured ??= measure()
  return { ours: (await measured).ours.map(({ writes }) => writes), theirs: [] }
}

/** Both come as visitors do, whether or not those before them were answered. One that is not answered well ends it all. */
function measure() {
  const [reader, ...people] = takers(1 + PEOPLE) as [Taker, ...Taker[]]
  return inPlace(async ({ directory, start }) => {
    const file = join(directory, 'bench.db')
    await makeDatabase(file, { begun: [reader, ...people], answered: [], finished: [] })
    const { port } = await start(asStarted, settingsFor(file))
    const pages = [await shot(port, get('/', {})), await shot(port, get(blockPage, headersOf(reader)))]
    const answers = (await savings(port, people)).flat()
    const read = () => arrivals(port, READS, pages)
    const write = () => arrivals(port, WRITES, answers)
    return alternate(ROUNDS, {
      theirs: async () => ({ reads: slowest(await read()), writes: 0 }),
      ours: async () => {
        const [reads, writes] = await Promise.all([read(), write()])
        return { reads: slowest(reads), writes: slowest(writes) }
      }
    })
  })
}

/** So many requests a second, in turn. Resolves to the milliseconds from when each was due to when it was answered. */
async function arrivals(port: number, perSecond: number, shots: Shot[]): Promise<number[]> {
  const idle: Connection[] = await Promise.all(Array.from({ length: 64 }, () => connection(port)))
  const all = [...idle]
  const took: number[] = []
  const due: number[] = []
  const start = performance.now()
  let sent = 0

  await new Promise<void>((resolve, reject) => {
    const send = () => {
      while (due.length > 0 && idle.length > 0) {
        const [one, at] = [idle.pop()!, due.shift()!]
        one.ask(shots[sent++ % shots.length]!, (error) => {
          if (error) return reject(error)
          took.push(performance.now() - at)
          idle.push(one)
          send()
          if (took.length === perSecond * SECONDS) resolve()
        })
      }
    }
    let arrived = 0
    const timer = setInterval(() => {
      for (; arrived < perSecond * SECONDS; arrived++) {
        const at = start + (1000 * arrived) / perSecond
        if (at > performance.now()) break
        due.push(at)
      }
      send()
      if (arrived === perSecond * SECONDS) clearInterval(timer)
    }, 1)
  }).finally(() => {
    for (const one of all) one.close()
  })
  return took
}

function slowest(milliseconds: number[]): number {
  return milliseconds.sort((a, b) => a - b)[Math.floor(0.99 * milliseconds.length)]!
}
