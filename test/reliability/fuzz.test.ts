import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { connect } from 'node:net'
import fc from 'fast-check'
import type { FastifyInstance, InjectOptions, RouteOptions } from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { derivedToken, newToken } from '../../src/attempt/tokens.ts'
import { archetypes } from '../../src/content/schema.ts'
import { dayOf } from '../../src/days.ts'
import { addAdmin, addGroup, giveSession, password } from '../support/admin.ts'
import { content, testApp, type Visitor } from '../support/app.ts'
import { onSqlite } from '../support/database.ts'
import { numbers } from '../support/numbers.ts'
import { careless, fill, seeded } from '../support/taker.ts'

const seed = Number(process.env.FUZZ_SEED ?? 1)
const requests = numbers.fuzzRequests
const connections = numbers.damagedConnections

const own = 'http://127.0.0.1:3000'
const { blocks, lean, hybrid, habits, context } = content.current

/** What would tell a visitor how we are built: stack traces, SQL, the database library, paths of ours. */
const inside =
  /\bat \S+ \(|\bat (async )?\S+:\d+:\d+|node_modules|\/src\/|\.ts:\d|SQLITE|[Pp]risma|SELECT |INSERT INTO|PRAGMA|(Type|Reference|Syntax|Range)Error/

test(`of ${requests} random requests none makes a 5xx, and none tells how we are built (seed ${seed})`, async () => {
  const { app, routes, database, people } = await populated()
  const seen = new Map<number, number>()
  const reached = new Set<string>()

  await fc.assert(
    fc.asyncProperty(requestTo(routes, app.supportedMethods), async (request) => {
      const response = await people.send(request)
      seen.set(response.statusCode, (seen.get(response.statusCode) ?? 0) + 1)
      reached.add(`${request.method} ${request.route}`)
      expect(response.statusCode).toBeLessThan(500)
      expect(inside.exec(response.body)?.[0]).toBeUndefined()
    }),
    { seed, numRuns: requests }
  )

  // It was no empty exercise: every route was tried, and every kind of answer given.
  expect(routes.filter(({ method, url }) => !reached.has(`${method} ${url}`))).toEqual([])
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 303, 400, 403, 404, 413, 415, 422]))

  if (onSqlite)
    expect(await database.read.$queryRawUnsafe('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  for (const { answers } of await database.read.savedPage.findMany()) expectOffered(JSON.parse(answers))
  for (const { answers } of await database.read.result.findMany()) expectOffered(JSON.parse(answers))
}, 300_000)

test(`${connections} connections with damaged bytes get no 5xx and leave the server well (seed ${seed})`, async () => {
  const { app, people } = await populated()
  await app.listen({ host: '127.0.0.1', port: 0 })
  // What is cut short would be waited for until these are over.
  Object.assign(app.server, { headersTimeout: 500, requestTimeout: 500, keepAliveTimeout: 1 })
  const { port } = app.server.address() as { port: number }

  const damaged = fc.sample(damage(wellFormed(people.cookieOf('draft'))), { seed, numRuns: connections })
  const answers: string[] = []
  // No more than the server lets in at once.
  while (damaged.length > 0) {
    answers.push(...(await Promise.all(damaged.splice(0, 400).map((bytes) => answerTo(bytes, port)))))
  }
  const statuses = answers.flatMap((answer) =>
    [...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status))
  )
  expect(statuses.filter((status) => status >= 500)).toEqual([])
  expect(statuses).toEqual(expect.arrayContaining([200, 303, 400, 404]))
  for (const answer of answers) expect(inside.exec(answer)?.[0]).toBeUndefined()

  expect(
    (await people.send({ ...plain, method: 'GET', route: '/quiz/path/1', as: 'draft' })).statusCode
  ).toBe(200)
}, 120_000)

/** The app with people in it: somebody in the middle, somebody before the last form, a result, an admin. */
async function populated() {
  const routes: { method: string; url: string }[] = []
  const note = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
      routes.push(...[method].flat().map((one) => ({ method: one, url })))
    })
  }
  subscribe('fastify.initialization', note)
  const { app, database, visitor } = await testApp({ RATE_LIMIT: '1000000' })
  unsubscribe('fastify.initialization', note)
  // The order of the statements is drawn by chance: here by the same chance for the same seed.
  vi.spyOn(Math, 'random').mockImplementation(seeded(seed))
  onTestFinished(() => void vi.restoreAllMocks())

  const manner = careless(seeded(seed))
  /** Forms that were filled in well, by whom and for which page. */
  const forms = new WeakMap<Visitor, Record<string, Record<string, string>>>()

  async function someone(until: RegExp): Promise<Visitor> {
    const taker = visitor()
    const filled: Record<string, Record<string, string>> = {}
    forms.set(taker, filled)
    let url = (await taker.post('/quiz')).headers.location as string
    while (!until.test(url)) {
      filled[url] = fill((await taker.get(url)).body, manner)
      url = (await taker.post(url, filled[url])).headers.location as string
    }
    return taker
  }

  await addAdmin(database)
  const group = await addGroup(database)
  async function anAdmin(): Promise<Visitor> {
    // They may have removed the account.
    await addAdmin(database)
    const admin = visitor()
    await giveSession(database, admin)
    return admin
  }

  const arrive: Record<Person, () => Promise<Visitor>> = {
    nobody: async () => visitor(),
    draft: () => someone(/sets\/9$/),
    ready: () => someone(/context$/),
    completed: () => someone(/^\/m\//),
    admin: anAdmin
  }
  const present = {} as Record<Person, Visitor>
  for (const person of people) present[person] = await arrive[person]()

  /** The owner's tokens follow from the cookie. */
  function tokens(): Record<string, string> {
    const manage = derivedToken(present.completed.cookies.get('bearings')!, 'manage')
    return {
      MANAGE: manage,
      VIEW: derivedToken(manage, 'view'),
      UNKNOWN: newToken(),
      JOIN: group.link,
      GROUP: group.id
    }
  }

  async function send({ method, route, parameter, query, as, ...rest }: Request) {
    const url = route.replace(/:\w+|\*/, () => tokens()[parameter] ?? parameter)
    const session = present[as].cookies.get('bearings-admin')
    const form = forms.get(present[as])?.[url] ?? {
      name: 'ada',
      password,
      once: 'A'.repeat(22),
      closes: dayOf(Date.now()),
      ...(session && { token: derivedToken(session, 'form') })
    }
    const payload = rest.body.changes ? encoded(changed(form, rest.body.changes)) : rest.body.payload
    const response = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url: url + query,
      payload,
      remoteAddress: rest.address,
      headers: { host: '127.0.0.1:3000', cookie: cookieOf(as), ...rest.headers }
    })
    // Who got another cookie or a result is no longer what they were: the next one of the kind takes their place.
    const location = String(response.headers.location ?? '')
    const isDone = location.startsWith('/m/') && as !== 'completed'
    if (response.cookies.length > 0 || isDone) present[as] = await arrive[as]()
    if (location === '/deleted') present.completed = await arrive.completed()
    return response
  }

  function cookieOf(person: Person): string {
    return [...present[person].cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  return { app, routes, database, people: { send, cookieOf } }
}

const people = ['nobody', 'draft', 'ready', 'completed', 'admin'] as const
type Person = (typeof people)[number]

type Request = {
  method: string
  route: string
  /** Takes the place of the route's :parameter; MANAGE, VIEW and UNKNOWN stand for tokens. */
  parameter: string
  query: string
  as: Person
  headers: Record<string, string>
  body: Body
  address: string
}

/** Anything, or the form of that page: well filled in but for these changes. */
type Body = { payload: string; type?: string; changes?: Change[] }

/** A field, by its place in the form, that is left out (null), or sent with another value, or with one more. */
type Change = { field: number; value: string | null; again: boolean }

const plain = { parameter: '', query: '', headers: {}, body: { payload: '' }, address: '127.0.0.1' }

function changed(form: Record<string, string>, changes: Change[]): [string, string][] {
  return Object.entries(form).flatMap(([name, value], index, { length }): [string, string][] => {
    const change = changes.find(({ field }) => field % length === index)
    if (!change) return [[name, value]]
    if (change.value === null) return []
    return change.again
      ? [
          [name, value],
          [name, change.value]
        ]
      : [[name, change.value]]
  })
}

function encoded(fields: [string, string][]): string {
  return new URLSearchParams(fields).toString()
}

function requestTo(routes: { method: string; url: string }[], methods: string[]): fc.Arbitrary<Request> {
  const writing = routes.filter(({ method }) => method === 'POST')
  const route = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...writing) },
    { weight: 5, arbitrary: fc.constantFrom(...routes) },
    { weight: 1, arbitrary: fc.webPath().map((url) => ({ method: 'GET', url: url || '/' })) }
  )
  const otherMethod = fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...methods) }
  )
  return route.chain(({ method, url }) =>
    fc
      .record({
        route: fc.constant(url),
        otherMethod,
        parameter: parametersOf(url),
        query: queries,
        as: fc.constantFrom(...people, 'draft', 'draft', 'ready'),
        origin: origins,
        type: types,
        headers: headers,
        body: bodies,
        address: fc.ipV4()
      })
      .map(({ otherMethod, origin, type, headers, ...rest }) => ({
        ...rest,
        method: otherMethod ?? method,
        headers: {
          ...(rest.body.type ? { 'content-type': rest.body.type } : type),
          ...origin,
          ...Object.fromEntries(headers)
        }
      }))
  )
}

const odd = [
  ...[
    '',
    '0',
    '-1',
    '1e9',
    'NaN',
    'null',
    'undefined',
    '[object Object]',
    '..',
    '.',
    '%',
    '%00',
    '%ff%fe',
    '%2e%2e%2f'
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    "' OR 1=1 --",
    '"; DROP TABLE "Result"; --',
    '<script>alert(1)</script>'
  ],
  ...[
    '{{title}}',
    'a'.repeat(64),
    'a'.repeat(65),
    'a'.repeat(5000),
    '\u0000',
    '\ud800',
    '𝔘𝔫𝔦',
    '\r\nset-cookie: a=b'
  ]
]

function parametersOf(url: string): fc.Arbitrary<string> {
  const fitting = /:number/.test(url)
    ? fc.integer({ min: 0, max: 14 }).map(String)
    : /^\/g\//.test(url)
      ? fc.constantFrom('JOIN', 'JOIN', 'UNKNOWN')
      : /:group/.test(url)
        ? fc.constant('GROUP')
        : /:token/.test(url)
          ? fc.constantFrom('MANAGE', 'MANAGE', 'VIEW', 'UNKNOWN')
          : fc.constantFrom<string>(...archetypes, 'style.css', 'compare')
  return fc.oneof(
    { weight: 5, arbitrary: fitting },
    { weight: 1, arbitrary: fc.constantFrom(...odd).map((text) => encoded([['', text]]).slice(1)) },
    { weight: 1, arbitrary: fc.constantFrom(...odd.filter((text) => /^[\x21-\x7e]*$/.test(text))) }
  )
}

const queries = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '?from=review',
      '?from=review&from=x',
      '?a=solver&b=architect',
      '?a=solver',
      '?a[]=1&b=2'
    )
  },
  { weight: 1, arbitrary: fc.webQueryParameters().map((text) => `?${text}`) },
  { weight: 1, arbitrary: fc.constantFrom('?', '?%', '?__proto__[a]=b', '?a=%00', `?${'a&'.repeat(2000)}`) }
)

const origins = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom({ origin: own, 'sec-fetch-site': 'same-origin' }, {}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { origin: 'null' },
      { origin: 'https://elsewhere.example' },
      { origin: 'not a URL' },
      { origin: own, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': '' }
    )
  }
)

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
const types = fc.oneof(
  { weight: 5, arbitrary: fc.constant(urlencoded) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        ...[
          'application/json',
          'application/json; charset=utf-8',
          'text/plain',
          'text/html',
          'application/xml'
        ],
        ...[
          'multipart/form-data; boundary=x',
          'multipart/form-data',
          'application/x-www-form-urlencoded; charset=x'
        ],
        ...['application/octet-stream', '', ';', 'a/b/c', 'x'.repeat(3000)]
      )
      .map((type): Record<string, string> => ({ 'content-type': type }))
  },
  { weight: 1, arbitrary: fc.constant({}) }
)

const names = [
  ...[
    'most',
    'least',
    'shown',
    'again',
    'skip',
    'name',
    'password',
    'once',
    'closes',
    'from',
    'duel-1',
    'duel-2'
  ],
  ...[...lean, ...hybrid, ...habits.kinds, ...context].map(({ id }) => id)
]
const values = [
  ...['1', '3', '5', 'yes', 'ada', password, '1700000000000', 'prefer-not-to-say'],
  ...blocks.flatMap(({ statements }) => statements.map(({ id }) => id)),
  ...habits.bands.map(({ id }) => id),
  ...context.flatMap(({ options }) => options.map(({ id }) => id))
]
const fields = fc.array(
  fc.tuple(
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...names) }, fc.constantFrom(...odd), fc.string()),
    fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...values) }, fc.constantFrom(...odd), fc.string())
  ),
  { maxLength: 16 }
)

const change = fc.record({
  field: fc.nat({ max: 20 }),
  value: fc.option(fc.oneof(fc.constantFrom(...values), fc.constantFrom(...odd)), { freq: 3 }),
  again: fc.boolean()
})

const bodies: fc.Arbitrary<Body> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Body>({ payload: '', changes: [] }) },
  {
    weight: 3,
    arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => ({ payload: '', changes }))
  },
  {
    weight: 2,
    arbitrary: fc
      .oneof(
        fields.map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
        fc.json(),
        fc.constantFrom('null', '[]', '"text"', '1', '', '{"most":{"a":1}}', '{"again":["yes"],"skip":null}')
      )
      .map((payload) => ({ payload, type: 'application/json' }))
  },
  ...[
    fields.map(encoded),
    fields.map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
    fc
      .tuple(fc.constantFrom('ada', 'grace', ...odd), fc.constantFrom(password, ...odd))
      .map(([name, password]) => encoded(Object.entries({ name, password }))),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '{', 'null', '{"__proto__":{"a":1}}', '%', '%zz=%', 'most[]=1&most[0]=2', '&&==&'),
    fc.constantFrom('a'.repeat(33 * 1024), `a=${'b'.repeat(40_000)}`, 'a&'.repeat(9000), '['.repeat(20_000))
  ].map((arbitrary) => ({ weight: 1, arbitrary: arbitrary.map((payload) => ({ payload })) }))
)

const headers = fc.array(
  fc.constantFrom(
    ...([
      ['accept-encoding', 'gzip;q=x, *;q=0'],
      ['accept', 'application/json'],
      ['accept', '\t'],
      ['content-length', '5'],
      ['content-length', '99999999'],
      ['content-length', 'many'],
      ['transfer-encoding', 'chunked'],
      ['content-encoding', 'gzip'],
      ['expect', '100-continue'],
      ['range', 'bytes=0-0,5-'],
      ['range', 'bytes=9-1'],
      ['if-none-match', '*'],
      ['if-modified-since', 'never'],
      ['x-forwarded-for', '1.2.3.4, ::1, x'],
      ['x-forwarded-host', 'elsewhere.example'],
      ['x-http-method-override', 'DELETE'],
      ['host', ''],
      ['host', 'elsewhere.example:99999'],
      ['referer', 'javascript:alert(1)'],
      ['cookie', 'bearings='],
      ['cookie', 'bearings=AAAAAAAAAAAAAAAAAAAAAA; bearings-admin=AAAAAAAAAAAAAAAAAAAAAA'],
      ['cookie', '=; ;bearings=%E0%A4%A; __proto__=1; bearings-admin="'],
      ['cookie', `a=${'b'.repeat(8000)}`],
      ['user-agent', '\u00ff'.repeat(300)]
    ] as [string, string][])
  ),
  { maxLength: 2 }
)

/** Only what the questionnaire offers can have been stored. */
function expectOffered(answers: Record<string, Record<string, unknown>>) {
  const statements = blocks.flatMap((block) => block.statements.map(({ id }) => id))
  const known: Record<string, { ids: string[]; values: unknown[] }> = {
    items: { ids: [...lean, ...hybrid].map(({ id }) => id), values: [1, 2, 3, 4, 5] },
    blocks: { ids: blocks.map(({ id }) => id), values: statements },
    duels: { ids: ['1', '2', '3', '4', '5', '6'].map((number) => `duel-${number}`), values: statements },
    habits: { ids: habits.kinds.map(({ id }) => id), values: habits.bands.map(({ id }) => id) },
    context: {
      ids: context.map(({ id }) => id),
      values: context.flatMap(({ options }) => options.map(({ id }) => id))
    }
  }
  for (const [group, entries] of Object.entries(answers)) {
    for (const [id, value] of Object.entries(entries)) {
      expect(known[group]?.ids).toContain(id)
      const parts = typeof value === 'object' ? Object.values(value as object) : [value]
      for (const part of parts) expect(known[group]?.values).toContain(part)
    }
  }
}

/** Requests as they travel, each of which would be answered and its connection closed. */
function wellFormed(cookie: string): Buffer[] {
  const form = 'most=a&least=b'
  const common = `Host: 127.0.0.1\r\nCookie: ${cookie}\r\nConnection: close\r\n`
  const posted = `${common}Content-Type: application/x-www-form-urlencoded\r\n`
  return [
    `GET / HTTP/1.1\r\n${common}\r\n`,
    `GET /archetypes/compare?a=solver&b=architect HTTP/1.1\r\n${common}Accept-Encoding: gzip, br\r\n\r\n`,
    `HEAD /quiz/path/1?from=review HTTP/1.1\r\n${common}If-None-Match: "x"\r\n\r\n`,
    `GET /r/AAAAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\n${common}Range: bytes=0-10\r\n\r\n`,
    `POST /quiz HTTP/1.1\r\n${posted}Content-Length: 0\r\n\r\n`,
    `POST /quiz/sets/1 HTTP/1.1\r\n${posted}Content-Length: ${form.length}\r\n\r\n${form}`,
    `POST /quiz/sets/1 HTTP/1.1\r\n${posted}Transfer-Encoding: chunked\r\n\r\ne\r\n${form}\r\n0\r\n\r\n`,
    `POST /quiz/sets/1 HTTP/1.1\r\n${posted}Expect: 100-continue\r\nContent-Length: 14\r\n\r\n${form}`
  ].map((text) => Buffer.from(text, 'latin1'))
}

/** One of them with up to four faults: a byte changed, put in or left out, a piece doubled, the end cut off. */
function damage(requests: Buffer[]): fc.Arbitrary<Buffer> {
  const fault = fc.record({
    kind: fc.constantFrom('change', 'insert', 'remove', 'double', 'cut'),
    at: fc.nat({ max: 9999 }),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 10, 13, 32, 58))
  })
  return fc.tuple(fc.constantFrom(...requests), fc.array(fault, { maxLength: 4 })).map(([request, faults]) =>
    faults.reduce((bytes, { kind, at, byte }) => {
      const place = at % (bytes.length + 1)
      const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)]
      if (kind === 'change') return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)])
      if (kind === 'insert') return Buffer.concat([before, Buffer.from([byte]), after])
      if (kind === 'remove') return Buffer.concat([before, after.subarray(1)])
      if (kind === 'double') return Buffer.concat([bytes, after])
      return before
    }, request)
  )
}

/** Everything that the server says to these bytes until it closes the connection. */
function answerTo(bytes: Buffer, port: number): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += chunk
    })
    // Closed while we still write: what was said before is the answer.
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}
