import { type CheerioAPI, load } from 'cheerio'
import type { Element } from 'domhandler'
import { expect, test } from 'vitest'
import { archetypes } from '../../../../src/content/schema.ts'
import type { Quad } from '../../../../src/scoring/numerics/quad.ts'
import { addAdmin, giveSession } from '../../../support/admin.ts'
import { content, testApp } from '../../../support/app.ts'
import { addPeople, madeUp } from '../../../support/people.ts'
import { seeded } from '../../../support/taker.ts'

/** What an admin sees of people who finished in these months, so many of each archetype. */
async function overviewOf(counts: Record<string, readonly number[]>): Promise<CheerioAPI> {
  const { database, visitor } = await testApp()
  const random = seeded(8)
  for (const [month, ofEach] of Object.entries(counts)) {
    const people = ofEach.flatMap((count, of) => {
      const utility = archetypes.map((_, index) => (index === of ? 12 : 0)) as unknown as Quad
      return Array.from({ length: count }, () => madeUp(content.current, random, { feeling: () => utility }))
    })
    await addPeople(database, people, content.current, { day: `${month}-10` })
  }
  await addAdmin(database)
  const browser = visitor()
  await giveSession(database, browser)
  return load((await browser.get('/admin')).body)
}

/** What of a page stands beside the label of a column: the number, and the share if there is one. */
function cellsOf(page: CheerioAPI, name: string) {
  return page(`#months ~ table td[data-label="${name}"]`)
    .toArray()
    .map((cell) => ({ text: page(cell).contents().first().text(), share: page(cell).find('.effect').text() }))
}

const pointsOf = (page: CheerioAPI, chart: Element) =>
  page(chart)
    .find('.chart circle')
    .toArray()
    .map(({ attribs }) => [attribs.cx, Number(attribs.cy)])

test('the trend draws the shares that its table tells, and nothing where that tells none', async () => {
  const page = await overviewOf({
    '2026-08': [10, 10, 20, 10],
    '2026-09': [20, 10, 10, 10],
    '2026-10': [12, 12, 3, 12]
  })
  const scale = page('.trend').prev().text()
  expect(scale).toContain('from August 2026 to October 2026')
  const top = Number(/from 0 to (\d+) %/.exec(scale)![1])
  // To the tens above the highest range.
  expect([30, 40, 50, 60]).toContain(top)

  const people = cellsOf(page, 'People').map(({ text }) => Number(text))
  expect(people).toEqual([39, 50, 50])
  let hidden = 0
  for (const chart of page('.trend figure').toArray()) {
    const told = cellsOf(page, page(chart).text().trim()).map(({ text, share }, row) => {
      if (!/^\d+$/.test(text)) {
        expect(share).toBe('')
        hidden++
        return []
      }
      const exact = Number(text) / people[row]!
      expect(share).toBe(`${Math.round(100 * exact)} %`)
      return [[['100%', '50%', '0%'][row], Math.round(96 * (1 - (100 * exact) / top))]]
    })
    expect(pointsOf(page, chart)).toEqual(told.reverse().flat())
  }
  expect(hidden).toBeGreaterThan(1)
  expect(hidden).toBeLessThan(10)
})

test('of forty months the newest twenty-four are drawn, each at its place in time, and all are in the table', async () => {
  const months = Array.from({ length: 40 }, (_, index) => {
    const month = 2023 * 12 + 7 + index
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
  })
  const withoutOne = months.filter((month) => month !== '2026-01')
  const page = await overviewOf(Object.fromEntries(withoutOne.map((month) => [month, [6, 6, 6, 6]])))
  expect(page('#months ~ table tbody tr')).toHaveLength(39)
  const drawn = pointsOf(page, page('.trend figure').toArray()[0]!)
  expect(drawn).toHaveLength(23)
  const places = Array.from({ length: 24 }, (_, index) => `${+((100 * index) / 23).toFixed(2)}%`)
  const missing = places[months.slice(-24).indexOf('2026-01')]
  expect(drawn.map(([x]) => x)).toEqual(places.filter((place) => place !== missing))
})

test('one month is no trend', async () => {
  expect((await overviewOf({ '2026-10': [6, 6, 6, 6] }))('.trend')).toHaveLength(0)
})
