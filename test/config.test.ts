import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

test('without any setting, the service listens on loopback and speaks plain HTTP', () => {
  const config = readConfig({})
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://127.0.0.1:3000',
    https: false
  })
  expect(config.databaseUrl).toMatch(/^file:\/.*\/data\/staff-bearings\.db$/)
})

test('a public address over TLS makes everything secure', () => {
  expect(readConfig({ PUBLIC_URL: 'https://bearings.example.org/' })).toMatchObject({
    publicUrl: 'https://bearings.example.org',
    https: true
  })
})

test('every mistake is named at once, with the value that was given', () => {
  const wrong = {
    PORT: 'many',
    PUBLIC_URL: 'bearings',
    DATABASE_URL: 'mysql://x',
    CONTENT_DIR: '/nowhere/at/all',
    TRUST_PROXY: 'yes',
    RATE_LIMIT: '0',
    MIN_CELL: '2',
    REQUIRE_TOTP: 'perhaps',
    LOG_LEVEL: 'loud'
  }
  let message = ''
  try {
    readConfig(wrong)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    message = (error as ConfigError).message
  }
  for (const [name, value] of Object.entries(wrong)) expect(message).toContain(`${name}=${value} `)
})

test('a mistake in a secret is named without telling it', () => {
  const read = () => readConfig({ METRICS_TOKEN: 'too short' })
  expect(read).toThrow(/METRICS_TOKEN=… must be at least 16/)
  expect(read).not.toThrow(/too short/)
})

test('an empty setting counts as not set', () => {
  expect(readConfig({ PORT: '', PUBLIC_URL: '' }).port).toBe(3000)
})

test('proxies are trusted by number or address, never all of them', () => {
  expect(readConfig({}).trustProxy).toBe(false)
  expect(readConfig({ TRUST_PROXY: '10.0.0.0/8' }).trustProxy).toBe('10.0.0.0/8')
  const trusts = readConfig({ TRUST_PROXY: '1' }).trustProxy as (address: string, hop: number) => boolean
  expect([trusts('203.0.113.1', 0), trusts('203.0.113.1', 1)]).toEqual([true, false])
  expect(() => readConfig({ TRUST_PROXY: 'true' })).toThrow(ConfigError)
})
