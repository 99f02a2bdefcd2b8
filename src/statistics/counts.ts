/** Whole numbers under names, at any depth. A name that is not there counts as nothing. */
export type Counts = { [name: string]: number | Counts }

/** The sum of two, name by name, or with sign −1 their difference. What comes to nothing is left out. */
export function added(one: Counts, other: Counts, sign: 1 | -1 = 1): Counts {
  const sum: Counts = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const before = sum[name]
    if (typeof value === 'number') {
      const after = (typeof before === 'number' ? before : 0) + sign * value
      if (after === 0) delete sum[name]
      else sum[name] = after
    } else {
      const after = added(typeof before === 'object' ? before : {}, value, sign)
      if (Object.keys(after).length === 0) delete sum[name]
      else sum[name] = after
    }
  }
  return sum
}

/** The number under these names; 0 where there is none. */
export function countAt(counts: Counts, ...names: (string | number)[]): number {
  const found = names.reduce<number | Counts | undefined>(
    (inner, name) => (typeof inner === 'object' ? inner[name] : undefined),
    counts
  )
  return typeof found === 'number' ? found : 0
}

/** A number of people, to the ten below. */
export function about(people: number): number {
  return people - (people % 10)
}
