import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/database/engine/client.ts'
import { addGroup } from '../support/admin.ts'
import { newDatabase } from '../support/database.ts'
import { browser, startServer } from '../support/server.ts'
import { actionOf, devotedTo, fill, seeded } from '../support/taker.ts'

test('the log tells what was asked for, but nothing that leads to a person', async () => {
  const url = await newDatabase()
  const server = await startServer(url, { LOG_LEVEL: 'trace' })
  const cookies = new Map<string, string>()
  const visitor = browser(cookies)
  const manner = devotedTo('solver', seeded(1))
  const database = await openDatabase(url)
  const { link } = await addGroup(database)
  await database.close()
  await visitor.get(server, `/g/${link}`)
  let path = (await visitor.post(server, `/g/${link}`)).location
  const cookie = [...cookies.values()][0]!
  while (path.startsWith('/quiz')) {
    const page = await visitor.get(server, path)
    path = (await visitor.post(server, actionOf(page.body), fill(page.body, manner))).location
  }
  const result = await visitor.get(server, path)
  const shared = new URL(load(result.body)('#share').attr('value')!).pathname
  await visitor.get(server, shared)
  await visitor.post(server, path, { note: 'a canary in a note' })
  await visitor.post(server, path, { note: 'a canary in a note that is too long '.repeat(50) })
  await visitor.get(server, '/r/a-canary-in-a-url?name=canary-in-a-query')
  await visitor.post(server, '/admin/login', { name: 'canary-in-a-name', password: 'canary-in-a-password' })

  await visitor.get(server, '/archetypes')
  await visitor.get(server, '/archetypes/compare?a=nobody')

  const { output, code } = await server.terminate()
  expect(code).toBe(0)
  expect(output).toContain('"route":"/m/:token"')
  expect(output).toContain('"route":"/g/:token"')
  // The same for everybody, and so only counted; one that went wrong is told.
  expect(output).not.toContain('"route":"/archetypes"')
  expect(output).toContain('"route":"/archetypes/compare"')
  for (const secret of [
    cookie,
    path.slice(3),
    shared.slice(3),
    link,
    'canary',
    '127.0.0.1:',
    'user-agent',
    'cookie'
  ]) {
    expect(withoutOwnAddress(output, server.origin), secret).not.toContain(secret)
  }
})

/** The lines that say where the server listens, and where its data lies, name its own address: nobody's secret. */
function withoutOwnAddress(output: string, origin: string): string {
  return output.replaceAll(origin, '').replace(/.*(?:Server listening at|Its data lies in).*/g, '')
}
