import { paths } from '../../src/web/paths.ts'
import { downloadMemory, overview, statements } from './admin.ts'
import { reads, writes } from './beside.ts'
import { quizPage, resultPage, sharedPage, unchangedPage } from './pages.ts'
import { memory, starting } from './process.ts'
import type { Rounds } from './rounds.ts'
import { savingAnswers, submitting } from './saving.ts'
import { calibratedScoring, scoring, scoringWithDuels } from './score.ts'

/** What the median of our rounds, or of their ratios to what they are held against, must be. */
export type Goal = { of: 'ratio' | 'ours' } & ({ atLeast: number } | { atMost: number })

export type Row = {
  /** `npm run bench -- PART` measures the rows of one part. */
  part: string
  what: string
  against: string
  unit: string
  goal: Goal
  measure: () => Promise<Rounds>
}

const sameBytes = 'bare Fastify sending the same bytes'
const raw = 'the same handlers on plain better-sqlite3, a transaction each, synchronous=FULL'
const atLeast = (limit: number): Goal => ({ of: 'ratio', atLeast: limit })
const atMost = (limit: number): Goal => ({ of: 'ratio', atMost: limit })
const within = (limit: number): Goal => ({ of: 'ours', atMost: limit })
const solver = paths.archetype('solver')

/** Everything that is promised of speed, and what `npm run bench` measures. */
export const table: Row[] = [
  {
    ...{ part: 'pages', what: 'home page', against: sameBytes, unit: '/s' },
    ...{ goal: atLeast(0.8), measure: () => sharedPage(paths.home) }
  },
  {
    ...{ part: 'pages', what: 'home page, unchanged', against: 'bare Fastify sending 304', unit: '/s' },
    ...{ goal: atLeast(0.75), measure: () => unchangedPage(paths.home) }
  },
  {
    ...{ part: 'pages', what: 'page of an archetype', against: sameBytes, unit: '/s' },
    ...{ goal: atLeast(0.8), measure: () => sharedPage(solver) }
  },
  {
    ...{
      part: 'pages',
      what: 'page of an archetype, unchanged',
      against: 'bare Fastify sending 304',
      unit: '/s'
    },
    ...{ goal: atLeast(0.75), measure: () => unchangedPage(solver) }
  },
  {
    ...{ part: 'pages', what: 'page of the quiz', against: sameBytes, unit: '/s' },
    ...{ goal: atLeast(0.5), measure: quizPage }
  },
  {
    ...{ part: 'pages', what: 'page of a result', against: sameBytes, unit: '/s' },
    ...{ goal: atLeast(0.3), measure: resultPage }
  },
  {
    ...{ part: 'saving', what: 'saving an answer, 64 connections', against: raw, unit: '/s' },
    ...{ goal: atLeast(1.5), measure: savingAnswers }
  },
  {
    ...{ part: 'saving', what: 'finishing, scores included, 64 connections', against: raw, unit: '/s' },
    ...{ goal: atLeast(1.1), measure: submitting }
  },
  {
    ...{ part: 'beside', what: '500 pages/s beside 300 answers/s: 99 % within', against: 'no answers' },
    ...{ unit: 'ms', goal: within(25), measure: reads }
  },
  {
    ...{ part: 'beside', what: '300 answers/s beside 500 pages/s: 99 % within', against: '', unit: 'ms' },
    ...{ goal: within(50), measure: writes }
  },
  {
    ...{ part: 'score', what: 'scoring one response', against: '', unit: 'ms' },
    ...{ goal: within(0.6), measure: scoring }
  },
  {
    ...{ part: 'score', what: 'scoring one with six more choices', against: '', unit: 'ms' },
    ...{ goal: within(1.2), measure: scoringWithDuels }
  },
  {
    ...{ part: 'score', what: 'scoring one of a calibrated version, with six more', against: '', unit: 'ms' },
    ...{ goal: within(1.2), measure: calibratedScoring }
  },
  {
    ...{ part: 'start', what: 'start to the first page', against: 'node serving a page with bare Fastify' },
    ...{ unit: 'ms', goal: atMost(3), measure: starting }
  },
  {
    ...{ part: 'memory', what: 'memory after a minute of load', against: 'bare Fastify', unit: 'MB' },
    ...{ goal: atMost(2.5), measure: memory }
  },
  {
    ...{ part: 'admin', what: 'overview at 1,000,000 results', against: 'at 10,000', unit: 'ms' },
    ...{ goal: atMost(1.5), measure: overview }
  },
  {
    ...{ part: 'admin', what: 'statements at 1,000,000 results', against: 'at 10,000', unit: 'ms' },
    ...{ goal: atMost(1.5), measure: statements }
  },
  {
    ...{ part: 'admin', what: 'download of 1,000,000 results: memory at most', against: '', unit: 'MB' },
    ...{ goal: within(200), measure: downloadMemory }
  }
]
