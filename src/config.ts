import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { projectDirectory } from './project-directory.ts'

export { projectDirectory }

const inProject = (path: string) => resolve(projectDirectory, path)
const port = z.coerce
  .number('must be a number')
  .int()
  .min(0, 'must be 0 to 65535')
  .max(65535, 'must be 0 to 65535')

const Environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: z
    .string()
    .refine(isOrigin, 'must be an origin such as https://bearings.example.org')
    .transform((url) => new URL(url).origin)
    .optional(),
  DATABASE_URL: z
    .string()
    .refine(
      (url) => /^file:.+/.test(url) || (/^postgres(ql)?:\/\/.+/.test(url) && URL.canParse(url)),
      'must be file: and a path, such as file:data/staff-bearings.db, or postgres://…'
    )
    .default('file:data/staff-bearings.db')
    .transform((url) => (url.startsWith('file:') ? `file:${inProject(url.slice('file:'.length))}` : url)),
  CONTENT_DIR: z
    .string()
    .default('content')
    .transform(inProject)
    .refine((path) => existsSync(path), 'must be a folder that exists'),
  TRUST_PROXY: z
    .string()
    .default('')
    .refine(
      (value) => /^\d*$|^[\d.:a-f/, ]+$/i.test(value),
      'must be a number of proxies, or their addresses'
    )
    .transform((value) => (/^\d+$/.test(value) ? nearest(Number(value)) : value || false)),
  RATE_LIMIT: z.coerce.number('must be a number').int().min(1, 'must be at least 1').default(30_000),
  MIN_CELL: z.coerce.number('must be a number').int().min(3, 'must be at least 3').default(5),
  REQUIRE_TOTP: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((value) => value === 'true'),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,}$/, 'must be at least 16 letters, digits or any of -._~+/=')
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')
})

/** Settings whose value is told to nobody. */
const secrets = new Set(['METRICS_TOKEN'])

/** What somebody set, as it may be printed and kept in a log. */
function printable(name: string, value = ''): string {
  return secrets.has(name) ? '…' : value.replace(/:\/\/.*@/, '://…@')
}

function isOrigin(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, pathname, search, hash } = new URL(url)
  return /^https?:$/.test(protocol) && `${pathname}${search}${hash}` === '/'
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

/** Trusts this many proxies, counted from us: what any further one says could be forged. */
function nearest(proxies: number) {
  return (_address: string, hop: number) => hop < proxies
}

export type Config = ReturnType<typeof readConfig>

/** Some settings cannot be used. The message has one line for each of them. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Reads the settings from environment variables. Throws a ConfigError that names every mistake at once. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(
      ({ path: [name], message }) =>
        `  ${String(name)}=${printable(String(name), given[String(name)])} ${message}`
    )
    throw new ConfigError(['These settings cannot be used:', ...mistakes].join('\n'))
  }
  const settings = parsed.data
  const publicUrl = settings.PUBLIC_URL ?? `http://${settings.HOST}:${settings.PORT}`
  return {
    host: settings.HOST,
    port: settings.PORT,
    publicUrl,
    /** Whether visitors reach us over TLS: then cookies are Secure and browsers are told to stay on TLS. */
    https: publicUrl.startsWith('https:'),
    /** file:PATH, absolute, or postgres://… */
    databaseUrl: settings.DATABASE_URL,
    contentDirectory: settings.CONTENT_DIR,
    trustProxy: settings.TRUST_PROXY,
    /** Whether only this computer is meant to reach us, with no proxy between. */
    isLocal: settings.TRUST_PROXY === false && isLoopback(new URL(publicUrl).hostname),
    metricsToken: settings.METRICS_TOKEN ?? null,
    rateLimit: settings.RATE_LIMIT,
    minimumCell: settings.MIN_CELL,
    requireTotp: settings.REQUIRE_TOTP,
    logLevel: settings.LOG_LEVEL
  }
}

/** The settings of this process: its environment, and the file .env where a variable is not set. */
export function loadConfig() {
  const file = join(projectDirectory, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  return readConfig(process.env)
}
