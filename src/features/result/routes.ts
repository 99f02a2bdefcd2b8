import type { FastifyInstance, FastifyReply } from 'fastify'
import { derivedToken, hashOf, isToken, type Token } from '../../attempt/tokens.ts'
import { type Content, questionnaireOf } from '../../content/load.ts'
import type { Questionnaire } from '../../content/schema.ts'
import type { Groups } from '../../database/stores/groups.ts'
import type { Note, Result, Results } from '../../database/stores/results.ts'
import { dayOf } from '../../days.ts'
import { NotFound } from '../../web/http/errors.ts'
import { paths } from '../../web/paths.ts'
import type { Print, Render } from '../../web/views/rendering.ts'
import { downloadOf } from './download.ts'
import { mostNotes, nothingTyped, readNote, type Typed, tooMany } from './notes.ts'
import { resultPage } from './page.ts'

type Owned = { token: Token; result: Result; questionnaire: Questionnaire }
type Dependencies = {
  results: Results
  groups: Groups
  content: Content
  print: Print
  render: Render
  origin: string
}

/** A result, under two links: one to look at, one to keep, download and delete. */
export function result({ results, groups, content, print, render, origin }: Dependencies) {
  const open = { config: { access: 'public' as const } }
  const owner = { config: { access: 'owner' as const } }

  /** The result behind a manage link. Malformed, unknown and deleted links look alike. */
  async function owned(params: unknown): Promise<Owned> {
    const token = tokenIn(params)
    const result = await results.byManageLink(hashOf(token))
    if (!result) throw new NotFound()
    return { token, result, questionnaire: questionnaireOf(content, result.questionnaireVersion) }
  }

  function ownPage({ token, result, questionnaire }: Owned, notes: Note[], typed: Typed) {
    const reader = { view: derivedToken(token, 'view'), origin, owner: { manage: token, notes, typed } }
    return resultPage(result, questionnaire, content, reader)
  }

  /** What was typed, and what is wrong with it. */
  async function refused(reply: FastifyReply, own: Owned, typed: Typed) {
    const notes = (await results.notes(hashOf(own.token))) ?? []
    return render(reply.code(422), 'result/result', ownPage(own, notes, typed))
  }

  return async (app: FastifyInstance) => {
    app.get('/r/:token', open, async ({ params }, reply) => {
      const view = tokenIn(params)
      if (!(await results.isThere(hashOf(view)))) throw new NotFound()
      return reply.sendPersonal({
        key: keys.shared(view),
        async print() {
          const result = await results.byViewLink(hashOf(view))
          if (!result) throw new NotFound()
          const questionnaire = questionnaireOf(content, result.questionnaireVersion)
          return print('result/result', resultPage(result, questionnaire, content, { view, origin }))
        }
      })
    })

    app.get('/m/:token', owner, async ({ params }, reply) => {
      const token = tokenIn(params)
      const notes = await results.notes(hashOf(token))
      if (!notes) throw new NotFound()
      return reply.sendPersonal({
        key: keys.own(token) + JSON.stringify(notes),
        async print() {
          return print('result/result', ownPage(await owned(params), notes, nothingTyped))
        }
      })
    })

    app.post('/m/:token', owner, async ({ params, body }, reply) => {
      const own = await owned(params)
      const typed = readNote(body)
      if (typed.faults.length > 0) return refused(reply, own, typed)
      const added = await results.addNote(hashOf(own.token), typed.text, dayOf(Date.now()), mostNotes)
      if (!added) return refused(reply, own, { ...typed, faults: [tooMany] })
      return reply.redirect(`${paths.manage(own.token)}#notes`, 303)
    })

    app.post('/m/:token/notes/:number/delete', owner, async ({ params }, reply) => {
      const { token } = await owned(params)
      const { number } = params as { number: string }
      if (!/^\d{1,6}$/.test(number)) throw new NotFound()
      await results.deleteNote(hashOf(token), Number(number), dayOf(Date.now()))
      return reply.redirect(`${paths.manage(token)}#notes`, 303)
    })

    app.get('/m/:token/answers.json', owner, async ({ params }, reply) => {
      const { token, result, questionnaire } = await owned(params)
      const notes = (await results.notes(hashOf(token))) ?? []
      const group = result.groupId === null ? null : await groups.find(result.groupId)
      return reply
        .header('content-disposition', 'attachment; filename="staff-bearings.json"')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(downloadOf(result, notes, group?.name ?? null, questionnaire, content), null, 2))
    })

    app.get('/m/:token/delete', owner, async ({ params }, reply) => {
      const { token } = await owned(params)
      const page = { title: 'Delete this result?', action: paths.deletion(token), back: paths.manage(token) }
      return render(reply, 'result/delete', page)
    })

    app.post('/m/:token/delete', owner, async ({ params }, reply) => {
      const token = tokenIn(params)
      const deleted = await results.delete(hashOf(token), dayOf(Date.now()))
      if (!deleted) throw new NotFound()
      reply.forgetPersonal(keys.own(token))
      reply.forgetPersonal(keys.shared(derivedToken(token, 'view')))
      return reply.header('clear-site-data', '"cache"').redirect(paths.deleted, 303)
    })

    app.get(paths.deleted, open, async (_request, reply) =>
      render(reply, 'result/deleted', { title: 'Your result is deleted' })
    )
  }
}

/** What the pages of a result are kept under; the owner's also depends on the notes. */
const keys = {
  shared: (view: Token) => `result ${view}`,
  own: (token: Token) => `own result ${token} `
}

function tokenIn(params: unknown): Token {
  const { token } = params as { token?: unknown }
  if (!isToken(token)) throw new NotFound()
  return token
}
