import { Secret } from 'otpauth'
import { hashOf } from '../../../attempt/tokens.ts'

const recoveryCodes = 10

/** A password or a recovery code that somebody may have to type: 120 random bits in base32, by fours. */
export function newCode(): string {
  return inFours(new Secret({ size: 15 }).base32.toLowerCase())
}

export function newRecoveryCodes() {
  const codes = Array.from({ length: recoveryCodes }, newCode)
  return { codes, hashes: codes.map(hashOfCode) }
}

/** What the database keeps of a recovery code: too random to be guessed from its hash. */
export function hashOfCode(code: string): string {
  return hashOf(code.toLowerCase().replace(/[^a-z2-7]/g, ''))
}

export function inFours(text: string): string {
  return text.match(/.{1,4}/g)?.join('-') ?? ''
}
