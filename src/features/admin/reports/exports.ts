import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Audit } from '../../../database/stores/audit.ts'
import { byAdmin } from '../guard.ts'
import { csvOf, type Field } from './csv.ts'

/** What is exported: how its files are called, and how the audit log tells of it. */
type Aggregate = { file: string; about: string }

/** Answers with an aggregate as a file to keep, once the audit log says who took it. */
export function exportsOf({ file, about }: Aggregate, audit: Audit) {
  async function attached(request: FastifyRequest, reply: FastifyReply, ending: string) {
    await audit.note(byAdmin(request), 'aggregate-exported', about)
    reply.header('content-disposition', `attachment; filename="staff-bearings-${file}.${ending}"`)
  }

  return {
    async csv(request: FastifyRequest, reply: FastifyReply, rows: readonly (readonly Field[])[]) {
      await attached(request, reply, 'csv')
      return reply.type('text/csv; charset=utf-8').send(csvOf(rows))
    },

    async json(request: FastifyRequest, reply: FastifyReply, figures: object) {
      await attached(request, reply, 'json')
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(figures, null, 2))
    }
  }
}
