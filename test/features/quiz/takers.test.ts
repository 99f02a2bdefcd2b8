import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { archetypes } from '../../../src/content/schema.ts'
import type { Database } from '../../../src/database/engine/client.ts'
import { type Counts, countAt } from '../../../src/statistics/counts.ts'
import { content, testApp } from '../../support/app.ts'
import { numbers } from '../../support/numbers.ts'
import { careless, devotedTo, seeded, straightLine, take } from '../../support/taker.ts'

/** What the aggregates count, whether or not it is told. */
async function tallied({ read }: Database): Promise<Counts> {
  const row = await read.tally.findFirstOrThrow({ where: { kind: 'results' } })
  return JSON.parse(row.counts)
}

const headingOf = (html: string) => /<h1[^>]*>([^<]*)</.exec(html)![1]!

test(`${numbers.takers} takers who always mark one archetype Most are told that one, clearly`, async () => {
  const { database, visitor } = await testApp()
  const random = seeded(1)
  for (let taker = 0; taker < numbers.takers; taker++) {
    const archetype = archetypes[taker % 4]!
    const browser = visitor()
    const result = await browser.get(await take(browser, devotedTo(archetype, random)))
    expect(headingOf(result.body)).toMatch(new RegExp(`^Clearly ${content.archetypes[archetype].name}`))
  }
  const { people, finding } = await tallied(database)
  expect(people).toBe(numbers.takers)
  expect(finding).toEqual(Object.fromEntries(archetypes.map((id) => [id, numbers.takers / 4])))
}, 240_000)

test(`of ${numbers.takers} takers who mark the same places every time, hardly any is told an archetype`, async () => {
  const { visitor } = await testApp()
  let unnamed = 0
  for (let taker = 0; taker < numbers.takers; taker++) {
    const browser = visitor()
    const { body } = await browser.get(await take(browser, straightLine))
    if (headingOf(body) !== 'No stable pattern in your answers') continue
    unnamed++
    expect(load(body)('main').text()).not.toMatch(/would have .* in front/)
  }
  expect(unnamed / numbers.takers).toBeGreaterThanOrEqual(0.9)
}, 240_000)

test(`${numbers.takers} takers who pick by chance are counted as what they were told`, async () => {
  const { database, visitor } = await testApp()
  const random = seeded(2)
  const told = new Map<string, number>()
  for (let taker = 0; taker < numbers.takers; taker++) {
    const browser = visitor()
    const { body } = await browser.get(await take(browser, careless(random)))
    const kind = /^(Clearly|Mostly|Between|No clear lead|No stable pattern)/.exec(headingOf(body))?.[1] ?? '?'
    told.set(kind, (told.get(kind) ?? 0) + 1)
  }
  const tally = await tallied(database)
  const count = (finding: string) => countAt(tally, 'finding', finding)
  const single = archetypes.reduce((sum, id) => sum + count(id), 0)
  expect(countAt(tally, 'people')).toBe(numbers.takers)
  expect(single).toBe((told.get('Clearly') ?? 0) + (told.get('Mostly') ?? 0))
  expect(count('blend')).toBe(told.get('Between') ?? 0)
  expect(count('open')).toBe(told.get('No clear lead') ?? 0)
  expect(count('no-pattern')).toBe(told.get('No stable pattern') ?? 0)
}, 240_000)
