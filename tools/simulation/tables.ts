import { percent, type Table } from '../../src/cli/tables.ts'
import type { RowFigures, Said } from './instrument/figures.ts'
import { longerPickOne } from './instrument/plan.ts'
import type { Requirement } from './instrument/requirements.ts'
import type { Simulation } from './instrument/simulation.ts'

/** A column of a table that has one line for each row of the simulation. */
type Column = [head: string, cell: (row: RowFigures) => string]

const CONDITION: Column[] = [
  ['s', ({ condition }) => String(condition.s)],
  ['noise', ({ condition }) => String(condition.noise)],
  ['marks', ({ condition }) => condition.marking.replace('-', ' ')]
]

/** Who is first, and how honest the probability of it is. */
export function calibrationTable({ rows, settings }: Simulation): Table {
  return tableOf('Finding the first archetype', rows, [
    ['found', ({ accuracy }) => percent(accuracy.model)],
    ['plain counts', ({ accuracy }) => percent(accuracy.counts)],
    [`pick one of ${settings.sets}`, ({ accuracy }) => percent(accuracy.pickOne)],
    [`of ${longerPickOne(settings.sets)}`, ({ accuracy }) => percent(accuracy.longerPickOne)],
    ['ECE', ({ calibration }) => decimal(calibration.error)],
    ['its floor', ({ calibration }) => decimal(calibration.floor)],
    ['Brier', ({ calibration }) => decimal(calibration.brier)],
    ['80 % ranges', ({ coverage }) => percent(coverage)]
  ])
}

export function toldTable({ rows }: Simulation): Table {
  return tableOf('What people are told, and told again', rows, [
    ['single', ({ told }) => said(told.single)],
    ['blend', ({ told }) => said(told.blend)],
    ['open', ({ told }) => said(told.open)],
    ['other first', ({ retest }) => percent(retest.otherFirst.model)],
    ['by counts', ({ retest }) => percent(retest.otherFirst.counts)],
    ['by picks', ({ retest }) => percent(retest.otherFirst.pickOne)],
    ['opposite singles', ({ retest }) => percent(retest.oppositeSingles)]
  ])
}

export function tieBreakerTable({ rows }: Simulation): Table {
  return tableOf('The tie-breaker', rows, [
    ['offered', ({ tieBreaker }) => percent(tieBreaker.offered)],
    ['found before', ({ accuracy }) => percent(accuracy.model)],
    ['after', ({ tieBreaker }) => percent(tieBreaker.accuracy)],
    ['singles before', ({ told }) => said(told.single)],
    ['after', ({ tieBreaker }) => said(tieBreaker.singles)],
    ['ECE before', ({ calibration }) => decimal(calibration.error)],
    ['after', ({ tieBreaker }) => decimal(tieBreaker.calibrationError)]
  ])
}

export function consistencyTable({ rows, clickers }: Simulation): Table {
  const table = tableOf('Telling people from blind clickers', rows, [
    ['AUC', ({ consistency }) => decimal(consistency.auc)],
    ['“no stable pattern”', ({ consistency }) => percent(consistency.noPattern)],
    ['“same position”', ({ consistency }) => percent(consistency.samePosition)]
  ])
  const clicking = ['–', '–', 'blind', '–', percent(clickers.noPattern), percent(clickers.samePosition)]
  return { ...table, body: [...table.body, clicking] }
}

export function pathTable({ path }: Simulation): Table {
  const figuresOf = ({ coverage, halfWidth, verdict, wrongSide }: (typeof path)['asWritten']) => [
    percent(coverage),
    halfWidth.toFixed(2),
    percent(verdict),
    percent(wrongSide)
  ]
  return {
    title: 'The path',
    head: ['items', '80 % ranges', '± lean', 'a side named', 'the wrong side'],
    body: [
      ['as written', ...figuresOf(path.asWritten)],
      ['all one way', ...figuresOf(path.allOneWay)]
    ]
  }
}

export function crowdsTable({ crowds }: Simulation): Table {
  return {
    title: 'Who is first, of many',
    head: ['s', 'one archetype ahead by', 'crowds', 'mean P(first)', 'estimate', 'ranges'],
    body: crowds.map(({ crowd, crowds, plain, estimated, held }) => [
      ...[String(crowd.s), String(crowd.ahead), String(crowds)],
      ...[plain, estimated, held].map(percent)
    ])
  }
}

export function requirementsTable(requirements: readonly Requirement[]): Table {
  return {
    title: 'What has to hold',
    head: ['figure', 'has to be', 'is', 'holds'],
    body: requirements.map(({ what, limits, found, holds }) => [
      what,
      limitsOf(limits),
      found.low === found.high ? decimal(found.low) : `${decimal(found.low)} to ${decimal(found.high)}`,
      holds ? 'yes' : 'NO'
    ])
  }
}

function tableOf(title: string, rows: readonly RowFigures[], columns: readonly Column[]): Table {
  const all = [...CONDITION, ...columns]
  return {
    title,
    head: all.map(([head]) => head),
    body: rows.map((row) => all.map(([, cell]) => cell(row)))
  }
}

/** How often it is said; in brackets, how often it is then right. */
function said({ share, right }: Said): string {
  return `${percent(share)} (${percent(right)})`
}

function decimal(value: number): string {
  return value.toFixed(3).replace('-', '−')
}

function limitsOf({ low, high }: Requirement['limits']): string {
  if (low === undefined) return `at most ${decimal(high!)}`
  if (high === undefined) return `at least ${decimal(low)}`
  return `${decimal(low)} to ${decimal(high)}`
}
