import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { BadRequest } from '../../../web/http/errors.ts'
import { paths } from '../../../web/paths.ts'
import { byAdmin, renewed } from '../guard.ts'
import { frame } from '../layout.ts'
import type { Dependencies } from '../routes.ts'
import { inFours, newRecoveryCodes } from './recovery-codes.ts'
import { linkOf, offeredSecret, qrOf, stepOf } from './totp.ts'

const CodeForm = z.object({ code: z.string().max(100) })

/** An admin's authenticator app: set up, turned off, and the recovery codes that stand in for it. */
export function authenticator({ admins, cookie, requireTotp, render }: Dependencies) {
  return async (app: FastifyInstance) => {
    const fresh = { config: { access: 'admin' as const, fresh: true } }
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
