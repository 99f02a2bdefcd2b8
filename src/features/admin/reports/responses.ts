import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Questionnaire } from '../../../content/schema.ts'
import { NotFound } from '../../../web/http/errors.ts'
import { paths } from '../../../web/paths.ts'
import { byAdmin } from '../guard.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { whole } from './cells.ts'
import { csvStream } from './csv.ts'
import { versionsOf } from './filters.ts'
import { lineOf, rowsOf } from './response-lines.ts'

type Line = ReturnType<typeof lineOf>

/** What single people answered: what is in it, and the downloads. */
export function responses({ responses, audit, content, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const fresh = { access: 'admin' as const, fresh: true }
    // A HEAD request would read everything, and stand in the audit log, for nothing.
    const download = { config: fresh, exposeHeadRoute: false }
    const versions = versionsOf(content)

    app.get(paths.responses, { config: fresh }, async (request, reply) =>
      render(reply, 'admin/responses', {
        title: 'Responses',
        ...frame(request, paths.responses),
        minimum: responses.minimum,
        versions: await Promise.all(
          versions.map(async (version) => {
            const count = await responses.count(version)
            const isEnough = count >= responses.minimum
            return {
              version,
              count: whole(count),
              isEnough,
              csv: paths.responsesCsv(version),
              ndjson: paths.responsesNdjson(version)
            }
          })
        )
      })
    )

    type Versioned = { Params: { version: string } }

    async function send(
      request: FastifyRequest<Versioned>,
      reply: FastifyReply,
      { type, ending }: { type: string; ending: string },
      bodyOf: (lines: AsyncIterable<Line>) => Readable
    ) {
      const { version } = request.params
      if (!versions.includes(version)) throw new NotFound()
      const questionnaire = content.questionnaires.get(version)!
      const count = await responses.count(version)
      const all = await responses.all(questionnaire)
      // The page says from how many people on there is a download.
      if (all === null) return reply.redirect(paths.responses, 303)
      await audit.note(byAdmin(request), 'rows-exported', `${count} of ${version}`)
      return reply
        .header('content-disposition', `attachment; filename="staff-bearings-${version}.${ending}"`)
        .type(`${type}; charset=utf-8`)
        .send(bodyOf(linesOf(all, questionnaire)))
    }

    app.get<Versioned>(paths.responsesCsv(':version'), download, (request, reply) =>
      send(request, reply, { type: 'text/csv', ending: 'csv' }, (lines) => csvStream(rowsOf(lines)))
    )

    app.get<Versioned>(paths.responsesNdjson(':version'), download, (request, reply) =>
      send(request, reply, { type: 'application/x-ndjson', ending: 'ndjson' }, (lines) =>
        Readable.from(jsonOf(lines))
      )
    )
  }
}

type All = NonNullable<Awaited<ReturnType<Dependencies['responses']['all']>>>

async function* linesOf(all: All, questionnaire: Questionnaire): AsyncGenerator<Line> {
  for await (const response of all) yield lineOf(response, questionnaire)
}

async function* jsonOf(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}
