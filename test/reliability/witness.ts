import { expect } from 'vitest'
import { content } from '../support/app.ts'
import { type Answer, browser, type Server as Running } from '../support/server.ts'
import { careless, fill, seeded } from '../support/taker.ts'

type Server = Pick<Running, 'origin'>
type Fields = Record<string, string>
export type Witness = ReturnType<typeof witness>

const poles = ['much more left', 'a little more left', 'in between', 'a little more right', 'much more right']
const textOf = new Map(
  content.current.blocks.flatMap(({ statements }) => statements.map(({ id, text }) => [id, text]))
)
const labelOf = new Map(content.current.habits.bands.map(({ id, label }) => [id, label]))

/**
 * Somebody who takes the quiz over HTTP and remembers what was acknowledged, so that it can be asked for again
 * after the server has gone down. Answers are the same for the same seed.
 */
export function witness(seed: number) {
  const { get, post } = browser()
  const manner = careless(seeded(seed))
  /** The answers that were sent and answered with 303, by the form's address. Review sends none. */
  const acknowledged = new Map<string, Fields>()
  /** What was sent and not answered, if anything. */
  let unanswered: { action: string; fields: Fields } | null = null
  /** The page to be filled in next; null before the start. */
  let next: string | null = null
  let last: { action: string; fields: Fields; result: string } | null = null

  async function submit(server: Server, action: string, fields: Fields) {
    unanswered = { action, fields }
    const answer = await post(server, action, fields)
    expectStatus(303, answer, `POST ${action}`)
    unanswered = null
    if (Object.keys(fields).length > 0) acknowledged.set(action, fields)
    next = answer.location
    if (next.startsWith('/m/')) last = { action, fields, result: next }
  }

  return {
    get,
    get result() {
      return last?.result ?? null
    },
    /** Whether everything is answered that must be: what is left to send leads to the result. */
    get isPastReview() {
      return next === '/quiz/context'
    },

    /** Begins, or fills in one page and sends it. */
    async step(server: Server) {
      if (next === null) {
        const started = await post(server, '/quiz')
        expectStatus(303, started, 'POST /quiz')
        next = started.location
        return
      }
      const page = await get(server, next)
      expectStatus(200, page, `GET ${next}`)
      const [, action] = /<form method="post" action="([^"]+)"/.exec(page.body) ?? []
      await submit(server, action!, fill(page.body, manner))
    },

    /** Sends once more what was not answered, as a visitor does who reloads the error page. */
    async sendAgain(server: Server) {
      if (unanswered) await submit(server, unanswered.action, unanswered.fields)
    },

    /** What a visitor does who does not give up: sends again what was not answered, or fills in the next page. */
    async goOn(server: Server) {
      await (unanswered ? this.sendAgain(server) : this.step(server))
    },

    /** Presses the last button again. It must lead to the result there is. */
    async pressLastButtonAgain(server: Server) {
      const { action, fields, result } = last!
      expect(await post(server, action, fields)).toMatchObject({ statusCode: 303, location: result })
    },

    /** Fails unless everything that was acknowledged is there. */
    async check(server: Server) {
      if (next === null) return
      if (last) return checkResult(server, last.result)
      const { location } = await get(server, '/quiz')
      if (location.startsWith('/m/')) {
        expect(['/quiz/context', '/quiz/six-more']).toContain(unanswered?.action)
        acknowledged.set(unanswered!.action, unanswered!.fields)
        return checkResult(server, location)
      }
      expect([...acknowledged.keys()]).not.toContain(location)
      for (const [page, fields] of acknowledged) {
        expect(await chosenOn(server, page)).toEqual(chosenIn(fields))
      }
      if (unanswered && !acknowledged.has(unanswered.action)) {
        expect([{}, chosenIn(unanswered.fields)]).toContainEqual(await chosenOn(server, unanswered.action))
      }
    }
  }

  async function chosenOn(server: Server, path: string): Promise<Fields> {
    const { body } = await get(server, path)
    const inputs = body.matchAll(/<input [^>]*name="([^"]+)" value="([^"]+)"[^>]* checked>/g)
    return chosenIn(Object.fromEntries([...inputs].map(([, name, value]) => [name, value])))
  }

  async function checkResult(server: Server, link: string) {
    expect((await get(server, link)).statusCode).toBe(200)
    const kept = JSON.parse((await get(server, `${link}/answers.json`)).body)
    const sent = [...acknowledged.values()].map(chosenIn)
    const all: Fields = Object.assign({}, ...sent)
    const sets = sent
      .filter(({ most }) => most)
      .map(({ most, least }) => pair(textOf.get(most!), textOf.get(least!)))
    expect(kept.blocks.map(({ most, least }: Fields) => pair(most, least)).sort()).toEqual(sets.sort())
    for (const { id, answer } of kept.items) expect(answer).toBe(poles[Number(all[id]) - 1])
    for (const { id, answer } of kept.habits) expect(answer).toBe(labelOf.get(all[id]!))
    expect(kept.context).toEqual(chosenIn(acknowledged.get('/quiz/context')!))
    const duels = Object.values(chosenIn(acknowledged.get('/quiz/six-more') ?? {}))
    expect(kept.sixMore.map(({ chosen }: Fields) => chosen)).toEqual(duels.map((id) => textOf.get(id)))
  }
}

/** The server is stopping, or cannot reach its database, and said so. */
export class Refused extends Error {}

function expectStatus(status: number, { statusCode, body }: Answer, what: string) {
  if (statusCode === 503) throw new Refused(what)
  expect(statusCode, `${what}: ${body}`).toBe(status)
}

function pair(most?: string, least?: string): string {
  return `${most} / ${least}`
}

/** What somebody chose to tell: without the fields that come with the form, and what they would not say. */
function chosenIn({ shown: _, ...fields }: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 'prefer-not-to-say'))
}

/** Lets all of them do `work` at once. Once `isDown` says so, connections may break and requests be refused. */
export async function together(
  witnesses: Witness[],
  isDown: () => boolean,
  work: (one: Witness) => Promise<void>
) {
  await Promise.all(
    witnesses.map((one) =>
      work(one).catch((error) => {
        if (!isDown() || !(isBroken(error) || error instanceof Refused)) throw error
      })
    )
  )
}

/** Whether a connection broke, or there was nobody to connect to. */
export function isBroken(error: unknown): boolean {
  return error instanceof TypeError && ['fetch failed', 'terminated'].includes(error.message)
}
