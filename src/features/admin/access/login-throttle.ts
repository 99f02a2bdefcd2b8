import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LoginFailures } from '../../../database/stores/login-failures.ts'
import { networkOf } from '../../../web/http/network.ts'
import { byAdmin } from '../guard.ts'
import { inTurn } from './password.ts'

type Secret = {
  /** Whose secret it is said to be. */
  account: string
  /** Whom the audit log names: nobody's name, if there is no such account. */
  actor: string
  what: 'password' | 'code'
  isRight: () => Promise<boolean>
  ifWrong: string
}

/**
 * Lets somebody try a secret, unless too many were wrong. Returns null if it is right, or else what to tell, with
 * the status of the answer set. Those who try at the same moment do so in turn, so that they count each other.
 */
export function faultOfAttempt(
  failures: LoginFailures,
  request: FastifyRequest,
  reply: FastifyReply,
  { account, actor, what, isRight, ifWrong }: Secret
): Promise<string | null> {
  const attempt = { account, network: networkOf(request.ip) }
  const tried = async () => {
    const by = byAdmin(request, actor)
    const wait = Math.ceil((await failures.waitOf(attempt, by.at)) / 1000)
    if (wait > 0) {
      await failures.noteRefusal(attempt, by)
      reply.code(429).header('retry-after', wait)
      return `Too many failed attempts. Try again in ${wait === 1 ? 'a second' : `${wait} seconds`}`
    }
    if (await isRight()) return null
    await failures.note(attempt, by, what)
    reply.code(422)
    return ifWrong
  }
  return inTurn(() => failures.inTurn(attempt, tried))
}
