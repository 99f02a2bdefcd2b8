import type { FastifyInstance, FastifyRequest } from 'fastify'
import { dayOf, longDay } from '../../../days.ts'
import { BadRequest, NotFound } from '../../../web/http/errors.ts'
import { formBody } from '../../../web/http/forms.ts'
import { paths } from '../../../web/paths.ts'
import { byAdmin } from '../guard.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { hashPassword, inTurn } from './password.ts'
import { newCode } from './recovery-codes.ts'

/** How long a password opens an account that somebody else has handed over. */
export const initialDays = 7

/** A name that fits in a URL, a command and a log. */
export function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9][\w.@-]{0,59}$/.test(name)
}

/** A password to be handed over. */
export function initialPassword(now: number) {
  return { password: newCode(), initialUntil: now + initialDays * 24 * 60 * 60 * 1000 }
}

/** Who can log in: the list, a new account, the removal of one. */
export function accounts({ admins, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const fresh = { config: { access: 'admin' as const, fresh: true } }

    app.get(paths.accounts, full, async (request, reply) => {
      const all = await admins.all()
      return render(reply, 'admin/accounts', {
        title: 'Accounts',
        ...frame(request, paths.accounts),
        accounts: all.map(({ name, createdOn, hasTotp, initialUntil }) => ({
          name,
          isYou: name === request.admin,
          since: longDay(createdOn),
          hasTotp,
          waiting: initialUntil !== null,
          until: initialUntil !== null && longDay(dayOf(initialUntil)),
          removal: all.length > 1 && paths.accountRemoval(name)
        }))
      })
    })

    app.get(paths.newAccount, fresh, async (request, reply) =>
      render(reply, 'admin/account-new', {
        title: 'Add an account',
        ...frame(request, paths.accounts),
        name: '',
        initialDays
      })
    )

    app.post(paths.newAccount, fresh, async (request, reply) => {
      const { name } = formBody(request.body)
      if (typeof name !== 'string' || name.length > 1000) throw new BadRequest()
      const by = byAdmin(request)
      const { password, initialUntil } = initialPassword(by.at)
      const fault = !isName(name)
        ? 'Use letters, digits or . _ @ - and begin with a letter or a digit'
        : (await admins.add(name, { hash: await inTurn(() => hashPassword(password)), initialUntil }, by))
          ? null
          : `There is an account ${name} already`
      if (fault !== null) {
        return render(reply.code(422), 'admin/account-new', {
          title: 'Error: Add an account',
          ...frame(request, paths.accounts),
          name,
          initialDays,
          faults: [{ id: 'name', message: fault }]
        })
      }
      return render(reply, 'admin/account-added', {
        title: `Account ${name} is made`,
        ...frame(request, paths.accounts),
        name,
        password,
        until: longDay(dayOf(initialUntil))
      })
    })

    type Named = { Params: { name: string } }

    app.get<Named>(paths.accountRemoval(':name'), fresh, async (request, reply) => {
      const { name } = request.params
      if ((await admins.find(name)) === null) throw new NotFound()
      return render(reply, 'admin/account-removal', removalPage(request, name))
    })

    app.post<Named>(paths.accountRemoval(':name'), fresh, async (request, reply) => {
      const { name } = request.params
      const outcome = await admins.remove(name, byAdmin(request))
      if (outcome === 'unknown') throw new NotFound()
      if (outcome === 'removed') return reply.redirect(paths.accounts, 303)
      return render(reply.code(422), 'admin/account-removal', {
        ...removalPage(request, name),
        faults: [{ id: 'remove', message: 'This is the last account: add another one first' }]
      })
    })
  }
}

function removalPage(request: FastifyRequest, name: string) {
  return {
    title: `Remove the account ${name}?`,
    ...frame(request, paths.accounts),
    name,
    action: paths.accountRemoval(name),
    isYou: name === request.admin
  }
}
