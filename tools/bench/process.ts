import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { paths } from '../../src/web/paths.ts'
import { ask, get, load, shot } from './load.ts'
import { bareFor } from './pages.ts'
import { alternate, type Rounds } from './rounds.ts'
import { asStarted, begin, end, inPlace, megabytesOf, settingsFor } from './servers.ts'
import { blockPage, headersOf, makeDatabase, resultOf, savings, type Taker, takers } from './takers.ts'

const ROUNDS = 11
const SECONDS = 60
const CONNECTIONS = 48

/** Milliseconds from the command to the first page. */
export function starting(): Promise<Rounds> {
  return inPlace(async (place) => {
    const file = join(place.directory, 'bench.db')
    const { child, port } = await place.start(asStarted, settingsFor(file))
    const bare = await bareFor(place, { child, port }, paths.home, {})
    const bareArgs = bare.child.spawnargs.slice(1)
    await Promise.all([end(child), end(bare.child)])
    return alternate(ROUNDS, {
      theirs: () => firstPage(bareArgs, {}),
      ours: () => firstPage(asStarted, settingsFor(file))
    })
  })
}

async function firstPage(args: string[], settings: Record<string, string>): Promise<number> {
  const port = await freePort()
  const start = performance.now()
  const child = begin(args, { ...settings, PORT: String(port) })
  child.stdout!.resume()
  try {
    for (;;) {
      const status = await ask(port, get('/', {})).then(
        ({ status }) => status,
        () => null
      )
      if (status === '200') return performance.now() - start
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} did not start`)
      await setTimeout(2)
    }
  } finally {
    await end(child)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Megabytes after a minute of load: of a server of ours that is asked for pages of all kinds and saves answers, and of a
 * bare Fastify that sends one page.
 */
export function memory(): Promise<Rounds> {
  const people = takers(CONNECTIONS)
  const [reader] = takers(1) as [Taker]
  return inPlace(async (place) => {
    const file = join(place.directory, 'bench.db')
    await makeDatabase(file, { begun: people, answered: [], finished: [reader] })
    const ours = await place.start(asStarted, settingsFor(file))
    const bare = await bareFor(place, ours, paths.home, {})
    const answers = await savings(ours.port, people)
    const pages = [
      await shot(ours.port, get(paths.home, {})),
      await shot(ours.port, get(paths.archetype('solver'), {})),
      await shot(ours.port, get(blockPage, headersOf(people[0]!))),
      await shot(ours.port, get(resultOf(reader), {}))
    ]
    const page = await shot(bare.port, get('/', {}))
    let asked = 0
    await Promise.all([
      load(bare.port, CONNECTIONS, () => page, 1000 * SECONDS),
      load(
        ours.port,
        CONNECTIONS,
        (taker) => {
          const number = asked++
          return number % 5 === 0
            ? answers[taker]![(number / 5) % answers[taker]!.length]!
            : pages[number % pages.length]!
        },
        1000 * SECONDS
      )
    ])
    return { ours: [megabytesOf(ours.child, 'VmRSS')], theirs: [megabytesOf(bare.child, 'VmRSS')] }
  })
}
