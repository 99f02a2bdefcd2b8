import type { Counts, Progress } from '../database/backup/table-copy.ts'
import { progressOn } from './progress.ts'

/** Shows on standard error how far a copy is. */
export const progress: Progress = (total) => {
  const show = progressOn(process.stderr, total, performance.now())
  return (done) => show(done, performance.now())
}

/** How many rows each table has, one to a line. */
export function counted(counts: Counts): string {
  const lines = [...counts].map(
    ([name, count]) => `  ${name.padEnd(16)}${count.toLocaleString('en-GB').padStart(12)}`
  )
  return lines.join('\n')
}
