/** A small square matrix, row by row. */
export type Matrix = readonly (readonly number[])[]

/** Inverse of a symmetric positive definite matrix, by Gauss–Jordan elimination (no pivots needed). */
export function inverse(matrix: Matrix): number[][] {
  const size = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = rows[pivot]![pivot]!
    const scaled = rows[pivot]!.map((value) => value / scale)
    rows[pivot] = scaled
    for (let i = 0; i < size; i++) {
      const factor = rows[i]![pivot]!
      if (i !== pivot) rows[i] = rows[i]!.map((value, j) => value - factor * scaled[j]!)
    }
  }
  return rows.map((row) => row.slice(size))
}

export function add(one: Matrix, other: Matrix): number[][] {
  return one.map((row, i) => row.map((value, j) => value + other[i]![j]!))
}

export function multiply(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, j) => sum + value * vector[j]!, 0))
}
