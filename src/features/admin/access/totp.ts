import { createHmac } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import encodeQR from 'qr'
import type { Token } from '../../../attempt/tokens.ts'

const issuer = 'Staff Bearings'
/** RFC 6238 with what every authenticator app understands: its own defaults. */
const standard = { issuer, algorithm: 'SHA1', digits: 6, period: 30 }

/**
 * The secret that an authenticator app can be set up with in this session, in base32: the same however often the
 * page is loaded, and another in the next session, which begins as soon as it is used.
 */
export function offeredSecret(session: Token): string {
  const bytes = createHmac('sha256', session).update('authenticator').digest().subarray(0, 20)
  return new Secret({ buffer: new Uint8Array(bytes).buffer }).base32
}

/** The time step that a code belongs to, the current one or a neighbour; null if the code is wrong. */
export function stepOf(code: string, secret: string, now: number): number | null {
  const totp = new TOTP({ ...standard, secret })
  const delta = totp.validate({ token: code, timestamp: now, window: 1 })
  return delta === null ? null : totp.counter({ timestamp: now }) + delta
}

/** The link that sets up an authenticator app. */
export function linkOf(secret: string, account: string): string {
  return new TOTP({ ...standard, secret, label: account }).toString()
}

/** A QR code as an SVG path of unit squares, with the quiet zone that scanners need around it. */
export function qrOf(text: string): { size: number; path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  const squares = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
  return { size: rows.length, path: squares.join('') }
}
