import { createHmac, hash, randomBytes } from 'node:crypto'

/** A secret that a visitor carries in a link or a cookie: 128 random bits, 22 characters of base64url. */
export type Token = string

export function newToken(): Token {
  return randomBytes(16).toString('base64url')
}

export function isToken(value: unknown): value is Token {
  return typeof value === 'string' && /^[\w-]{22}$/.test(value)
}

/** What the database keeps of a token: whoever reads the database cannot use the links. */
export function hashOf(token: Token): string {
  return hash('sha256', token, 'base64url')
}

/**
 * Another token that follows from this one, but not the other way round: who has the cookie can find the manage
 * link, who has the manage link can find the view link, and no one can go back. A `form` token shows that a form
 * comes from a page that we made for this session, and a `group` token opens the group that a form describes.
 */
export function derivedToken(token: Token, purpose: 'manage' | 'view' | 'form' | `group ${string}`): Token {
  return createHmac('sha256', token).update(purpose).digest().subarray(0, 16).toString('base64url')
}
