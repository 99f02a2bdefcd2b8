/** One value per archetype, in the order tech-lead, architect, solver, right-hand. */
export type Four<T> = readonly [T, T, T, T]

/** One number per archetype. */
export type Quad = Four<number>

/** Index of an archetype in a {@link Quad}: 0 tech-lead, 1 architect, 2 solver, 3 right-hand. */
export type ArchetypeIndex = 0 | 1 | 2 | 3

export const ARCHETYPE_INDICES: Four<ArchetypeIndex> = [0, 1, 2, 3]

/** Builds one value per archetype. */
export function four<T>(value: (archetype: ArchetypeIndex) => T): Four<T> {
  return [value(0), value(1), value(2), value(3)]
}

/** Throws a RangeError unless `value` is the index of an archetype. */
export function assertArchetype(value: number): void {
  if (value !== 0 && value !== 1 && value !== 2 && value !== 3) {
    throw new RangeError(`An archetype is an index from 0 to 3, not ${value}`)
  }
}
