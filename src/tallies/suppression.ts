/** What may be told of a number of people: itself, that it is below the minimum, or nothing, to protect another. */
export type Cell = { kind: 'shown'; count: number } | { kind: 'few' } | { kind: 'withheld' }

/** A two-way table as it may be shown, with its totals. */
export type Table = { cells: Cell[][]; rows: Cell[]; columns: Cell[] }

/**
 * What of a two-way table can be shown so that no count from 1 up to, but not including, the minimum can be read off
 * or worked out. The reader is taken to know the grand total and every total that is shown, and that a cell marked
 * "few" is below the minimum and one "withheld" is not, unless all are withheld. That nobody is in a cell may come
 * out.
 *
 * Small cells are hidden first, then in every line the smallest others, until what is hidden of its total is nobody or
 * at least the minimum. At last each small cell is audited: unless another table, with a different count there, would
 * look the same to the reader, one more cell is hidden. Totals are treated in the same way before, each row of
 * them by itself, so that a total looks alike in every table that shares it.
 *
 * @param counts rows of equal length, with non-negative integers
 */
export function suppressed(counts: readonly (readonly number[])[], minimum: number): Table {
  const columns = suppressedLine(sumOfRows(counts), minimum)
  const rows = suppressedLine(counts.map(sum), minimum)
  const hidden = counts.map((row, r) =>
    row.map((count, c) => count < minimum || rows[r]!.kind !== 'shown' || columns[c]!.kind !== 'shown')
  )
  const table = (): Table => ({
    cells: counts.map((row, r) => row.map((count, c) => cellOf(count, hidden[r]![c]!, minimum))),
    rows,
    columns
  })
  const everywhere = counts.flatMap((row, r) => row.map((_, c): Place => [r, c]))
  const lines = [
    ...rows.map((total, r) => ({ total, line: everywhere.filter(([row]) => row === r) })),
    ...columns.map((total, c) => ({ total, line: everywhere.filter(([, column]) => column === c) }))
  ].filter(({ total }) => total.kind === 'shown')

  /** The cells among these that are shown, smallest first. */
  const shownOf = (places: readonly Place[]) =>
    places.filter(([r, c]) => !hidden[r]![c]).sort(([r, c], [s, d]) => counts[r]![c]! - counts[s]![d]!)
  const hide = ([r, c]: Place, value = true) => {
    hidden[r]![c] = value
  }
  const isThin = (line: readonly Place[]) =>
    tellsFew(
      line.filter(([r, c]) => hidden[r]![c]).map(([r, c]) => counts[r]![c]!),
      minimum
    )

  for (;;) {
    const thin = lines.find(({ line }) => isThin(line) && shownOf(line).length > 0)
    if (thin) {
      hide(shownOf(thin.line)[0]!)
      continue
    }
    const told = exposed(counts, table(), minimum)
    const candidates = shownOf(everywhere)
    if (!told) return table()
    if (candidates.length === 0) return { ...table(), cells: counts.map(nothingOf) }
    const enough = candidates.find((place) => {
      hide(place)
      const protects = !exposed(counts, table(), minimum, told)
      hide(place, false)
      return protects
    })
    hide(enough ?? candidates[0]!)
  }
}

type Place = [row: number, column: number]

/** The same of a one-way table whose total the reader knows; nothing is shown of fewer than the minimum. */
export function suppressedLine(counts: readonly number[], minimum: number): Cell[] {
  const hidden = counts.map((count) => count < minimum)
  const line = () => counts.map((count, index) => cellOf(count, hidden[index]!, minimum))
  const ascending = [...counts.keys()].sort((a, b) => counts[a]! - counts[b]!)
  const isExposed = () => {
    const total: Cell = { kind: 'shown', count: sum(counts) }
    return exposed([counts], { cells: [line()], rows: [total], columns: [] }, minimum) !== null
  }
  for (const index of ascending) {
    const held = counts.filter((_, other) => hidden[other])
    if (tellsFew(held, minimum) || isExposed()) hidden[index] = true
  }
  return isExposed() ? nothingOf(counts) : line()
}

/** Where even the marks would tell too much: any count could be behind each. */
function nothingOf(counts: readonly number[]): Cell[] {
  return counts.map(() => ({ kind: 'withheld' }))
}

/** Whether a total would tell how few are hidden in its line. */
function tellsFew(held: readonly number[], minimum: number): boolean {
  const together = sum(held)
  return together > 0 && together < minimum
}

function cellOf(count: number, hidden: boolean, minimum: number): Cell {
  if (!hidden) return { kind: 'shown', count }
  return { kind: count < minimum ? 'few' : 'withheld' }
}

/**
 * A small cell that has the same count in every table that fits what is shown, by its row and column; a total counts as
 * the cell after the last. Null if there is none.
 *
 * A table is a flow: from a source through rows, each as much as its total, through cells and columns to a sink. The
 * true flow fits what is shown, and a cell can be different exactly if there is a cycle through it along which hidden
 * counts can be raised and lowered within what is known of them (Gusfield 1988).
 *
 * @param only look at this cell alone
 */
export function exposed(
  counts: readonly (readonly number[])[],
  { cells, rows, columns }: Table,
  minimum: number,
  only?: Place
): Place | null {
  const column = (c: number) => rows.length + c
  const [source, sink] = [column(columns.length), column(columns.length) + 1]
  const totals = sumOfRows(counts)
  // Without totals of their own, the columns of a one-way table all lead to the sink.
  const end = (c: number) => (columns.length > 0 ? column(c) : sink)
  const edges = [
    ...cells.flatMap((row, r) => row.map((cell, c) => edge(cell, counts[r]![c]!, r, end(c), [r, c]))),
    ...rows.map((total, r) => edge(total, sum(counts[r]!), source, r, [r, totals.length])),
    ...columns.map((total, c) => edge(total, totals[c]!, column(c), sink, [rows.length, c]))
  ].filter(({ isHidden }) => isHidden)

  function edge(cell: Cell, count: number, from: number, to: number, place: Place): Edge {
    return {
      from,
      to,
      place,
      isHidden: cell.kind !== 'shown',
      isSmall: count > 0 && count < minimum,
      canFall: cell.kind === 'few' ? count > 0 : count > minimum,
      canRise: cell.kind === 'withheld' || count < minimum - 1
    }
  }

  const fixed = edges.find(
    (edge) =>
      edge.isSmall &&
      (!only || (edge.place[0] === only[0] && edge.place[1] === only[1])) &&
      !(edge.canRise && leads(edge.to, edge.from, edges, edge)) &&
      !(edge.canFall && leads(edge.from, edge.to, edges, edge))
  )
  return fixed?.place ?? null
}

type Edge = {
  from: number
  to: number
  place: Place
  isHidden: boolean
  isSmall: boolean
  canFall: boolean
  canRise: boolean
}

/** Whether one node can be reached from another along edges that can rise, or against edges that can fall. */
function leads(start: number, end: number, edges: readonly Edge[], without: Edge): boolean {
  const reached = new Set([start])
  for (const node of reached) {
    if (node === end) return true
    for (const edge of edges) {
      if (edge === without) continue
      if (edge.from === node && edge.canRise) reached.add(edge.to)
      if (edge.to === node && edge.canFall) reached.add(edge.from)
    }
  }
  return false
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function sumOfRows(counts: readonly (readonly number[])[]): number[] {
  return (counts[0] ?? []).map((_, c) => sum(counts.map((row) => row[c]!)))
}
