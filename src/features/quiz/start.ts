import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashOf, isToken, newToken } from '../../attempt/tokens.ts'
import { arrange } from '../../content/answers.ts'
import type { Content } from '../../content/load.ts'
import type { Attempt, Attempts } from '../../database/stores/attempts.ts'
import type { Group } from '../../database/stores/groups.ts'
import { dayOf } from '../../days.ts'
import type { Cookie } from '../../web/http/security.ts'
import { paths } from '../../web/paths.ts'

const thirtyDays = 30 * 24 * 60 * 60

/** Told of every attempt that is begun or completed. */
export type Counts = { begun: () => void; completed: () => void }

/** How an attempt begins: alone or in a group. */
export function starting({
  attempts,
  content,
  cookie,
  counts
}: {
  attempts: Attempts
  content: Content
  cookie: Cookie
  counts: Counts
}) {
  return {
    /** What this browser has begun and not finished. */
    async underWay(request: FastifyRequest): Promise<Attempt | null> {
      const token = cookie.read(request)
      return isToken(token) ? attempts.find(hashOf(token)) : null
    },

    /** Begins an attempt in place of the draft, if there is one, and leads to its first page. */
    async begin(reply: FastifyReply, draft: Attempt | null, group: Group | null = null) {
      if (draft) await attempts.forget(draft.id)
      const token = newToken()
      const arrangement = arrange(content.current, Math.random)
      const questionnaireVersion = content.current.version
      const attempt = { id: hashOf(token), questionnaireVersion, arrangement }
      await attempts.start(attempt, dayOf(Date.now()), group)
      counts.begun()
      cookie.write(reply, token, thirtyDays)
      return reply.redirect(paths.pathPage(1), 303)
    }
  }
}
