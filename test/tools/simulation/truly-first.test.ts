import { expect, test } from 'vitest'
import { archetypes } from '../../../src/content/schema.ts'
import { shownIn } from '../../../tools/simulation/population/dashboard-figures.ts'
import { fill } from '../../../tools/simulation/population/fill.ts'
import { statementsFor } from '../../../tools/simulation/population/population.ts'
import { firsts, truthCount } from '../../../tools/simulation/population/truth.ts'
import { content, testDatabase } from '../../support/app.ts'
import { numbers } from '../../support/numbers.ts'

const { current } = content

/** For every archetype: the share of made-up takers for whom it is truly first, and what the dashboard shows of that. */
async function comparison(takers: number, seed: number) {
  const { database } = await testDatabase()
  const settings = { takers, seed, until: '2026-11-23', sound: false }
  const { statements } = statementsFor(settings, current, archetypes)
  const { truth, add } = truthCount(16, '2026-10-24')
  for await (const batch of fill(database, current, settings, statements)) batch.forEach(add)
  return firsts(truth, await shownIn(database, content, 5, true))
}

test.each(numbers.crowds)(
  `in ${numbers.fillings} fillings with %i takers, bad statements and careless answers among them, the ranges hold the truth 19 times in 20`,
  { timeout: 1_000_000 },
  async (takers) => {
    const all: Awaited<ReturnType<typeof comparison>> = []
    for (let seed = 101; seed <= 100 + numbers.fillings; seed++) all.push(...(await comparison(takers, seed)))
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(mean(all.map(({ holds }) => Number(holds)))).toBeGreaterThanOrEqual(0.95)
    // Ranges that hold everything say nothing: 6 points to each side of very many people, and more of few.
    const width = mean(all.map(({ estimate }) => (estimate!.high - estimate!.low) / 2))
    expect(width).toBeLessThan(4 + 130 / Math.sqrt(takers))
    const distance = mean(all.map(({ estimate, share }) => Math.abs(estimate!.percent - 100 * share)))
    expect(distance).toBeLessThan(1 + 40 / Math.sqrt(takers))
  }
)
