import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectDirectory } from '../../src/config.ts'
import { columns, documentOf, foundIn } from './report.ts'
import { type Row, table } from './table.ts'

/**
 * `npm run bench` measures everything that is promised of speed, writes docs/benchmarks.md and fails if a goal is missed;
 * `npm run bench -- PART` measures some of it. `npm run bench -- sizing` measures what a taker costs.
 */
const [part] = process.argv.slice(2)
const parts = [...new Set(table.map((row) => row.part))]

if (part === undefined || parts.includes(part))
  await measure(table.filter((row) => !part || row.part === part))
else if (part === 'sizing') await import('./sizing.ts')
else {
  console.error(`There is no bench ${part}, but: ${[...parts, 'sizing'].join(', ')}`)
  process.exitCode = 1
}

async function measure(rows: Row[]) {
  const start = performance.now()
  const lines: string[][] = []
  for (const row of rows) {
    const { cells, holds, processor } = await found(row)
    if (!holds) process.exitCode = 1
    lines.push([row.what, row.against || '–', ...cells])
    console.log(`${row.what}${row.against && `, against ${row.against}`}`)
    console.log(`  ${cells.map((cell, index) => `${columns[index + 2]!.toLowerCase()} ${cell}`).join('   ')}`)
    if (processor) console.log(`  ${processor}`)
  }
  if (part) return
  const minutes = (performance.now() - start) / 60_000
  writeFileSync(join(projectDirectory, 'docs/benchmarks.md'), documentOf(lines, minutes))
}

/** What cannot be measured does not hold; the others are measured all the same. */
async function found(row: Row) {
  try {
    return foundIn(row, await row.measure())
  } catch (error) {
    console.error(error)
    return { cells: ['–', 'failed', '–', '–', '–', '**no**'], holds: false, processor: '' }
  }
}
