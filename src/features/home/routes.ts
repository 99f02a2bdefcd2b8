import type { FastifyInstance } from 'fastify'
import { type Content, questionnaireOf } from '../../content/load.ts'
import type { Attempts } from '../../database/attempts.ts'
import type { Results } from '../../database/results.ts'
import { paths } from '../../web/paths.ts'
import type { Cookie } from '../../web/security.ts'
import { derivedToken, hashOf, isToken } from '../../web/tokens.ts'
import type { Render } from '../../web/views.ts'
import { homePage } from './page.ts'

type Dependencies = { attempts: Attempts; results: Results; content: Content; cookie: Cookie; render: Render }

/** The start page: what you get, and where this browser left off. */
export function home({ attempts, results, content, cookie, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    app.get(paths.home, { config: { access: 'public' } }, async (request, reply) => {
      const token = cookie.read(request)
      if (!isToken(token)) return render(reply, 'home/home', homePage(content, {}))
      const attempt = await attempts.find(hashOf(token))
      const known = attempt
        ? { draft: { attempt, questionnaire: questionnaireOf(content, attempt.questionnaireVersion) } }
        : (await results.ofAttempt(hashOf(token)))
          ? { result: paths.manage(derivedToken(token, 'manage')) }
          : {}
      return render(reply, 'home/home', homePage(content, known))
    })
  }
}
