import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { BadRequest, NotFound } from '../../web/errors.ts'
import type { FormFault } from '../../web/forms.ts'
import { paths } from '../../web/paths.ts'
import { faultOfAttempt } from './attempts.ts'
import { inFours, newRecoveryCodes } from './codes.ts'
import { frame } from './frame.ts'
import { byAdmin, renewed } from './guard.ts'
import { faultOfPassword, hashPassword, inTurn, isPassword, longest } from './password.ts'
import type { Dependencies } from './routes.ts'
import { linkOf, offeredSecret, qrOf, stepOf } from './totp.ts'

const text = z.string().max(longest)
const PasswordForm = z.object({ current: text, password: text, again: text })
const CodeForm = z.object({ code: z.string().max(100) })

/** An admin's own account: password, authenticator app, recovery codes. */
export function account({ admins, failures, cookie, requireTotp, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const full = { config: { access: 'admin' as const } }
    const fresh = { config: { access: 'admin' as const, fresh: true } }

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
        faultOfPassword(password, name) ??
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

    const enrolling = {
      config: { access: 'admin' as const, stages: ['authenticator', 'full'] as const, fresh: true }
    }

    app.get(paths.authenticator, enrolling, async (request, reply) => {
      if (request.adminSession.hasTotp) return reply.redirect(paths.account, 303)
      return render(reply, 'admin/authenticator', {
        title: 'Set up an authenticator app',
        ...frame(request, paths.account),
        ...offer(request.admin, offeredSecret(request.adminSession.token)),
        isRequired: request.adminSession.stage === 'authenticator'
      })
    })

    app.post(paths.authenticator, enrolling, async (request, reply) => {
      const form = CodeForm.safeParse(request.body)
      if (!form.success) throw new BadRequest()
      if (request.adminSession.hasTotp) return reply.redirect(paths.account, 303)
      const secret = offeredSecret(request.adminSession.token)
      const step = stepOf(form.data.code.replaceAll(' ', ''), secret, Date.now())
      if (step === null) {
        return render(reply.code(422), 'admin/authenticator', {
          title: 'Error: Set up an authenticator app',
          ...frame(request, paths.account),
          ...offer(request.admin, secret),
          isRequired: request.adminSession.stage === 'authenticator',
          faults: [{ id: 'code', message: 'That is not the code that the app should show now' }]
        })
      }
      const { codes, hashes } = newRecoveryCodes()
      const by = byAdmin(request)
      await admins.turnTotpOn(
        by.actor,
        { secret, step, recoveryCodes: hashes },
        renewed(request, reply, cookie),
        by
      )
      return render(reply, 'admin/recovery-codes', { title: 'Your recovery codes', codes, isNew: true })
    })

    app.get(paths.authenticatorOff, fresh, async (request, reply) =>
      render(reply, 'admin/authenticator-off', {
        title: 'Turn the authenticator app off?',
        ...frame(request, paths.account),
        requireTotp
      })
    )

    app.post(paths.authenticatorOff, fresh, async (request, reply) => {
      await admins.turnTotpOff(request.admin, renewed(request, reply, cookie), byAdmin(request))
      return reply.redirect(paths.account, 303)
    })

    app.get(paths.recoveryCodes, fresh, async (request, reply) =>
      render(reply, 'admin/recovery-codes-new', {
        title: 'Make new recovery codes?',
        ...frame(request, paths.account)
      })
    )

    app.post(paths.recoveryCodes, fresh, async (request, reply) => {
      if (!request.adminSession.hasTotp) return reply.redirect(paths.account, 303)
      const { codes, hashes } = newRecoveryCodes()
      await admins.renewRecoveryCodes(request.admin, hashes, byAdmin(request))
      return render(reply, 'admin/recovery-codes', { title: 'Your recovery codes', codes, isNew: false })
    })
  }
}

function offer(name: string, secret: string) {
  const link = linkOf(secret, name)
  return { link, secret: inFours(secret).replaceAll('-', ' '), qr: qrOf(link) }
}
