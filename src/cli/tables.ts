/** A table with its title, ready to be printed. */
export type Table = { title: string; head: readonly string[]; body: readonly (readonly string[])[] }

/** A table in Markdown, its columns aligned for reading in a terminal as well. */
export function markdown({ head, body }: Table): string {
  const lines = [head, ...body]
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...body.map(line)].join('\n')
}

export function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`
}
