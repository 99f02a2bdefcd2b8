import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { BadRequest, NotFound } from '../../../web/http/errors.ts'
import type { FormFault } from '../../../web/http/forms.ts'
import { paths } from '../../../web/paths.ts'
import { byAdmin, renewed } from '../guard.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { faultOfAttempt } from './login-throttle.ts'
import { faultOfPassword, hashPassword, inTurn, isPassword, longest } from './password.ts'

const text = z.string().max(longest)
const PasswordForm = z.object({ current: text, password: text, again: text })

/** An admin's own account, and its password. */
export function account({ admins, failures, cookie, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }

    async function mine(name: string) {
      const found = await admins.find(name)
      if (found === null) throw new NotFound()
      return found
    }

    app.get(paths.account, full, async (request, reply) => {
      const { totpSecret, recoveryCodes } = await mine(request.admin)
      return render(reply, 'admin/account', {
        title: 'Your account',
        ...frame(request, paths.account),
        hasTotp: totpSecret !== null,
        recoveryCodes
      })
    })

    const choosing = { config: { access: 'admin' as const, stages: ['password', 'full'] as const } }
    const passwordPage = { title: 'Choose a new password' }

    app.get(paths.password, choosing, async (request, reply) =>
      render(reply, 'admin/password', {
        ...passwordPage,
        ...frame(request, paths.account),
        isFirst: request.adminSession.hasInitialPassword
      })
    )

    app.post(paths.password, choosing, async (request, reply) => {
      const form = PasswordForm.safeParse(request.body)
      if (!form.success) throw new BadRequest()
      const { current, password, again } = form.data
      const name = request.admin
      const refused = (faults: FormFault[]) =>
        render(reply, 'admin/password', {
          title: `Error: ${passwordPage.title}`,
          ...frame(request, paths.account),
          isFirst: request.adminSession.hasInitialPassword,
          faults
        })

      const faultOfNew =
        (await faultOfPassword(password, name)) ??
        (password === current ? 'Choose one that you do not have yet.' : null)
      if (faultOfNew !== null) {
        reply.code(422)
        return refused([{ id: 'password', message: faultOfNew }])
      }
      if (password !== again) {
        reply.code(422)
        return refused([{ id: 'again', message: 'This is not the same as the new password' }])
      }
      const { passwordHash } = await mine(name)
      const fault = await faultOfAttempt(failures, request, reply, {
        account: name,
        actor: name,
        what: 'password',
        isRight: () => isPassword(current, passwordHash),
        ifWrong: 'The current password is not right'
      })
      if (fault !== null) return refused([{ id: 'current', message: fault }])
      const hash = await inTurn(() => hashPassword(password))
      await admins.changePassword(name, hash, renewed(request, reply, cookie), byAdmin(request))
      return reply.redirect(paths.account, 303)
    })
  }
}
