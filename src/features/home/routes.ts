import type { FastifyInstance, FastifyReply } from 'fastify'
import { derivedToken, hashOf, isToken } from '../../attempt/tokens.ts'
import { type Content, questionnaireOf } from '../../content/load.ts'
import type { Attempts } from '../../database/stores/attempts.ts'
import type { Statistics } from '../../database/stores/durations.ts'
import type { Results } from '../../database/stores/results.ts'
import type { Cookie } from '../../web/http/security.ts'
import { paths } from '../../web/paths.ts'
import type { Render, Share } from '../../web/views/rendering.ts'
import { durationOf, estimate } from './duration.ts'
import { homePage } from './page.ts'

type Dependencies = {
  attempts: Attempts
  results: Results
  statistics: Statistics
  content: Content
  /** The names of the pages that every attempt has. */
  pages: string[]
  cookie: Cookie
  render: Render
  share: Share
}

const hour = 60 * 60 * 1000
const latest = 500

/** The start page: what you get, and where this browser left off. */
export function home({ attempts, results, statistics, content, pages, cookie, render, share }: Dependencies) {
  let duration = estimate
  let shared = sharedPage()
  let nextMeasurement = 0

  /** What everybody sees whose browser has nothing here: it has no cookie of ours, or none that we could have set. */
  function sharedPage() {
    return share('home/home', () => homePage(content, duration, {}), ['cookie'])
  }

  async function measure(now: number) {
    // Set first: whoever comes meanwhile is told the last one, rather than measuring too.
    nextMeasurement = now + hour
    duration = durationOf(await statistics.latestSeconds(content.current.version, latest), pages)
    shared = sharedPage()
  }

  return async (app: FastifyInstance) => {
    app.get(paths.home, { config: { access: 'public' } }, (request, reply) => {
      const now = Date.now()
      const token = cookie.read(request)
      // Most often there is nothing to wait for.
      if (now < nextMeasurement && !isToken(token)) reply.sendReady(shared)
      else return answer(reply, token, now)
    })

    async function answer(reply: FastifyReply, token: string | undefined, now: number) {
      if (now >= nextMeasurement) await measure(now)
      if (!isToken(token)) return reply.sendReady(shared)
      const attempt = await attempts.find(hashOf(token))
      const known = attempt
        ? { draft: { attempt, questionnaire: questionnaireOf(content, attempt.questionnaireVersion) } }
        : (await results.ofAttempt(hashOf(token)))
          ? { result: paths.manage(derivedToken(token, 'manage')) }
          : {}
      return render(reply, 'home/home', homePage(content, duration, known))
    }
  }
}
