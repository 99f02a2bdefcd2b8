/** What may be told of a number of people: itself, that it is below the minimum, or nothing, to protect another. */
export type Cell = { kind: 'shown'; count: number } | { kind: 'few' } | { kind: 'withheld' }

/** A two-way table as it may be shown, with its totals. */
export type Table = { cells: Cell[][]; rows: Cell[]; columns: Cell[] }

/**
 * What of a two-way table can be shown so that no count from 1 up to, but not including, the minimum can be read off
 * or worked out, be it from this table or together with others that share its rows or its columns, but not both. The
 * reader is taken to know the grand total and every total that is shown, and that a cell marked "few" is below the
 * minimum and one "withheld" is not, unless all are withheld. That nobody is in a cell may come out.
 *
 * First the totals, each row of them by itself, so that a total looks alike in every table that shares it. They say
 * which exchanges of totals every such table must be able to follow: one person fewer here, one more there. Small cells
 * are hidden, and in every line the smallest others, until what is hidden of its total is nobody or at least the
 * minimum. Then more is hidden until the table can follow every exchange of its totals, and every small cell can be
 * different with the totals as they are, or after one exchange of rows, one of columns, or both. So can the others:
 * whatever they share with this table is one of these exchanges, or as it was.
 *
 * If nothing else helps, everything is withheld. That is always enough. A small cell that is less than its row and its
 * column can have one more, from each of them; and one that is all of its row can have one less when its row has.
 *
 * @param counts rows of equal length, with non-negative integers
 */
export function suppressed(counts: readonly (readonly number[])[], minimum: number): Table {
  const rows = suppressedLine(counts.map(sum), minimum)
  const columns = suppressedLine(sumOfRows(counts), minimum)
  const exchanges = {
    rows: exchangesOf(rows, counts.map(sum), minimum),
    columns: exchangesOf(columns, sumOfRows(counts), minimum)
  }
  const hidden = counts.map((row, r) =>
    row.map((count, c) => count < minimum || rows[r]!.kind !== 'shown' || columns[c]!.kind !== 'shown')
  )
  const cells = () => counts.map((row, r) => row.map((count, c) => cellOf(count, hidden[r]![c]!, minimum)))
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
    const certain = firstCertain(counts, cells(), exchanges, minimum)
    const candidates = shownOf(everywhere)
    if (!certain) return { cells: cells(), rows, columns }
    if (candidates.length === 0) return { cells: counts.map(nothingOf), rows, columns }
    const enough = candidates.find((place) => {
      hide(place)
      const protects = certain.canDiffer(stepsOf(counts, cells(), minimum))
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
  const isCertain = () => {
    const small = counts.filter((count) => count > 0 && count < minimum)
    return exchangesOf(line(), counts, minimum).length < small.length
  }
  for (const index of [...counts.keys()].sort((a, b) => counts[a]! - counts[b]!)) {
    const held = counts.filter((_, other) => hidden[other])
    if (tellsFew(held, minimum) || isCertain()) hidden[index] = true
  }
  return isCertain() ? nothingOf(counts) : line()
}

/** One person fewer here, one more there. */
type Exchange = { fewer: number; more: number }

/** For each small count of a line, an exchange with another, of which the line looks the same; for some there is none. */
function exchangesOf(line: readonly Cell[], counts: readonly number[], minimum: number): Exchange[] {
  const ascending = [...counts.keys()].sort((a, b) => counts[a]! - counts[b]!)
  return ascending.flatMap((fewer) => {
    if (counts[fewer]! === 0 || counts[fewer]! >= minimum) return []
    // The smallest, as every table can follow it there.
    const more = ascending.find((other) => other !== fewer && canRise(line[other]!, counts[other]!, minimum))
    return more === undefined ? [] : [{ fewer, more }]
  })
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

function canRise({ kind }: Cell, count: number, minimum: number): boolean {
  return kind === 'withheld' || (kind === 'few' && count < minimum - 1)
}

function canFall({ kind }: Cell, count: number, minimum: number): boolean {
  return (kind === 'withheld' && count > minimum) || (kind === 'few' && count > 0)
}

/**
 * A table is a flow of people through rows, cells and columns. What is shown leaves it open to lead one more through a
 * cell that can rise, from its row to its column, and one less through one that can fall: a step from its column back
 * to its row. Steps that lead in a circle give another table that looks the same (Gusfield 1988). Rows are numbered
 * first, then columns. An exchange of totals is a step as well: in a circle with it, the totals change so.
 */
type Step = { from: number; to: number; cell: string | null }

type Exchanges = { rows: readonly Exchange[]; columns: readonly Exchange[] }

/** Something that must not be certain, and whether these steps leave it open. */
type Check = { canDiffer(steps: readonly Step[]): boolean }

/** The first that is certain: a small cell, or a total that cannot be exchanged. Null if there is none. */
function firstCertain(
  counts: readonly (readonly number[])[],
  cells: readonly (readonly Cell[])[],
  exchanges: Exchanges,
  minimum: number
): Check | null {
  const column = (c: number) => counts.length + c
  const ofRows = exchanges.rows.map(({ fewer, more }): Step => ({ from: fewer, to: more, cell: null }))
  const ofColumns = exchanges.columns.map(
    ({ fewer, more }): Step => ({ from: column(more), to: column(fewer), cell: null })
  )
  const checks = [
    ...[...ofRows, ...ofColumns].map(
      ({ from, to }): Check => ({ canDiffer: (steps) => leads(to, from, steps, [], []) })
    ),
    ...counts.flatMap((row, r) =>
      row.flatMap((count, c): Check[] => {
        if (count === 0 || count >= minimum) return []
        const others = (steps: readonly Step[]) => steps.filter(({ cell }) => cell !== `${r} ${c}`)
        const way = (steps: readonly Step[], from: number, to: number) =>
          steps.some((step) => step.from === from && step.to === to) &&
          leads(to, from, others(steps), ofRows, ofColumns)
        return [{ canDiffer: (steps) => way(steps, r, column(c)) || way(steps, column(c), r) }]
      })
    )
  ]
  const steps = stepsOf(counts, cells, minimum)
  return checks.find((check) => !check.canDiffer(steps)) ?? null
}

function stepsOf(
  counts: readonly (readonly number[])[],
  cells: readonly (readonly Cell[])[],
  minimum: number
): Step[] {
  return cells.flatMap((row, r) =>
    row.flatMap((cell, c): Step[] => {
      const [count, column, name] = [counts[r]![c]!, cells.length + c, `${r} ${c}`]
      return [
        ...(canRise(cell, count, minimum) ? [{ from: r, to: column, cell: name }] : []),
        ...(canFall(cell, count, minimum) ? [{ from: column, to: r, cell: name }] : [])
      ]
    })
  )
}

type Reached = { line: number; used: readonly Step[]; rows: boolean; columns: boolean }

/** Whether there is a way from one line to another that takes no step twice, and of the exchanges at most one each. */
function leads(
  from: number,
  to: number,
  steps: readonly Step[],
  ofRows: readonly Step[],
  ofColumns: readonly Step[]
): boolean {
  const stepsFrom = new Map<number, Step[]>()
  for (const step of steps) {
    const before = stepsFrom.get(step.from)
    if (before) before.push(step)
    else stepsFrom.set(step.from, [step])
  }
  const seen = new Set<string>()
  const reached: Reached[] = [{ line: from, used: [], rows: false, columns: false }]
  for (const { line, used, rows, columns } of reached) {
    if (line === to) return true
    const place = `${line} ${rows} ${columns}`
    if (seen.has(place)) continue
    seen.add(place)
    const next = (step: Step, also: Partial<Reached> = {}) => {
      if (used.includes(step)) return
      reached.push({ line: step.to, used: [...used, step], rows, columns, ...also })
    }
    for (const step of stepsFrom.get(line) ?? []) next(step)
    if (!rows) for (const step of ofRows) if (step.from === line) next(step, { rows: true })
    if (!columns) for (const step of ofColumns) if (step.from === line) next(step, { columns: true })
  }
  return false
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function sumOfRows(counts: readonly (readonly number[])[]): number[] {
  return (counts[0] ?? []).map((_, c) => sum(counts.map((row) => row[c]!)))
}
