import { expect, test } from 'vitest'
import { stepsOf } from '../../../src/attempt/steps.ts'
import { archetypes } from '../../../src/content/schema.ts'
import type { Choice } from '../../../src/scoring/profile/response.ts'
import type { ItemFlag } from '../../../src/statistics/item-statistics.ts'
import { peopleOf, type Settings, statementsFor } from '../../../tools/simulation/population/population.ts'
import { itemStatistics } from '../../statistics/item-statistics.ts'
import { content } from '../../support/app.ts'

const { current } = content
const places = new Map(
  current.blocks.flatMap(({ statements }, block) =>
    statements.map(({ id, archetype }) => [id, { block, archetype: archetypes.indexOf(archetype) }])
  )
)

/** The statistics of every statement, from the answers of everybody who completed, careless or not. */
function statisticsFor(settings: Settings) {
  const { faults, statements } = statementsFor(settings, current, archetypes)
  const archetypeOf = (id: string) => places.get(id)!.archetype
  const responses: { choices: Choice[] }[] = []
  for (const { pages, leftAfter } of peopleOf(settings, current, statements, (arrangement) =>
    stepsOf(current, arrangement)
  )) {
    if (leftAfter !== null) continue
    const blocks = Object.assign({}, ...pages.map(({ answers }) => answers.blocks))
    const choices = current.blocks.map(({ id }) => ({
      most: archetypeOf(blocks[id].most),
      least: archetypeOf(blocks[id].least)
    }))
    responses.push({ choices })
  }
  const statistics = itemStatistics(responses, current.blocks.length)
  const of = (id: string) => statistics[places.get(id)!.block]![places.get(id)!.archetype as 0 | 1 | 2 | 3]
  return { faults, of }
}

test.each([1, 2, 3])(
  'among 5,000 takers the three planted statements are flagged for what they are (seed %i)',
  (seed) => {
    const { faults, of } = statisticsFor({ seed, takers: 5000, until: '2026-11-23', sound: false })
    const named: Record<(typeof faults)[number]['kind'], ItemFlag[]> = {
      'mis-keyed': ['unrelated', 'mis-keyed'],
      'too-attractive': ['too-attractive'],
      noise: ['unrelated']
    }
    for (const { statement, kind, measures } of faults) {
      const { flags, bestOther } = of(statement)
      expect(flags, kind).toEqual(named[kind])
      if (kind === 'mis-keyed') expect(archetypes[bestOther!.archetype]).toBe(measures)
    }
    const good = [...places.keys()].filter((id) => !faults.some(({ statement }) => statement === id))
    expect(good).toHaveLength(45)
    expect(good.filter((id) => of(id).flags.length > 0).length / good.length).toBeLessThanOrEqual(0.03)
  }
)

test('nothing is flagged where nothing was planted', () => {
  const { faults, of } = statisticsFor({ seed: 1, takers: 5000, until: '2026-11-23', sound: true })
  expect(faults).toEqual([])
  expect([...places.keys()].flatMap((id) => of(id).flags)).toEqual([])
})
