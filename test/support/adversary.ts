/**
 * Somebody who works out what admins are not shown, independently of src/statistics/suppression.ts.
 *
 * They see tables that all divide the same people: by part (a month or a group) and by the answer to each optional
 * question; each by finding and by path. So the tables of one division share the totals of their rows, and all tables
 * share the totals of their columns. They know the number of people, every number that is shown, that "few" is below
 * the minimum and that "withheld" is not, unless everything of that table is withheld.
 *
 * A number is safe if there are other whole numbers for everything hidden, different in that place, which fit all
 * that is shown on ALL pages at once (and so on every two of them). With the totals of the columns given, the two tables
 * of a division are a flow: finding → row → path, each edge between what is known of it; whole flows are found by
 * augmenting paths. Which totals of columns to try is enumerated, those nearest to the truth first. Nothing is taken for
 * safe without such other numbers; what has none within reach is called exposed, even if there might be some further
 * away.
 */

/** Numbers, or what is shown of them, of everybody and of each division of everybody. */
export type Figures<Value> = {
  findings: Value[]
  paths: Value[]
  divisions: { name: string; rows: Value[]; findings: Value[][]; paths: Value[][] }[]
}

/** As a page prints it: a number, or words in its place. */
export type Mark = string

type Range = { low: number; high: number }
type Edge = Range & { name: string; from: string; to: string; count: number }
/** By how much the totals of some columns differ from the truth. */
type Change = Map<string, number>

const furthest = 6
const mostChanges = 4000

/** The names of the numbers from 1 up to the minimum, without it, that a reader can know for certain. */
export function exposedIn(truth: Figures<number>, shown: Figures<Mark>, minimum: number): string[] {
  const people = sum(truth.findings)
  const rangesOf = (marks: Mark[]) => {
    const least = marks.every((mark) => mark === 'withheld') ? 0 : minimum
    return marks.map((mark): Range => {
      if (mark === 'withheld') return { low: least, high: people }
      if (mark.startsWith('fewer')) return { low: 0, high: minimum - 1 }
      return { low: Number(mark), high: Number(mark) }
    })
  }
  const columns = [
    ...rangesOf(shown.findings).map((range, f) => ({
      ...range,
      name: `finding ${f}`,
      count: truth.findings[f]!
    })),
    ...rangesOf(shown.paths).map((range, p) => ({ ...range, name: `path ${p}`, count: truth.paths[p]! }))
  ]
  const divisions = shown.divisions.map((division, d) => {
    const counts = truth.divisions[d]!
    const edges: Edge[] = rangesOf(division.rows).map((range, r) => ({
      ...range,
      name: `${division.name} ${r}`,
      from: `in ${r}`,
      to: `out ${r}`,
      count: counts.rows[r]!
    }))
    for (const kind of ['findings', 'paths'] as const) {
      const width = shown[kind].length
      edges.push(
        ...rangesOf(division[kind].flat()).map((range, index): Edge => {
          const [r, c] = [Math.floor(index / width), index % width]
          const ends =
            kind === 'findings'
              ? { from: `finding ${c}`, to: `in ${r}` }
              : { from: `out ${r}`, to: `path ${c}` }
          return {
            ...range,
            ...ends,
            name: `${division.name} ${r}, ${kind} ${c}`,
            count: counts[kind][r]![c]!
          }
        })
      )
    }
    return edges
  })
  for (const { name, low, high, count } of [...columns, ...divisions.flat()]) {
    if (count < low || count > high) throw new Error(`What is shown of ${name} is not true of ${count}`)
  }

  const isSmall = ({ count }: { count: number }) => count > 0 && count < minimum
  // A division into one is the number of all people, which is no secret.
  let certain: { name: string; count: number; canDiffer: (change: Change) => boolean }[] = [
    ...columns.map((column) => ({ ...column, canDiffer: (change: Change) => change.has(column.name) })),
    ...divisions.flatMap((edges, d) =>
      edges
        .filter((edge) => truth.divisions[d]!.rows.length > 1 || !edge.from.startsWith('in'))
        .map((edge) => ({
          ...edge,
          canDiffer: (change: Change) =>
            ([1, -1] as const).some((sign) => fits(edges, change, { edge, sign }))
        }))
    )
  ].filter(isSmall)
  for (const change of changesOf(columns)) {
    if (certain.length === 0) break
    if (!divisions.every((edges) => fits(edges, change))) continue
    certain = certain.filter(({ canDiffer }) => !canDiffer(change))
  }
  return certain.map(({ name, count }) => `${name}: ${count}`)
}

/** No change, and then the others within reach, those of the fewest people first. */
function changesOf(columns: (Range & { name: string; count: number })[]): Change[] {
  const within = (prefix: string) => {
    const found: Change[] = []
    const hidden = columns.filter(({ name, low, high }) => name.startsWith(prefix) && low < high)
    /** `left` is by how many people the others have to differ, and `balance` by how many more than less. */
    function choose(index: number, change: Change, left: number, balance: number): void {
      if (found.length > mostChanges || Math.abs(balance) > left) return
      const column = hidden[index]
      if (!column) {
        if (left === 0) found.push(change)
        return
      }
      for (let by = -left; by <= left; by++) {
        if (column.count + by < column.low || column.count + by > column.high) continue
        const next = by === 0 ? change : new Map([...change, [column.name, by]])
        choose(index + 1, next, left - Math.abs(by), balance + by)
      }
    }
    for (let people = 0; people <= furthest; people += 2) choose(0, new Map(), people, 0)
    return found
  }
  const size = (change: Change) => sum([...change.values()].map(Math.abs))
  return within('finding')
    .flatMap((one) => within('path').map((other): Change => new Map([...one, ...other])))
    .sort((a, b) => size(a) - size(b))
    .slice(0, mostChanges)
}

/** Whether whole numbers fit the edges of a division after a change, with the count of one edge raised or lowered. */
function fits(edges: readonly Edge[], change: Change, other?: { edge: Edge; sign: 1 | -1 }): boolean {
  const counts = new Map(edges.map((edge) => [edge, edge.count]))
  const rangeOf = (edge: Edge): Range => {
    if (edge !== other?.edge) return edge
    return other.sign > 0 ? { ...edge, low: edge.count + 1 } : { ...edge, high: edge.count - 1 }
  }
  // What has come into a place and does not leave it.
  const excess = new Map<string, number>()
  const put = (place: string, by: number) => excess.set(place, (excess.get(place) ?? 0) + by)
  for (const [column, by] of change) put(column, column.startsWith('finding') ? by : -by)
  if (other) {
    const { edge, sign } = other
    const { low, high } = rangeOf(edge)
    if (low > high) return false
    counts.set(edge, edge.count + sign)
    put(edge.from, -sign)
    put(edge.to, sign)
  }
  for (;;) {
    const start = [...excess].find(([, left]) => left > 0)?.[0]
    if (start === undefined) return true
    const steps = wayFrom(start, (place) => (excess.get(place) ?? 0) < 0, edges, counts, rangeOf)
    if (!steps) return false
    put(start, -1)
    put(steps.end, 1)
    for (const { edge, by } of steps.way) counts.set(edge, counts.get(edge)! + by)
  }
}

type Step = { edge: Edge; by: 1 | -1; before: string }

/** A way on which one more can flow, or one less against it. */
function wayFrom(
  start: string,
  isEnd: (place: string) => boolean,
  edges: readonly Edge[],
  counts: ReadonlyMap<Edge, number>,
  rangeOf: (edge: Edge) => Range
) {
  const reached = new Map<string, Step | null>([[start, null]])
  for (const [place] of reached) {
    if (isEnd(place)) {
      const way: Step[] = []
      for (let step = reached.get(place); step; step = reached.get(step.before)) way.push(step)
      return { end: place, way }
    }
    for (const edge of edges) {
      const { low, high } = rangeOf(edge)
      const count = counts.get(edge)!
      if (edge.from === place && count < high && !reached.has(edge.to)) {
        reached.set(edge.to, { edge, by: 1, before: place })
      }
      if (edge.to === place && count > low && !reached.has(edge.from)) {
        reached.set(edge.from, { edge, by: -1, before: place })
      }
    }
  }
  return null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
