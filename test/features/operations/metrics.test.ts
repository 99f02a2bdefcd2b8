import { expect, test } from 'vitest'
import { newMetrics } from '../../../src/web/http/metrics.ts'
import { testApp } from '../../support/app.ts'
import { devotedTo, seeded, take } from '../../support/taker.ts'

const token = 'a-token-of-the-operator'
const bearer = { authorization: `Bearer ${token}` }
const afar = '203.0.113.7'

/** The numbers of a text in the format of Prometheus, by name and labels. */
function numbersIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    })
  )
}

async function watched(settings: Record<string, string> = {}) {
  const tested = await testApp(settings)
  const host = { host: '127.0.0.1:3000' }
  const scrape = (headers = {}, remoteAddress = '127.0.0.1') =>
    tested.app.inject({ url: '/metrics', headers: { ...host, ...headers }, remoteAddress })
  return { ...tested, scrape, numbers: async () => numbersIn((await scrape()).body) }
}

test('requests are counted by method, pattern of the route and status', async () => {
  const { app, numbers } = await watched()
  const { etag } = (await app.inject('/privacy')).headers
  await app.inject('/privacy?page=2')
  await app.inject({ url: '/privacy', headers: { 'if-none-match': etag } })
  await app.inject({ url: '/privacy', method: 'HEAD' })
  for (const guess of ['/r/one', '/r/two', '/no', '/nowhere', '/not/at/all', '/%zz']) await app.inject(guess)
  await app.inject({ url: '/privacy', method: 'POST' })

  const counted = [...(await numbers())].filter(([name]) => name.startsWith('http_requests_total'))
  const found = Object.fromEntries(counted.map(([name, count]) => [/\{(.*)\}/.exec(name)![1], count]))
  expect(found).toEqual({
    'method="GET",route="/privacy",status="200"': 2,
    'method="GET",route="/privacy",status="304"': 1,
    'method="HEAD",route="/privacy",status="200"': 1,
    'method="GET",route="/r/:token",status="404"': 2,
    'method="any",route="none",status="404"': 5
  })
})

test('times, the event loop and the process are measured', async () => {
  const { app, numbers } = await watched()
  for (const url of ['/healthz', '/healthz', '/privacy']) await app.inject(url)
  const found = await numbers()
  const ofHealth = 'method="GET",route="/healthz"'
  expect(found.get(`http_request_duration_seconds_bucket{le="+Inf",${ofHealth}}`)).toBe(2)
  expect(found.get(`http_request_duration_seconds_sum{${ofHealth}}`)).toBeGreaterThan(0)
  // What is ready takes no time worth telling, and to measure it would.
  expect(found.has('http_request_duration_seconds_count{method="GET",route="/privacy"}')).toBe(false)
  for (const name of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes'
  ]) {
    expect(found.get(name), name).toBeGreaterThanOrEqual(0)
  }
})

test('attempts are counted when they begin and when they are completed', async () => {
  const { visitor, numbers, scrape } = await watched()
  await visitor().post('/quiz')
  const owner = visitor()
  const manage = await take(owner, devotedTo('architect', seeded(1)))
  await owner.get(manage)
  const found = await numbers()
  expect([found.get('bearings_drafts_total'), found.get('bearings_completions_total')]).toEqual([2, 1])

  const { body } = await scrape()
  for (const secret of [manage.slice(3), ...owner.cookies.values()]) expect(body).not.toContain(secret)
  expect(body).toContain('route="/m/:token"')
})

test('two services in one process keep their counts apart', async () => {
  const [one, other] = [await watched(), await watched()]
  await one.visitor().post('/quiz')
  expect((await one.numbers()).get('bearings_drafts_total')).toBe(1)
  expect((await other.numbers()).get('bearings_drafts_total')).toBe(0)
})

test('a number that is kept elsewhere is told as it is when somebody looks', async () => {
  const metrics = newMetrics()
  let waiting = 3
  metrics.follow('bearings_writes_waiting', 'Writes that wait.', () => waiting)
  const read = async () => numbersIn(await metrics.text()).get('bearings_writes_waiting')
  expect(await read()).toBe(3)
  waiting = 5
  expect(await read()).toBe(5)
})

test('one that only grows is told as such', async () => {
  const metrics = newMetrics()
  metrics.follow('bearings_commits_total', 'Commits.', () => 7)
  expect(await metrics.text()).toMatch(/# TYPE bearings_commits_total counter\nbearings_commits_total 7\n/)
  expect(await metrics.text()).toContain('bearings_commits_total 7\n')
})

test('commits, how many writes shared them, and how many wait are told', async () => {
  const { app, visitor, database, numbers } = await watched()
  const told = async () => {
    const found = await numbers()
    return ['writes_total', 'commits_total', 'writes_waiting'].map((name) => found.get(`bearings_${name}`)!)
  }
  const [writes, commits] = (await told()) as [number, number]
  const begin = () => app.inject({ method: 'POST', url: '/quiz' })
  let all: Promise<unknown> | undefined
  await database.write(async () => {
    // Whoever comes during a transaction waits for the next one.
    const many = Array.from({ length: 20 }, begin)
    await expect.poll(async () => (await told())[2]).toBe(20)
    all = Promise.all(many)
  })
  await all
  await visitor().post('/quiz')
  const [writesNow, commitsNow, waiting] = (await told()) as [number, number, number]
  expect([writesNow - writes, waiting]).toEqual([22, 0])
  expect(commitsNow - commits).toBeLessThanOrEqual(3)
})

test('without a token, this computer alone reads them', async () => {
  const { scrape } = await watched()
  const allowed = await scrape()
  expect(allowed.statusCode).toBe(200)
  expect(allowed.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(allowed.headers['cache-control']).toBe('no-store')
  for (const own of ['::1', '127.8.8.8', '::ffff:127.0.0.1'])
    expect((await scrape({}, own)).statusCode).toBe(200)
})

test.each([
  ['from elsewhere', {}, {}, afar],
  ['from the network', {}, {}, '10.0.0.1'],
  ['with a token, though none is set', {}, bearer, afar],
  ['passed on by a proxy that says for whom', {}, { 'x-forwarded-for': afar }, '127.0.0.1'],
  ['passed on for a name', {}, { 'x-forwarded-host': 'bearings.example.org' }, '127.0.0.1'],
  ['passed on in the standard way', {}, { forwarded: 'for=203.0.113.7' }, '127.0.0.1'],
  ['passed on by nginx as often shown', {}, { 'x-real-ip': afar }, '127.0.0.1'],
  ['passed on by a tunnel', {}, { 'cf-connecting-ip': afar }, '127.0.0.1'],
  ['passed on by anything else', {}, { via: '1.1 proxy' }, '127.0.0.1'],
  ['by a page elsewhere whose name leads here', {}, { host: 'evil.example:3000' }, '127.0.0.1'],
  ['where a proxy is trusted', { TRUST_PROXY: '1' }, {}, '127.0.0.1'],
  ['where a proxy is trusted by address', { TRUST_PROXY: '127.0.0.1' }, {}, '127.0.0.1'],
  ['where others reach us', { PUBLIC_URL: 'https://bearings.example.org' }, {}, '127.0.0.1'],
  ['on every address', { HOST: '0.0.0.0' }, {}, '127.0.0.1'],
  ['without the token', { METRICS_TOKEN: token }, {}, '127.0.0.1'],
  ['with another token', { METRICS_TOKEN: token }, { authorization: 'Bearer a-token-of-the-operatos' }, afar],
  [
    'with part of the token',
    { METRICS_TOKEN: token },
    { authorization: `Bearer ${token.slice(0, -1)}` },
    afar
  ],
  ['with the token said otherwise', { METRICS_TOKEN: token }, { authorization: `Basic ${token}` }, afar]
])('asked for %s, there is no such page', async (_how, settings, headers, address) => {
  const { app, scrape } = await watched(settings as Record<string, string>)
  const refused = await scrape(headers, address)
  const nowhere = await app.inject('/nowhere')
  expect([refused.statusCode, refused.body]).toEqual([404, nowhere.body])
})

test('with the token, they are read from anywhere, whoever passes it on', async () => {
  const { scrape } = await watched({
    METRICS_TOKEN: token,
    TRUST_PROXY: '1',
    PUBLIC_URL: 'https://bearings.example.org'
  })
  expect((await scrape({ ...bearer, 'x-forwarded-for': afar }, afar)).statusCode).toBe(200)
})

test('who guesses the token is slowed down', async () => {
  const { scrape } = await watched({ METRICS_TOKEN: token })
  const statuses = []
  for (let guess = 0; guess < 61; guess++) {
    statuses.push((await scrape({ authorization: `Bearer ${guess}` }, afar)).statusCode)
  }
  expect([statuses[59], statuses[60]]).toEqual([404, 429])
})

test('a listening server tells them over loopback, and not through a proxy on the same computer', async () => {
  const { app } = await watched()
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = await fetch(`${origin}/metrics`)
  expect([answer.status, numbersIn(await answer.text()).has('bearings_drafts_total')]).toEqual([200, true])
  expect((await fetch(`${origin}/metrics`, { headers: { 'x-forwarded-for': afar } })).status).toBe(404)
})
