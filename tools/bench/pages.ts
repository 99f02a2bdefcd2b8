import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, get, load, type Shot, shot } from './load.ts'
import { alternate, type Rounds } from './rounds.ts'
import { asStarted, inPlace, type Place, processorTime, type Server, settingsFor } from './servers.ts'
import { blockPage, headersOf, makeDatabase, resultOf, type Taker, takers } from './takers.ts'

/** V8 does not compile the same code equally well in every process, so each page is measured in several. */
const PAIRS = 4
const ROUNDS = 9
const SLICE = 400
const CONNECTIONS = 48
const browser = { 'accept-encoding': 'gzip, deflate, br' }

/** A page that is the same for everybody, and a bare Fastify that sends the same bytes. */
export function sharedPage(path: string): Promise<Rounds> {
  return inPairs(async (place) => {
    const ours = await place.start(asStarted, settingsFor(join(place.directory, 'bench.db')))
    const bare = await bareFor(place, ours, path, browser)
    return rates(
      { server: bare, shot: await shot(bare.port, get('/', browser)) },
      { server: ours, shot: await shot(ours.port, get(path, browser)) }
    )
  })
}

/** The same page, of a browser that has it already. */
export function unchangedPage(path: string): Promise<Rounds> {
  return inPairs(async (place) => {
    const ours = await place.start(asStarted, settingsFor(join(place.directory, 'bench.db')))
    const bare = await bareFor(place, ours, path, browser)
    const { headers } = await ask(ours.port, get(path, browser))
    const again = { ...browser, 'if-none-match': headers.get('etag')! }
    return rates(
      { server: bare, shot: await shot(bare.port, get('/unchanged', again), '304') },
      { server: ours, shot: await shot(ours.port, get(path, again), '304') }
    )
  })
}

/** A page of the quiz. */
export function quizPage(): Promise<Rounds> {
  const [taker] = takers(1) as [Taker]
  return personalPage(taker, blockPage, { begun: [taker], answered: [], finished: [] })
}

/** The page of a result, as its owner sees it. */
export function resultPage(): Promise<Rounds> {
  const [taker] = takers(1) as [Taker]
  return personalPage(taker, resultOf(taker), { begun: [], answered: [], finished: [taker] })
}

function personalPage(taker: Taker, path: string, stored: Parameters<typeof makeDatabase>[1]) {
  return inPairs(async (place) => {
    const file = join(place.directory, 'bench.db')
    await makeDatabase(file, stored)
    const ours = await place.start(asStarted, settingsFor(file))
    const headers = headersOf(taker)
    const bare = await bareFor(place, ours, path, headers)
    return rates(
      { server: bare, shot: await shot(bare.port, get('/', headers)) },
      { server: ours, shot: await shot(ours.port, get(path, headers)) }
    )
  })
}

/** The rounds of several pairs of servers, one pair after the other. */
async function inPairs(measure: (place: Place) => Promise<Rates>): Promise<Rates> {
  const found: Rates[] = []
  for (let pair = 0; pair < PAIRS; pair++) found.push(await inPlace(measure))
  const all = (what: (rates: Rates) => Sides) => ({
    ours: found.flatMap((rates) => what(rates).ours),
    theirs: found.flatMap((rates) => what(rates).theirs)
  })
  return { ...all((rates) => rates), processor: all(({ processor }) => processor) }
}

/** A bare Fastify that sends what our server sends now. */
export async function bareFor(
  { directory, start }: Place,
  ours: Server,
  path: string,
  headers: Record<string, string>
): Promise<Server> {
  const { status, headers: sent, body } = await ask(ours.port, get(path, headers))
  if (status !== '200') throw new Error(`${path} was answered ${status}`)
  const file = join(directory, 'page')
  writeFileSync(file, body)
  const [type, encoding, etag] = ['content-type', 'content-encoding', 'etag'].map(
    (name) => sent.get(name) ?? ''
  )
  return start(['tools/bench/bare.js', file, type!, encoding!, etag!])
}

type Side = { server: Server; shot: Shot }
type Sides = Pick<Rounds, 'ours' | 'theirs'>
type Rates = Required<Rounds>

/** Keeps this process from sleeping: a server would have to wake it for every answer, and the slower it is the more often. */
export async function awake<Result>(work: () => Promise<Result>): Promise<Result> {
  let isOver = false
  const turn = () => {
    if (!isOver) setImmediate(turn)
  }
  turn()
  return work().finally(() => {
    isOver = true
  })
}

/** How many requests a second each of the two answers. */
async function rates(bare: Side, ours: Side): Promise<Rates> {
  const rate = async ({ server: { child, port }, shot }: Side) => {
    const before = processorTime(child)
    const { answered, milliseconds } = await awake(() => load(port, CONNECTIONS, () => shot, SLICE))
    return {
      perSecond: (1000 * answered) / milliseconds,
      processor: (1e6 * (processorTime(child) - before)) / answered
    }
  }
  const found = await alternate(ROUNDS, { theirs: () => rate(bare), ours: () => rate(ours) })
  const each = (what: 'perSecond' | 'processor') => ({
    ours: found.ours.map((one) => one[what]),
    theirs: found.theirs.map((one) => one[what])
  })
  return { ...each('perSecond'), processor: each('processor') }
}
