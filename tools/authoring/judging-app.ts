import { createHash } from 'node:crypto'
import { join } from 'node:path'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import * as z from 'zod'
import { type Config, projectDirectory } from '../../src/config.ts'
import { loadContent } from '../../src/content/load.ts'
import {
  initials,
  type Judged,
  judged,
  points,
  ratingOf,
  ratingsFile,
  readRatings,
  saveRating
} from '../../src/content/ratings.ts'
import type { Questionnaire } from '../../src/content/schema.ts'
import { assets, assetsUrl } from '../../src/web/http/assets.ts'
import { BadRequest, errors, Forbidden, NotFound } from '../../src/web/http/errors.ts'
import { type FormFault, formBody } from '../../src/web/http/forms.ts'
import { PrivateLog } from '../../src/web/http/logging.ts'
import { readyReplies } from '../../src/web/http/precompressed-replies.ts'
import { security, securityHeaders } from '../../src/web/http/security.ts'
import { paths } from '../../src/web/paths.ts'
import { viewsIn } from '../../src/web/views/rendering.ts'

/** What a judge is asked, and what the ends of the scale mean. */
const questions: Record<Judged, { legend: string; fault: string; low: string; high: string }> = {
  good: {
    legend: 'How good does this sound, as something to say of oneself?',
    fault: 'Choose how good it sounds',
    low: 'not good at all',
    high: 'as good as can be'
  },
  familiar: {
    legend: 'How familiar is it, from your own work or that of people around you?',
    fault: 'Choose how familiar it is',
    low: 'never met it',
    high: 'meet it all the time'
  }
}

const answer = z.enum(points.map(String) as [string, ...string[]]).optional()
const Answer = z.object({ good: answer, familiar: answer })
type Answer = z.infer<typeof Answer>

const rating = (judge: string) => `/rate/${judge}`
const ratingPage = (judge: string, number: number) => `/rate/${judge}/${number}`

/** Pages that the site's header and footer lead to; judges are not to read them first. */
const elsewhere = [
  paths.archetypes,
  paths.path,
  paths.habits,
  paths.howItWorks,
  paths.limits,
  paths.privacy,
  paths.accessibility
]

/** A small site for one computer, on which people rate the statements of the newest version one by one. */
export async function judgingApp(config: Config, contentDirectory: string) {
  const questionnaire = [...loadContent(contentDirectory).questionnaires.values()].at(-1) as Questionnaire
  const { version } = questionnaire
  const ratings = () => readRatings(contentDirectory, version)

  const app = Fastify({ logger: { level: config.logLevel }, logController: new PrivateLog() })
  const publicDirectory = join(projectDirectory, 'public')
  const { print, render } = viewsIn(join(projectDirectory, 'views'), {
    assets: assetsUrl(publicDirectory),
    origin: config.publicUrl
  })
  await app.register(security, config)
  await app.register(errors, { print, render })
  await app.register(formbody)
  await app.register(readyReplies, { headers: securityHeaders(config) })
  await app.register(assets(publicDirectory))

  // A page elsewhere whose name leads to this computer must not reach us under that name.
  app.addHook('onRequest', async ({ hostname }) => {
    if (hostname !== '127.0.0.1' && hostname !== 'localhost') throw new Forbidden()
  })

  const open = { config: { access: 'public' as const } }
  const about = {
    title: 'Rate the statements',
    count: questionnaire.blocks.flatMap(({ statements }) => statements).length,
    file: ratingsFile(version)
  }

  app.get('/', open, async (_request, reply) =>
    render(reply, 'judge/start', { ...about, faults: [], initials: '' })
  )

  app.post('/', open, async ({ body }, reply) => {
    const given = String(formBody(body).initials ?? '').trim()
    const judge = initials.safeParse(given.toLowerCase())
    if (judge.success) return reply.redirect(rating(judge.data), 303)
    const faults: FormFault[] = [{ id: 'initials', message: 'Enter two to four letters from a to z' }]
    const page = { ...about, title: `Error: ${about.title}`, faults, initials: given }
    return render(reply.code(422), 'judge/start', page)
  })

  app.get('/rate/:judge', open, async ({ params }, reply) => {
    const judge = judgeIn(params)
    const known = ratings()
    const next = inOrder(questionnaire, judge).findIndex(
      ({ statement }) => !ratingOf(known, judge, statement)
    )
    if (next >= 0) return reply.redirect(ratingPage(judge, next + 1), 303)
    return render(reply, 'judge/done', { ...about, title: 'All statements are rated', judge })
  })

  app.get('/rate/:judge/:number', open, async ({ params }, reply) => {
    const place = placeIn(questionnaire, params)
    const { good, familiar } = ratingOf(ratings(), place.judge, place.statement) ?? {}
    const chosen = { good: good?.toString(), familiar: familiar?.toString() }
    return render(reply, 'judge/statement', statementPage(place, chosen, []))
  })

  app.post('/rate/:judge/:number', open, async ({ params, body }, reply) => {
    const place = placeIn(questionnaire, params)
    const parsed = Answer.safeParse(formBody(body))
    if (!parsed.success) throw new BadRequest()
    const { good, familiar } = parsed.data
    if (!good || !familiar) {
      const faults = judged
        .filter((question) => !parsed.data[question])
        .map((question) => ({ id: `${question}-1`, message: questions[question].fault }))
      return render(reply.code(422), 'judge/statement', statementPage(place, parsed.data, faults))
    }
    const said = { good: Number(good), familiar: Number(familiar) }
    saveRating(contentDirectory, version, place.judge, place.statement, said)
    const isLast = place.number === place.count
    return reply.redirect(isLast ? rating(place.judge) : ratingPage(place.judge, place.number + 1), 303)
  })

  for (const path of elsewhere) {
    app.get(path, open, async (_request, reply) =>
      render(reply, 'judge/elsewhere', { title: 'Rate first, read later' })
    )
  }
  return app
}

function judgeIn(params: unknown): string {
  const judge = initials.safeParse((params as { judge?: unknown }).judge)
  if (!judge.success) throw new NotFound()
  return judge.data
}

/** Every statement with its situation, shuffled: differently for each judge, and for one judge always the same. */
function inOrder({ version, blocks }: Questionnaire, judge: string) {
  const keyOf = (id: string) => createHash('sha256').update(`${version} ${judge} ${id}`).digest('hex')
  return blocks
    .flatMap(({ situation, statements }) =>
      statements.map((statement) => ({ situation, statement, key: keyOf(statement.id) }))
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** The statement that a URL names: a judge, and a number in that judge's order. */
function placeIn(questionnaire: Questionnaire, params: unknown) {
  const judge = judgeIn(params)
  const { number } = params as { number: string }
  const order = inOrder(questionnaire, judge)
  const place = /^[1-9]\d{0,3}$/.test(number) ? order[Number(number) - 1] : undefined
  if (!place) throw new NotFound()
  return { ...place, judge, number: Number(number), count: order.length }
}

type Place = ReturnType<typeof placeIn>

function statementPage(place: Place, chosen: Partial<Answer>, faults: FormFault[]) {
  const { judge, number, count, situation, statement } = place
  const label = `Statement ${number} of ${count}`
  return {
    title: `${faults.length > 0 ? 'Error: ' : ''}${label}`,
    action: ratingPage(judge, number),
    back: number === 1 ? paths.home : ratingPage(judge, number - 1),
    progress: { value: number - 1, max: count, label },
    situation,
    text: statement.text,
    faults,
    questions: judged.map((id) => ({
      id,
      legend: questions[id].legend,
      fault: faults.find((fault) => fault.id === `${id}-1`)?.message ?? null,
      options: points.map((point) => ({
        id: `${id}-${point}`,
        value: point,
        label: labelOf(point, questions[id]),
        checked: chosen[id] === String(point)
      }))
    }))
  }
}

function labelOf(point: number, { low, high }: { low: string; high: string }): string {
  if (point === points[0]) return `${point}: ${low}`
  return point === points.at(-1) ? `${point}: ${high}` : String(point)
}
