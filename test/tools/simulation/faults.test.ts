import { describe, expect, test } from 'vitest'
import { archetypes } from '../../../src/content/schema.ts'
import { planted, statementsOf, valuesFor } from '../../../tools/simulation/population/faults.ts'
import { randomFrom } from '../../../tools/simulation/random.ts'
import { taker } from '../../../tools/simulation/takers.ts'
import { content } from '../../support/app.ts'

const { blocks } = content.current
const faultsOf = (seed: number) => planted(randomFrom(seed), blocks)
const blockOf = (statement: string) =>
  blocks.findIndex(({ statements }) => statements.some(({ id }) => id === statement))

describe('planted statements', () => {
  test('are one of each kind, in three blocks, and follow from the seed', () => {
    for (let seed = 0; seed < 50; seed++) {
      const faults = faultsOf(seed)
      expect(faults.map(({ kind }) => kind)).toEqual(['mis-keyed', 'too-attractive', 'noise'])
      expect(new Set(faults.map(({ statement }) => blockOf(statement))).size).toBe(3)
      const [misKeyed, tooAttractive, noise] = faults
      expect(misKeyed!.measures).not.toBe(misKeyed!.keyed)
      expect(tooAttractive!.measures).toBe(tooAttractive!.keyed)
      expect(noise!.measures).toBeNull()
    }
    expect(faultsOf(1)).toEqual(faultsOf(1))
    expect(faultsOf(1)).not.toEqual(faultsOf(2))
  })

  test('alone say something else than their archetype and some attractiveness of their own', () => {
    const faults = faultsOf(3)
    const statements = statementsOf(randomFrom(4), blocks, archetypes, faults)
    const people = [1, 2].map((number) => {
      const random = randomFrom(5, number)
      const utility = taker(random, 1)
      return { utility, values: valuesFor(random, utility, statements) }
    })
    for (const { id, archetype } of blocks.flatMap((block) => block.statements)) {
      const fault = faults.find(({ statement }) => statement === id)
      // What is left of the value beside the utility of an archetype, for both people.
      const beside = (of: string) =>
        people.map(({ utility, values }) => values.get(id)! - utility[archetypes.indexOf(of as never)]!)
      const [one, other] = beside(fault?.measures ?? archetype)
      if (fault?.kind === 'noise') {
        expect(one).not.toBeCloseTo(other!, 3)
      } else {
        expect(one).toBeCloseTo(other!, 12)
        if (fault?.kind === 'too-attractive') expect(one).toBeCloseTo(1.5, 12)
        else expect(Math.abs(one!)).toBeLessThan(0.8)
      }
    }
  })
})

test('without faults every statement goes with its archetype', () => {
  const statements = statementsOf(randomFrom(4), blocks, archetypes, [])
  for (const { id, archetype } of blocks.flatMap((block) => block.statements)) {
    expect(statements.get(id)).toMatchObject({ archetype: archetypes.indexOf(archetype), noise: false })
  }
  for (const a of archetypes.keys()) {
    const keyed = [...statements.values()].filter(({ archetype }) => archetype === a)
    expect(keyed).toHaveLength(blocks.length)
    expect(keyed.reduce((sum, { attractiveness }) => sum + attractiveness, 0)).toBeCloseTo(0, 12)
  }
})
