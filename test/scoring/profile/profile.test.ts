import { describe, expect, test } from 'vitest'
import { leadingSet } from '../../../src/scoring/profile/leading.ts'
import {
  type Profile,
  type ProfileEngine,
  type ProfileOptions,
  profileEngine
} from '../../../src/scoring/profile/profile.ts'
import type { Duel, Response } from '../../../src/scoring/profile/response.ts'
import { type GoldenProfile, goldenProfiles } from '../golden.ts'
import { answers, archetype, choices, duels } from '../notation.ts'

/** Fine enough for the fourth decimal of every golden value; production nodes differ in reach and number. */
const FINE = { perAxis: 24, reach: 16 }

/** Engines take a while to build, and most vectors share theirs. */
const engines = new Map<string, ProfileEngine>()

function scoreGolden(golden: GoldenProfile, nodes: ProfileOptions = {}): Profile {
  const prior = golden.prior === 's=1' ? { prior: [{ s: 1, weight: 1 }] } : {}
  const options = { attractiveness: golden.d, ...prior, ...nodes }
  const key = JSON.stringify(options)
  const engine = engines.get(key) ?? profileEngine(options)
  engines.set(key, engine)
  return engine.score(responseOf(golden))
}

function responseOf(golden: GoldenProfile): Response {
  return {
    choices: choices(golden.answers),
    duels: golden.duels ? duels(golden.duels) : [],
    weight: golden.weight ?? 1
  }
}

function largestGap(values: readonly number[], expected: readonly number[]): number {
  return Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)))
}

function limits(ranges: Profile['range80']): number[] {
  return ranges.flatMap(({ low, high }) => [low, high])
}

describe.each(goldenProfiles)('golden vector $id', (golden) => {
  test('is met to 1e-4 by fine nodes', () => {
    const profile = scoreGolden(golden, FINE)
    expect(largestGap(profile.first, golden.pTop)).toBeLessThan(1e-4)
    expect(largestGap(profile.utility, golden.u)).toBeLessThan(1e-4)
    expect(largestGap(profile.share, golden.share)).toBeLessThan(1e-4)
    expect(profile.logEvidence).toBeCloseTo(golden.logEvidence, 3)
    expect(profile.logBayesFactor).toBeCloseTo(golden.logBF, 3)
  })

  test('is met to 1e-3 by production nodes', () => {
    const profile = scoreGolden(golden)
    expect(largestGap(profile.first, golden.pTop)).toBeLessThan(1e-3)
    expect(largestGap(profile.share, golden.share)).toBeLessThan(1e-3)
    expect(largestGap(limits(profile.range80), golden.share80exact.flat())).toBeLessThan(5e-3)
    expect(Math.abs(profile.logEvidence - golden.logEvidence)).toBeLessThan(0.01)
    expect(Math.abs(profile.logBayesFactor - golden.logBF)).toBeLessThan(0.01)
    // Twelve identical answers put the utilities so far apart that the reach of 12 cuts a little off.
    expect(largestGap(profile.utility, golden.u)).toBeLessThan(golden.id.startsWith('G4') ? 0.02 : 1e-3)
  })

  test('has the stated ranges on the 16 nodes per axis that they were found with', () => {
    const { range80 } = scoreGolden(golden, { perAxis: 16 })
    expect(largestGap(limits(range80), golden.share80prod.flat())).toBeLessThan(1e-4)
  })

  test('has the stated leading set', () => {
    const { kind, archetypes } = leadingSet(scoreGolden(golden).first)
    const verdict = golden.verdict.split('+').map(archetype)
    if (golden.verdict === 'open') expect(kind).toBe('open')
    else expect(archetypes).toEqual(verdict)
  })
})

describe('the profile engine', () => {
  const engine = profileEngine()

  test('knows nothing before the first answer', () => {
    const profile = engine.score()
    expect(largestGap(profile.first, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(1e-9)
    expect(largestGap(profile.share, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(1e-9)
    expect(profile.logEvidence).toBeCloseTo(0, 3)
    expect(engine.score({ choices: [null, null] })).toEqual(profile)
  })

  test('gives 90 % ranges as much wider than 80 % ranges as the normal distribution has it', () => {
    const { range80, range90 } = engine.score(answers('TL>RH SO>AR TL>AR SO>RH TL>RH SO>RH AR>RH TL>AR'))
    const width = ({ low, high }: Profile['range80'][0]) =>
      Math.log(high / (1 - high)) - Math.log(low / (1 - low))
    for (const a of [0, 1, 2, 3] as const) {
      expect(Math.abs(width(range90[a]) / width(range80[a]) - 1.645 / 1.2816)).toBeLessThan(0.05)
    }
  })

  test('pools several responses as answers about one person', () => {
    const [one, other] = [answers('AR>RH AR>TL'), answers('SO>RH AR>RH')]
    const together = engine.score({ choices: [...one.choices, ...other.choices] })
    expect(engine.score(one, other)).toEqual(together)
  })

  test('gives each rater their own weight', () => {
    const half = engine.score({ ...answers('AR>RH'), weight: 0.5 })
    const halves = engine.score({ ...answers('AR>RH'), weight: 0.25 }, { ...answers('AR>RH'), weight: 0.25 })
    expect(largestGap(halves.first, half.first)).toBeLessThan(1e-12)
    expect(half.first[1]).toBeLessThan(engine.score(answers('AR>RH')).first[1])
  })

  test('counts a block with LEAST skipped as a bare pick', () => {
    const profile = engine.score({ choices: [{ most: 1, least: null }] })
    // Before any other answer each archetype is picked with probability 1/4, so a pick says nothing yet.
    expect(profile.logEvidence).toBeCloseTo(Math.log(1 / 4), 3)
    expect(profile.logBayesFactor).toBeCloseTo(0, 3)
    expect(profile.first[1]).toBeGreaterThan(0.35)
    expect(profile.first[0]).toBeCloseTo(profile.first[3], 9)
  })

  test('discounts a statement by its attractiveness, in blocks and in duels', () => {
    const flattering = profileEngine({ attractiveness: [[1, 0, 0, 0]] })
    expect(flattering.score(answers('TL>RH')).first[0]).toBeLessThan(engine.score(answers('TL>RH')).first[0])

    const [won, lost] = duels('TL>RH RH>TL').map((duel) => [duel]) as [Duel[], Duel[]]
    const known = profileEngine({
      attractiveness: [
        [1, 0, 0, 0],
        [1, 0, 0, 0]
      ]
    })
    const firstWith = (scorer: ProfileEngine, duels: Duel[]) => scorer.score({ choices: [], duels }).first[0]
    expect(firstWith(known, won)).toBeLessThan(firstWith(engine, won))
    expect(firstWith(known, lost)).toBeLessThan(firstWith(engine, lost))
  })

  test('shares tables between blocks of equal attractiveness without mixing them up', () => {
    const d = [0.5, -0.5, 0.2, -0.2] as const
    const zero = [0, 0, 0, 0] as const
    const text = 'TL>RH AR>SO RH>TL'
    const [first, second, third] = choices(text)
    const one = profileEngine({ attractiveness: [d, zero, d] }).score({ choices: choices(text) })
    const other = profileEngine({ attractiveness: [zero, d, d] }).score({
      choices: [second!, first!, third!]
    })
    expect(largestGap(one.first, other.first)).toBeLessThan(1e-12)
  })

  test('hears a duel between any two archetypes', () => {
    for (const text of ['AR>TL', 'SO>TL', 'RH>TL', 'SO>AR', 'RH>AR', 'RH>SO', 'TL>RH', 'AR>SO']) {
      const [{ winner, loser }] = duels(text) as [Duel]
      const { first, logEvidence } = engine.score({ choices: [], duels: duels(text) })
      expect(first[winner.archetype]).toBeGreaterThan(0.3)
      expect(first[loser.archetype]).toBeLessThan(0.2)
      expect(logEvidence).toBeCloseTo(Math.log(1 / 2), 3)
    }
  })

  test('stays finite through two hundred duels', () => {
    const many = duels(Array(200).fill('SO>TL').join(' '))
    expect(engine.score({ choices: [], duels: many }).first[0]).toBeLessThan(1e-6)
    expect(engine.score({ choices: [], duels: many }).logEvidence).toBeGreaterThan(-6)
  })

  test('gives the same bytes on every machine', () => {
    const { first, share, logEvidence } = engine.score(
      answers('TL>RH SO>AR TL>AR SO>RH TL>RH SO>RH AR>RH TL>AR SO>AR TL>RH SO>TL RH>AR')
    )
    expect([...first, ...share, logEvidence]).toEqual([
      0.39057135048383596, 0.0036824607061057414, 0.604071124763795, 0.0016750640462629004,
      0.3597162308130811, 0.12036364732763978, 0.41467469712985555, 0.10524542472942366, -27.82300326322643
    ])
  })

  test('repeats itself exactly after any other call', () => {
    const before = engine.score(answers('TL>RH SO>AR'))
    engine.score({ ...answers('RH>TL RH>AR'), weight: 0.3 })
    expect(engine.score(answers('TL>RH SO>AR'))).toEqual(before)
  })

  test.each<[string, Response]>([
    ['an archetype of 4', { choices: [{ most: 4, least: 0 }] }],
    ['an archetype of −1', { choices: [{ most: 0, least: -1 }] }],
    ['an archetype of 0.5', { choices: [{ most: 0.5, least: 1 }] }],
    ['MOST and LEAST alike', { choices: [{ most: 2, least: 2 }] }],
    ['a weight of 0', { choices: [], weight: 0 }],
    ['a weight above 1', { choices: [], weight: 1.1 }],
    ['a weight that is no number', { choices: [], weight: Number.NaN }],
    ['a duel of an archetype with itself', { choices: [], duels: duels('AR>AR') }]
  ])('refuses %s', (_, response) => {
    expect(() => engine.score(response)).toThrow(RangeError)
  })

  test('refuses attractiveness out of range, and a block without any', () => {
    expect(() => profileEngine({ attractiveness: [[0, 0, Number.NaN, 0]] })).toThrow(RangeError)
    expect(() => profileEngine({ attractiveness: [[20.1, 0, 0, 0]] })).toThrow(RangeError)
    expect(() => profileEngine({ attractiveness: [[20, 0, 0, -20]] })).not.toThrow()
    expect(() => profileEngine({ attractiveness: [[0, 0, 0, 0]] }).score(answers('AR>TL AR>TL'))).toThrow(
      'There is no attractiveness for block 1'
    )
  })
})
