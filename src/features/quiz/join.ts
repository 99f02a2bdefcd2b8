import type { FastifyInstance, FastifyRequest } from 'fastify'
import { derivedToken, hashOf, isToken } from '../../attempt/tokens.ts'
import type { Group } from '../../database/stores/groups.ts'
import { dayOf, longDay } from '../../days.ts'
import { NotFound } from '../../web/http/errors.ts'
import { formBody } from '../../web/http/forms.ts'
import { paths } from '../../web/paths.ts'
import type { Dependencies } from './routes.ts'
import { starting } from './start.ts'

/** The link of a group: what joining it means, and the start of the quiz in it. */
export function join(dependencies: Dependencies) {
  const { results, groups, cookie, minimum, render } = dependencies
  const { underWay, begin } = starting(dependencies)
  const open = { config: { access: 'public' as const } }

  /** The group of a link. Malformed and unknown links look alike. */
  async function linked(params: unknown) {
    const { token } = params as { token?: unknown }
    if (!isToken(token)) throw new NotFound()
    const group = await groups.byJoinLink(hashOf(token))
    if (!group) throw new NotFound()
    return { group, isOpen: groups.isOpen(group, dayOf(Date.now())), url: paths.join(token) }
  }

  async function resultOf(request: FastifyRequest) {
    const token = cookie.read(request)
    const has = isToken(token) && (await results.ofAttempt(hashOf(token))) !== null
    return has ? paths.manage(derivedToken(token, 'manage')) : null
  }

  return async (app: FastifyInstance) => {
    app.get(paths.join(':token'), open, async (request, reply) => {
      const { group, isOpen, url } = await linked(request.params)
      const draft = await underWay(request)
      const isIn = draft?.groupId === group.id
      if (!isOpen) return render(reply.code(410), 'quiz/group-closed', closedPage(group, isIn))
      return render(reply, 'quiz/join', {
        title: `Join the group ${group.name}`,
        name: group.name,
        until: longDay(group.closesOn),
        action: url,
        minimum,
        isIn,
        isElsewhere: draft !== null && !isIn,
        result: await resultOf(request)
      })
    })

    app.post(paths.join(':token'), open, async (request, reply) => {
      const { group, isOpen, url } = await linked(request.params)
      const draft = await underWay(request)
      const again = formBody(request.body).again === 'yes'
      // The page says what is in the way.
      if (!isOpen || (draft && !again)) return reply.redirect(url, 303)
      return begin(reply, draft, group)
    })
  }
}

function closedPage({ name, closesOn, revokedOn }: Group, isIn: boolean) {
  return {
    title: `The group ${name} can no longer be joined`,
    ended: longDay(revokedOn ?? closesOn),
    isIn
  }
}
