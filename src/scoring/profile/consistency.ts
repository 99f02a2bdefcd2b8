/** How one block was answered on the screen. */
export type BlockRecord = {
  /** Screen positions, 0 to 3, of the statements marked MOST and LEAST. */
  most: number
  least: number | null
  /** Words in the four statements together. */
  words: number
  /** Seconds the block was on the screen; null when unknown. */
  seconds: number | null
}

/** A sign that answers may not describe the person; a reason for a friendly note, never a verdict. */
export type ConsistencyReason = 'no-stable-pattern' | 'same-position' | 'too-fast'

export type Consistency = {
  reasons: ConsistencyReason[]
  /** Whether aggregate statistics should leave the response out; never for the lack of a pattern alone. */
  leaveOut: boolean
}

/** Below this log Bayes factor against blind clicking, 2 of 3 blind clickers and 1 of 10 others fall. */
const STABLE_PATTERN = -1
/** Nobody reads faster than 375 words a minute. */
const SECONDS_PER_WORD = 0.16
const FALSE_ALARM = 0.005

/**
 * Signs of careless answering: no pattern that the model explains better than blind clicking, the same
 * position on the screen too often, or blocks answered faster than they can be read (after Huang et al. 2012).
 *
 * The lack of a pattern alone does not leave a response out of statistics: someone evenly mixed looks the
 * same, and leaving them out would exaggerate how pronounced profiles are.
 */
export function consistency(logBayesFactor: number, blocks: readonly BlockRecord[]): Consistency {
  const careless: ConsistencyReason[] = []
  if (samePosition(blocks)) careless.push('same-position')
  if (tooFast(blocks)) careless.push('too-fast')
  const unstable = logBayesFactor < STABLE_PATTERN
  return {
    reasons: unstable ? ['no-stable-pattern', ...careless] : careless,
    leaveOut: careless.length > 0
  }
}

function samePosition(blocks: readonly BlockRecord[]): boolean {
  return [blocks.map(({ most }) => most), blocks.map(({ least }) => least)].some((marked) => {
    const positions = marked.filter((position) => position !== null)
    const times = [0, 1, 2, 3].map((position) => positions.filter((marked) => marked === position).length)
    return Math.max(...times) >= tooOftenIn(positions.length)
  })
}

/**
 * The number of marks on one position that is too often in `marks` marks: 9 of 12. The smallest k for which
 * any of the eight (position, MOST or LEAST) reaches k by chance in under 0.5 % of takers,
 * 8 P(Binomial(marks, 1/4) ≥ k) < 0.005; more than `marks` where no number is.
 */
export function tooOftenIn(marks: number): number {
  let k = marks + 1
  let tail = 0
  let probability = 0.25 ** marks // P(Binomial = marks), then downwards
  while (k > 0 && 8 * (tail + probability) < FALSE_ALARM) {
    k -= 1
    tail += probability
    probability *= (3 * k) / (marks - k + 1)
  }
  return k
}

function tooFast(blocks: readonly BlockRecord[]): boolean {
  const fast = blocks.filter(({ words, seconds }) => seconds !== null && seconds < SECONDS_PER_WORD * words)
  return blocks.length > 0 && fast.length >= blocks.length / 2
}
