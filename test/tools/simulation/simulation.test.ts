import { beforeAll, describe, expect, test } from 'vitest'
import { progressOn } from '../../../src/cli/progress.ts'
import { markdown } from '../../../src/cli/tables.ts'
import { profileEngine } from '../../../src/scoring/profile/profile.ts'
import { CROWDS } from '../../../tools/simulation/instrument/mix.ts'
import { CONDITIONS, PEOPLE_PER_STEP, type Settings } from '../../../tools/simulation/instrument/plan.ts'
import { instrumentReport, type Provenance } from '../../../tools/simulation/instrument/report.ts'
import { requirements } from '../../../tools/simulation/instrument/requirements.ts'
import { type Run, type Simulation, simulate } from '../../../tools/simulation/instrument/simulation.ts'
import { runStep } from '../../../tools/simulation/instrument/step.ts'
import { pathFigures } from '../../../tools/simulation/path.ts'
import { randomFrom } from '../../../tools/simulation/random.ts'

/** Fewer nodes than the product's: a few hundred people are not the place for the third decimal. */
const { score } = profileEngine({ perAxis: 7, reach: 9 })
const sides = ['right', 'left', 'left', 'right', 'left', 'right', 'right', 'left'] as const
const settings: Settings = { seed: 7, takers: PEOPLE_PER_STEP, sets: 12 }
const provenance: Provenance = {
  command: 'npm run simulate:instrument',
  questionnaire: '2026-11',
  scoring: '1',
  node: '20.19.0',
  scores: 1000,
  medianMicroseconds: 400
}

const inOrder: Run = async (steps) => steps.map((step) => runStep(step, score))
const backwards: Run = async (steps) =>
  [...steps]
    .reverse()
    .map((step) => runStep(step, score))
    .reverse()

let simulation: Simulation
beforeAll(async () => {
  simulation = await simulate(settings, sides, inOrder)
})

test('a small run gives the same report again, in whatever order its steps are done', async () => {
  const again = await simulate(settings, sides, backwards)
  expect(instrumentReport(again, provenance)).toBe(instrumentReport(simulation, provenance))
})

test('a small run finds what anybody would expect', () => {
  const { rows, clickers, crowds, path } = simulation
  expect(crowds).toHaveLength(CROWDS.length)
  for (const { estimated, held } of crowds) {
    expect(estimated).toBeLessThan(0.07)
    expect(held).toBeGreaterThanOrEqual(0.75)
  }
  expect(rows).toHaveLength(CONDITIONS.length)
  for (const row of rows) {
    expect(row.accuracy.model).toBeGreaterThan(0.55)
    expect(row.accuracy.model).toBeLessThan(0.93)
    expect(Math.abs(row.accuracy.model - row.accuracy.counts)).toBeLessThan(0.05)
    expect(row.calibration.error).toBeLessThan(0.12)
    expect(row.coverage).toBeGreaterThan(0.6)
    expect(row.coverage).toBeLessThan(0.9)
    expect(row.told.single.share + row.told.blend.share + row.told.open.share).toBeCloseTo(1, 12)
    expect(row.told.single.right).toBeGreaterThan(0.75)
    expect(row.retest.oppositeSingles).toBeLessThan(row.retest.otherFirst.model)
    expect(row.tieBreaker.offered).toBeCloseTo(1 - row.told.single.share, 1)
    expect(row.tieBreaker.singles.share).toBeGreaterThan(row.told.single.share)
    expect(row.consistency.auc).toBeGreaterThan(0.7)
    expect(row.consistency.noPattern).toBeLessThan(clickers.noPattern)
  }
  const accuracyAt = (s: number) =>
    rows.find(({ condition }) => condition.s === s && condition.noise === 0)!.accuracy.model
  expect(accuracyAt(0.7)).toBeLessThan(accuracyAt(1.5))
  expect(path.asWritten.coverage).toBeGreaterThan(path.allOneWay.coverage)
})

test('the path is read right far more often than wrong, and worse without turned items', () => {
  const written = pathFigures(randomFrom(1), sides, 2000)
  const oneWay = pathFigures(
    randomFrom(1),
    sides.map(() => 'right'),
    2000
  )
  expect(written.coverage).toBeGreaterThan(0.82)
  expect(written.coverage).toBeLessThan(0.89)
  expect(written.wrongSide).toBeLessThan(0.04)
  expect(oneWay.coverage).toBeLessThan(0.72)
})

test('a broken promise is named', () => {
  const kept = simulation.rows.map((row) => ({
    ...row,
    accuracy: { ...row.accuracy, model: 0.77, counts: 0.775 },
    calibration: { ...row.calibration, error: 0.039 },
    coverage: 0.8
  }))
  const crowds = simulation.crowds.map((crowd) => ({ ...crowd, held: 0.96 }))
  const holding = (holds: boolean) => Array(5).fill(holds)
  expect(requirements(kept, crowds).map(({ holds }) => holds)).toEqual(holding(true))
  const broken = kept.map((row, i) =>
    i === 4
      ? {
          ...row,
          accuracy: { ...row.accuracy, model: 0.73, counts: 0.745 },
          calibration: { ...row.calibration, error: 0.041 },
          coverage: 0.73
        }
      : row
  )
  const bent = crowds.with(3, { ...crowds[3]!, held: 0.94 })
  expect(requirements(broken, bent).map(({ holds }) => holds)).toEqual(holding(false))
  const noisy = kept.map((row) => (row.condition.noise === 0.8 ? { ...row, coverage: 0.7 } : row))
  expect(requirements(noisy, crowds).every(({ holds }) => holds)).toBe(true)
})

test('a table is aligned, and valid Markdown', () => {
  const table = markdown({ title: 'T', head: ['a', 'long'], body: [['abc', '1']] })
  expect(table).toBe(['| a   | long |', '| --- | ---: |', '| abc |    1 |'].join('\n'))
})

describe('progress', () => {
  const written = (isTTY: boolean, steps: [done: number, now: number][]) => {
    let text = ''
    const display = { isTTY, write: (part: string) => (text += part) }
    const show = progressOn(display, 4, 0)
    for (const [done, now] of steps) show(done, now)
    return text
  }

  test('is a bar on a terminal', () => {
    const text = written(true, [
      [1, 5],
      [4, 9]
    ])
    expect(text).toBe(`\r[${'#'.repeat(10)}${'-'.repeat(30)}] 25 %\r[${'#'.repeat(40)}] 100 %\n`)
  })

  test('is a line now and then elsewhere', () => {
    const steps: [number, number][] = [
      [1, 4000],
      [2, 11_000],
      [3, 12_000],
      [4, 30_000]
    ]
    expect(written(false, steps)).toBe('50 % done after 11 s\n')
  })
})
