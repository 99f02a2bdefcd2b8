import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { type Draft, draftOf, nextUrl, stepAt, tieBreakerOf } from '../../attempt/finish.ts'
import { readContext, readDuels, readStep, secondsSince } from '../../attempt/read-answers.ts'
import type { Conclude } from '../../attempt/scoring-pool.ts'
import { unanswered } from '../../attempt/steps.ts'
import { derivedToken, hashOf, isToken, type Token } from '../../attempt/tokens.ts'
import { type Content, questionnaireOf } from '../../content/load.ts'
import type { Attempts, Begun, Page } from '../../database/stores/attempts.ts'
import type { Groups } from '../../database/stores/groups.ts'
import type { Results } from '../../database/stores/results.ts'
import { dayOf } from '../../days.ts'
import type { Scorer } from '../../scoring/scores.ts'
import { NotFound } from '../../web/http/errors.ts'
import { formBody } from '../../web/http/forms.ts'
import type { Cookie } from '../../web/http/security.ts'
import { paths } from '../../web/paths.ts'
import type { Print, Render } from '../../web/views/rendering.ts'
import { join } from './join.ts'
import { chosenBefore, contextPage, reviewPage, stepPage, tieBreakerPage } from './page.ts'
import { type Counts, starting } from './start.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The draft of the taker who asks. */
    draft: Draft
  }
}

export type Dependencies = {
  attempts: Attempts
  results: Results
  groups: Groups
  content: Content
  scorer: Scorer
  conclude: Conclude
  cookie: Cookie
  counts: Counts
  /** Of how many people a group must be before anything is told of it. */
  minimum: number
  print: Print
  render: Render
}

/** Of how many drafts it is remembered what is asked in them. */
const remembered = 1_000

/** Taking the quiz: start, one page after another, review, context, result. */
export function quiz(dependencies: Dependencies) {
  const { attempts, results, groups, content, scorer, conclude, cookie, counts, minimum, print, render } =
    dependencies
  const { underWay, begin } = starting(dependencies)
  const taker = { config: { access: 'taker' as const } }

  function tokenOf(request: FastifyRequest): Token {
    const token = cookie.read(request)
    if (!isToken(token)) throw new NotFound('quiz/no-draft')
    return token
  }

  /** Whoever has no draft is told so, or shown the result that came of it. */
  async function withoutDraft(reply: FastifyReply, token: Token) {
    if (!(await results.ofAttempt(hashOf(token)))) throw new NotFound('quiz/no-draft')
    return toResult(reply, token)
  }

  function described<Read extends Begun>(token: Token, attempt: Read): Draft<Read> {
    return draftOf(token, attempt, questionnaireOf(content, attempt.questionnaireVersion))
  }

  async function whole(token: Token): Promise<Draft | null> {
    const attempt = await attempts.find(hashOf(token))
    return attempt && described(token, attempt)
  }

  async function begun(token: Token): Promise<Draft<Begun> | null> {
    const attempt = await attempts.begun(hashOf(token))
    return attempt && described(token, attempt)
  }

  /** What is asked in a draft, and in which order, never changes: it is read once. */
  const known = new LRUCache<Token, Draft<Begun>>({ max: remembered })

  /** What a page asks of the taker who asks for it, and what was answered there, in JSON; null if there is no draft. */
  async function asked(request: FastifyRequest) {
    const token = tokenOf(request)
    const draft = known.get(token) ?? (await begun(token))
    if (!draft) return null
    known.set(token, draft)
    const step = stepAt(draft, request.url)
    const answers = await attempts.answersOn(draft.attempt.id, step.name)
    return answers === null ? null : { draft, step, answers }
  }

  return async (app: FastifyInstance) => {
    app.post(paths.quiz, taker, async (request, reply) => {
      const draft = await underWay(request)
      const again = formBody(request.body).again === 'yes'
      if (draft && !again) return reply.redirect(paths.quiz, 303)
      return begin(reply, draft)
    })

    await app.register(join(dependencies))

    for (const url of ['/quiz/path/:number', '/quiz/sets/:number', '/quiz/habits']) {
      app.get(url, taker, async (request, reply) => {
        const asks = await asked(request)
        if (!asks) return withoutDraft(reply, tokenOf(request))
        const { draft, step, answers } = asks
        const { steps, attempt } = draft
        const fromReview = isFromReview(request.query)
        const { questionnaireVersion, arrangement } = attempt
        const order = step.kind === 'block' ? arrangement[step.number - 1]?.statements : []
        return reply.sendPersonal({
          key: `quiz ${questionnaireVersion} ${step.url} ${step.name} ${order} ${fromReview} ${answers}`,
          printAt(now) {
            const chosen = chosenBefore(step, JSON.parse(answers))
            const page = stepPage(steps, step, { chosen, faults: [], now, fromReview })
            return print(page.view, page)
          }
        })
      })

      app.post(url, taker, async (request, reply) => {
        const asks = await asked(request)
        if (!asks) return withoutDraft(reply, tokenOf(request))
        const { draft, step } = asks
        const { token, steps, attempt } = draft
        const body = formBody(request.body)
        const { answers, chosen, faults } = readStep(step, body)
        const fromReview = isFromReview(request.query)
        if (faults.length > 0) {
          const page = stepPage(steps, step, { chosen, faults, now: String(Date.now()), fromReview })
          return render(reply.code(422), page.view, page)
        }
        const now = Date.now()
        const place = steps.indexOf(step) + 1
        const page = { name: step.name, place, answers, seconds: secondsSince(body.shown, now) }
        if (!(await attempts.save(attempt.id, page, dayOf(now)))) return withoutDraft(reply, token)
        const next = steps[place]
        return reply.redirect(fromReview || !next ? paths.review : next.url, 303)
      })
    }

    await app.register(async (pages) => {
      pages.decorateRequest('draft')
      pages.addHook('preHandler', async (request, reply) => {
        const token = tokenOf(request)
        const draft = await whole(token)
        if (!draft) return withoutDraft(reply, token)
        request.draft = draft
      })

      pages.get(paths.quiz, taker, async ({ draft }, reply) => reply.redirect(nextUrl(draft), 303))

      pages.get(paths.review, taker, async ({ draft }, reply) => {
        const page = reviewPage(draft.steps, draft.attempt.answers, { asked: false })
        return render(reply, page.view, page)
      })

      pages.post(paths.review, taker, async ({ draft }, reply) => {
        const missing = draft.steps.some((step) => unanswered(step, draft.attempt.answers).length > 0)
        if (!missing) return reply.redirect(paths.context, 303)
        const page = reviewPage(draft.steps, draft.attempt.answers, { asked: true })
        return render(reply.code(422), page.view, page)
      })

      pages.get(paths.context, taker, async ({ draft }, reply) => {
        const { answers, groupId } = draft.attempt
        const group = groupId === null ? null : await groups.find(groupId)
        const page = {
          ...contextPage(draft.questionnaire, answers.context),
          group: group && { name: group.name, minimum }
        }
        return render(reply, page.view, page)
      })

      pages.post(paths.context, taker, async ({ draft, body }, reply) => {
        const form = formBody(body)
        const context = form.skip === 'yes' ? {} : readContext(draft.questionnaire.context, form)
        const place = draft.steps.length + 1
        const page = { name: 'context', place, answers: { context }, seconds: null }
        if (tieBreakerOf(draft, scorer).length === 0) return complete(reply, draft, page)
        if (!(await attempts.save(draft.attempt.id, page, dayOf(Date.now()))))
          throw new NotFound('quiz/no-draft')
        return reply.redirect(paths.tieBreaker, 303)
      })

      pages.get(paths.tieBreaker, taker, async ({ draft }, reply) => {
        const pairs = tieBreakerOf(draft, scorer)
        if (pairs.length === 0) return reply.redirect(nextUrl(draft), 303)
        const shown = { chosen: {}, faults: [], now: String(Date.now()) }
        const page = tieBreakerPage(draft.questionnaire, pairs, shown)
        return render(reply, page.view, page)
      })

      pages.post(paths.tieBreaker, taker, async ({ draft, body }, reply) => {
        const form = formBody(body)
        const pairs = tieBreakerOf(draft, scorer)
        const now = Date.now()
        const { duels, chosen, faults } = readDuels(form.skip === 'yes' ? [] : pairs, form)
        if (faults.length > 0) {
          const page = tieBreakerPage(draft.questionnaire, pairs, { chosen, faults, now: String(now) })
          return render(reply.code(422), page.view, page)
        }
        const seconds = secondsSince(form.shown, now)
        const place = draft.steps.length + 2
        return complete(reply, draft, { name: 'six-more', place, answers: { duels }, seconds })
      })

      /** Stores the last page and the result, or lists what is still missing. */
      async function complete(reply: FastifyReply, draft: Draft, page: Page) {
        const completed = await attempts.complete(draft.attempt.id, page, dayOf(Date.now()), (attempt) =>
          conclude(draft.token, attempt)
        )
        if (completed) {
          counts.completed()
          return toResult(reply, draft.token)
        }
        const incomplete = reviewPage(draft.steps, draft.attempt.answers, { asked: true })
        return render(reply.code(422), incomplete.view, incomplete)
      }
    })
  }
}

function toResult(reply: FastifyReply, token: Token) {
  return reply.redirect(paths.manage(derivedToken(token, 'manage')), 303)
}

function isFromReview(query: unknown): boolean {
  return (query as { from?: unknown }).from === 'review'
}
