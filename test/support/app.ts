import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { onTestFinished } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { projectDirectory, readConfig } from '../../src/config.ts'
import { loadContent } from '../../src/content/load.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { questionnairesIn } from '../../src/database/stores/questionnaires.ts'
import { newDatabase } from './database.ts'

export const content = loadContent(join(projectDirectory, 'content'))

/** A migrated database of its own, which goes with the test. */
export async function testDatabase(asked = content) {
  const url = await newDatabase()
  const database = await openDatabase(url)
  await questionnairesIn(database).register(asked.questionnaires.values())
  onTestFinished(() => database.close())
  return { database, url }
}

/** The real application on a database of its own. */
export async function testApp(environment: Record<string, string> = {}, asked = content) {
  const { database, url } = await testDatabase(asked)
  const config = readConfig({ LOG_LEVEL: 'silent', ...environment })
  const app = await buildApp(config, database, asked)
  await app.ready()
  onTestFinished(() => app.close())

  /** A browser at the same site after a restart: nothing is left in memory. */
  async function visitorAfterRestart() {
    const restarted = await buildApp(config, database, asked)
    onTestFinished(() => restarted.close())
    return visitor(restarted)
  }
  return { app, database, url, config, visitor: () => visitor(app), visitorAfterRestart }
}

type App = Awaited<ReturnType<typeof buildApp>>
export type Visitor = ReturnType<typeof visitor>

/** A browser without JavaScript: it keeps cookies, sends forms and says where they come from. */
export function visitor(app: App) {
  const cookies = new Map<string, string>()

  async function send(options: InjectOptions) {
    const response = await app.inject({
      ...options,
      headers: { host: '127.0.0.1:3000', ...options.headers },
      cookies: Object.fromEntries(cookies)
    })
    for (const { name, value, maxAge } of response.cookies) {
      if (maxAge === 0 || value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  return {
    cookies,
    get: (url: string) => send({ method: 'GET', url }),
    post: (url: string, fields: Record<string, string> | string = {}) =>
      send({
        method: 'POST',
        url,
        payload: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: 'http://127.0.0.1:3000',
          'sec-fetch-site': 'same-origin'
        }
      })
  }
}

/** The patterns of the routes that take this method, sorted, from Fastify’s drawing of its tree of routes. */
export function routesOf(app: App, method: 'GET' | 'POST'): string[] {
  const above: string[] = []
  const routes: string[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent, segment, methods] = /^(.*)[├└]── (\S+) \((.*)\)$/.exec(line) ?? []
    if (indent === undefined || !segment) continue
    const depth = indent.length / 4
    above.splice(depth, above.length, segment)
    if (methods?.split(', ').includes(method)) routes.push(above.join(''))
  }
  return routes.sort()
}
