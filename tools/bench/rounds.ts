/** What each round found: of ours, and of what it is held against. */
export type Rounds = {
  ours: number[]
  theirs: number[]
  /** Microseconds of processor time for each answer, where that was counted. */
  processor?: { ours: number[]; theirs: number[] }
}

type Sides<Value> = { theirs: () => Promise<Value>; ours: () => Promise<Value> }

/** The two take turns, so that whatever else the machine does slows both down. The first round only warms up. */
export async function alternate<Value>(rounds: number, sides: Sides<Value>) {
  const found = { ours: [] as Value[], theirs: [] as Value[] }
  for (let round = -1; round < rounds; round++) {
    for (const side of ['theirs', 'ours'] as const) {
      const value = await sides[side]()
      if (round >= 0) found[side].push(value)
    }
  }
  return found
}
