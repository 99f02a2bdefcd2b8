import { type Lean, lean } from './lean.ts'

/** An answer to a path item. */
export type PathAnswer = {
  /** −2 … 2 towards management. */
  x: number
  /** Whether the item asks how one judges one's own contribution. */
  measure: boolean
}

/** The lean scored two ways; null where no item is left. */
export type MeasureSwitch = {
  /** From the items that ask whether one goes by one's own work or by what others achieve. */
  measure: Lean | null
  /** From all the others. */
  rest: Lean | null
}

/**
 * Separates how people judge their own contribution from what they would rather do: someone may measure
 * themselves by the team and still want to make things, or the other way round.
 */
export function measureSwitch(answers: readonly PathAnswer[]): MeasureSwitch {
  const leanOf = (measure: boolean) => {
    const x = answers.filter((answer) => answer.measure === measure).map((answer) => answer.x)
    return x.length === 0 ? null : lean(x)
  }
  return { measure: leanOf(true), rest: leanOf(false) }
}
