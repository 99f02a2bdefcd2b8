import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { median } from '../simulation/measures.ts'
import type { Rounds } from './rounds.ts'
import type { Goal, Row } from './table.ts'

/** A row of the table with what was found, as it is printed. */
export type Found = { cells: string[]; holds: boolean; processor: string }

export function foundIn({ unit, goal }: Row, { ours, theirs, processor }: Rounds): Found {
  const ratios = theirs.length > 0 ? ours.map((value, round) => value / theirs[round]!) : []
  const judged = median(goal.of === 'ratio' ? ratios : ours)
  const holds = 'atLeast' in goal ? judged >= goal.atLeast : judged <= goal.atMost
  const spread = ratios.length > 0 ? ratios : ours
  return {
    holds,
    cells: [
      theirs.length > 0 ? `${figure(median(theirs))} ${unit}` : '–',
      `${figure(median(ours))} ${unit}`,
      ratios.length > 0 ? figure(median(ratios)) : '–',
      spread.length > 1 ? `${figure(Math.min(...spread))}–${figure(Math.max(...spread))}` : '–',
      limitOf(goal, unit),
      holds ? 'yes' : '**no**'
    ],
    processor:
      processor && !Number.isNaN(processor.ours[0])
        ? `${figure(median(processor.theirs))} to ${figure(median(processor.ours))} µs of processor time each`
        : ''
  }
}

export const columns = ['What', 'Against', 'Theirs', 'Ours', 'Ratio', 'Lowest–highest', 'Goal', 'Holds']

function limitOf(goal: Goal, unit: string): string {
  const limit = 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`
  return goal.of === 'ratio' ? `${limit} ×` : `${limit} ${unit}`
}

/** Three digits. */
function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-GB')
  return value.toFixed(value >= 10 ? 1 : 2)
}

export function documentOf(rows: string[][], minutes: number): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return `# Benchmarks

\`npm run bench\` wrote this page on ${new Date().toISOString().slice(0, 10)}, in ${minutes.toFixed(0)} minutes. It fails
if a goal is missed. ${machine()}

Where there is something to hold ours against, the two run on the same machine and take turns, so that whatever else it
does slows both down. Figures are medians of the rounds, and the ratio is the median of each round's. Our server is what
\`npm start\` runs, with its limits, headers, metrics and log; requests come over loopback, from a process of their own.

${[columns, columns.map(() => '---'), ...rows].map(line).join('\n')}

What is measured stands in \`tools/bench/table.ts\`; \`npm run bench -- pages\` measures one part of it.
`
}

function machine(): string {
  const [processor] = cpus()
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB of memory`
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  return `The machine: ${availableParallelism()} cores of ${processor?.model.trim()}, ${memory}, ${type()} ${release()}, Node ${process.versions.node}; commit ${commit}.`
}
