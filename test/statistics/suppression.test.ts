import { describe, expect, test } from 'vitest'
import { type Cell, suppressed, suppressedLine, type Table } from '../../src/statistics/suppression.ts'
import { exposedIn, type Figures, type Mark } from '../support/adversary.ts'
import { seeded } from '../support/taker.ts'

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
const kinds = (cells: Cell[]) => cells.map((cell) => (cell.kind === 'shown' ? cell.count : cell.kind))

test('large cells are shown, a small one takes the next smallest with it', () => {
  expect(kinds(suppressedLine([40, 9, 3, 12], 5))).toEqual([40, 'withheld', 'few', 12])
  expect(kinds(suppressedLine([40, 9, 12], 5))).toEqual([40, 9, 12])
  expect(kinds(suppressedLine([40, 2, 3, 12], 5))).toEqual([40, 'few', 'few', 12])
  expect(kinds(suppressedLine([40, 1, 3, 12], 5))).toEqual([40, 'few', 'few', 'withheld'])
})

test('of fewer people than the minimum nothing is shown, and empty cells alone protect nothing', () => {
  expect(kinds(suppressedLine([1, 0, 3], 5))).toEqual(['few', 'few', 'few'])
  expect(kinds(suppressedLine([12, 0, 7], 5))).toEqual([12, 'few', 7])
  expect(kinds(suppressedLine([12, 4, 0], 5))).toEqual(['withheld', 'few', 'few'])
  expect(kinds(suppressedLine([], 5))).toEqual([])
})

test('a row or column whose total is hidden is hidden as a whole', () => {
  const { cells, rows, columns } = suppressed(
    [
      [2, 1, 0],
      [20, 10, 6],
      [8, 9, 30]
    ],
    5
  )
  expect(kinds(rows)).toEqual(['few', 36, 47].map((kind, r) => (r === 1 ? 'withheld' : kind)))
  expect(kinds(columns)).toEqual([30, 20, 36])
  expect(kinds(cells[0]!)).toEqual(['few', 'few', 'few'])
  expect(kinds(cells[1]!)).toEqual(['withheld', 'withheld', 'withheld'])
})

test('a small cell in the middle takes a cycle of others with it, and no more than needed', () => {
  const { cells } = suppressed(
    [
      [3, 20, 30, 40],
      [21, 6, 31, 41],
      [22, 23, 50, 60]
    ],
    5
  )
  expect(cells.map(kinds)).toEqual([
    ['few', 'withheld', 30, 40],
    ['withheld', 'withheld', 31, 41],
    [22, 23, 50, 60]
  ])
})

/** Every count that each small cell has in some table that looks the same to the reader, by enumeration. */
function possible(counts: number[][], shown: Table, minimum: number): Map<string, Set<number>> {
  const total = sum(counts.flat())
  const width = counts[0]!.length
  const nothing = (line: Cell[]) => line.every(({ kind }) => kind === 'withheld')
  const least = {
    cells: nothing(shown.cells.flat()),
    rows: nothing(shown.rows),
    columns: nothing(shown.columns)
  }
  const fits = (cell: Cell, count: number, part: keyof typeof least) =>
    cell.kind === 'shown'
      ? cell.count === count
      : cell.kind === 'few'
        ? count < minimum
        : count >= (least[part] ? 0 : minimum)
  const most = (cell: Cell) =>
    cell.kind === 'shown' ? cell.count : cell.kind === 'few' ? minimum - 1 : total
  const table = counts.map((row) => row.map(() => 0))
  const found = new Map<string, Set<number>>()
  const note = (key: string, value: number) => found.set(key, (found.get(key) ?? new Set()).add(value))

  function fill(index: number, left: number): void {
    const [r, c] = [Math.floor(index / width), index % width]
    if (c === 0 && r > 0 && !fits(shown.rows[r - 1]!, sum(table[r - 1]!), 'rows')) return
    if (r === counts.length) {
      if (left !== 0) return
      const columns = table[0]!.map((_, c) => sum(table.map((row) => row[c]!)))
      if (!columns.every((count, c) => fits(shown.columns[c]!, count, 'columns'))) return
      table.forEach((row, r) => {
        note(`row ${r}`, sum(row))
        row.forEach((count, c) => {
          note(`cell ${r} ${c}`, count)
        })
      })
      columns.forEach((count, c) => {
        note(`column ${c}`, count)
      })
      return
    }
    const cell = shown.cells[r]![c]!
    for (let count = 0; count <= Math.min(left, most(cell)); count++) {
      if (!fits(cell, count, 'cells')) continue
      table[r]![c] = count
      fill(index + 1, left - count)
    }
    table[r]![c] = 0
  }
  fill(0, total)
  return found
}

function smallIn(counts: number[][], minimum: number): string[] {
  const small = (count: number) => count > 0 && count < minimum
  return [
    ...counts.flatMap((row, r) => row.flatMap((count, c) => (small(count) ? [`cell ${r} ${c}`] : []))),
    ...counts.flatMap((row, r) => (small(sum(row)) ? [`row ${r}`] : [])),
    ...counts[0]!.flatMap((_, c) => (small(sum(counts.map((row) => row[c]!))) ? [`column ${c}`] : []))
  ]
}

function randomTable(random: () => number, height: number, width: number, largest: number): number[][] {
  return Array.from({ length: height }, () =>
    Array.from({ length: width }, () => Math.floor(random() ** 2 * (largest + 1)))
  )
}

describe('nothing small can be worked out', () => {
  test('from any small table, by trying every table that looks the same', { timeout: 120_000 }, () => {
    const random = seeded(51)
    let checked = 0
    for (let n = 0; n < 4000; n++) {
      const minimum = 3 + (n % 3)
      const counts = randomTable(random, 2 + (n % 2), 2 + (n % 2 ? 0 : Math.floor(n / 2) % 2), 7)
      const shown = suppressed(counts, minimum)
      const small = smallIn(counts, minimum)
      if (small.length === 0) continue
      const counted = possible(counts, shown, minimum)
      for (const key of small) {
        const size = counted.get(key)!.size
        if (size < 2) expect(size, `${key} of ${JSON.stringify(counts)} under ${minimum}`).toBe(2)
        checked += 1
      }
    }
    expect(checked).toBeGreaterThan(1000)
  })

  test('from 50,000 tables of any size: what each line hides is nobody, or as many as the minimum', () => {
    const random = seeded(52)
    let shownCells = 0
    let allCells = 0
    for (let n = 0; n < 50_000; n++) {
      const minimum = n % 2 ? 5 : 3
      const [height, width] = [1 + Math.floor(random() * 6), 1 + Math.floor(random() * 7)]
      const counts = randomTable(random, height, width, [6, 30, 200][n % 3]!)
      const { cells, rows, columns } = suppressed(counts, minimum)
      const lines = [
        { total: { kind: 'shown', count: sum(counts.flat()) } as Cell, line: rows },
        { total: { kind: 'shown', count: sum(counts.flat()) } as Cell, line: columns },
        ...rows.map((total, r) => ({ total, line: cells[r]! })),
        ...columns.map((total, c) => ({ total, line: cells.map((row) => row[c]!) }))
      ]
      for (const { total, line } of lines) {
        const tooSmall = line.filter((cell) => cell.kind === 'shown' && cell.count < minimum)
        if (tooSmall.length > 0) expect(tooSmall, JSON.stringify(counts)).toEqual([])
        if (total.kind !== 'shown' || total.count < minimum) continue
        const held = total.count - sum(line.map((cell) => (cell.kind === 'shown' ? cell.count : 0)))
        if (held > 0 && held < minimum) expect(held, JSON.stringify(counts)).toBe(0)
        // Whoever is hidden alone can be worked out: that must be many.
        const alone = line.filter((cell) => cell.kind !== 'shown')
        if (alone.length === 1 && held > 0 && alone[0]!.kind !== 'withheld') {
          expect(alone, JSON.stringify(counts)).toEqual([])
        }
      }
      shownCells += cells.flat().filter(({ kind }) => kind === 'shown').length
      allCells += counts.flat().filter((count) => count > 0).length
    }
    // It would be easy to protect everybody by showing nothing.
    expect(shownCells / allCells).toBeGreaterThan(0.4)
  }, 120_000)

  test('from tables of the same people that share their rows or their columns, read all together', () => {
    // Of the first of these, something could be worked out when each table was made safe by itself.
    const seeds = [872, 1110, 1190, 1471, 4800, 5624, 5777, 5857, 7118, 7239]
    for (let n = 0; n < 150; n++) seeds.push(n)
    for (const seed of seeds) {
      const { figures, shown } = divided(seeded(seed), 5)
      expect(exposedIn(figures, shown, 5), `seed ${seed}`).toEqual([])
    }
  }, 120_000)
})

/** Some people with a finding, a path, and a part of each of six divisions; how tables tell of them. */
function divided(random: () => number, minimum: number) {
  const people = 5 + Math.floor(random() ** 2 * 100)
  const picker = () => {
    const weights = Array.from({ length: 10 }, () => random() ** 3)
    return (among: number) => {
      let left = random() * sum(weights.slice(0, among))
      const found = weights.slice(0, among).findIndex((weight) => {
        left -= weight
        return left <= 0
      })
      return found === -1 ? among - 1 : found
    }
  }
  const [finding, path] = [picker(), picker()]
  const heights = [1 + Math.floor(random() * 5), 6, 4, 6, 8, 4]
  const parts = heights.map(picker)
  const all = Array.from({ length: people }, () => ({
    finding: finding(7),
    path: path(3),
    parts: heights.map((height, division) => parts[division]!(height))
  }))
  const table = (division: number, width: number, of: 'finding' | 'path') => {
    const counts = Array.from({ length: heights[division]! }, () => Array.from({ length: width }, () => 0))
    for (const one of all) counts[one.parts[division]!]![one[of]]! += 1
    return counts
  }
  const columns = (counts: number[][]) => counts[0]!.map((_, c) => sum(counts.map((row) => row[c]!)))
  const words = { few: `fewer than ${minimum}`, withheld: 'withheld' }
  const marks = (cells: Cell[]): Mark[] =>
    cells.map((cell) => (cell.kind === 'shown' ? `${cell.count}` : words[cell.kind]))
  const divisions = heights.map((_, division) => {
    const [findings, paths] = [table(division, 7, 'finding'), table(division, 3, 'path')]
    const shown = { findings: suppressed(findings, minimum), paths: suppressed(paths, minimum) }
    return { name: `division ${division}`, findings, paths, shown }
  })
  const [first] = divisions
  const figures: Figures<number> = {
    findings: columns(first!.findings),
    paths: columns(first!.paths),
    divisions: divisions.map(({ shown: _, ...counts }) => ({ ...counts, rows: counts.findings.map(sum) }))
  }
  const shown: Figures<Mark> = {
    findings: marks(first!.shown.findings.columns),
    paths: marks(first!.shown.paths.columns),
    divisions: divisions.map(({ name, shown: { findings, paths } }) => ({
      name,
      rows: marks(findings.rows),
      findings: findings.cells.map(marks),
      paths: paths.cells.map(marks)
    }))
  }
  return { figures, shown }
}
