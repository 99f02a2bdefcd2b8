import { exp, log } from '../numerics/elementary.ts'
import type { Column, Nodes } from '../numerics/orthant-nodes.ts'

/** A duel as the likelihood sees it: who won, and by how much d the winner's statement was ahead. */
export type Bout = { winner: number; loser: number; advantage: number }

/** Adds weight × Σ log P(winner beats loser) to `logs`, which has one entry per node. */
export type AddBouts = (logs: Column, bouts: readonly Bout[], weight: number) => void

/** Keeps the product of odds, each at most e^(reach + 40), below the largest double for any reach in use. */
const BOUTS_AT_ONCE = 8

/**
 * P(i beats j) = 1 / (1 + exp(−(u_i − u_j + advantage))) at fixed nodes.
 *
 * At every node u_i − u_j is a difference of two of a few distances. So the odds of all bouts between two
 * archetypes are multiplied in a small table over the pairs of distances, and the table is then read out
 * once per node.
 */
export function boutsAt({ count, distance, level }: Nodes): AddBouts {
  const side = distance.length
  const worth = distance.map(exp)
  const table = new Float64Array(side * side)

  /** Bouts between archetypes i and j; the table's rows are levels of i, its columns levels of j. */
  function addBetween(logs: Column, i: number, j: number, bouts: readonly Bout[], weight: number): void {
    table.fill(1)
    for (const { winner, advantage } of bouts) {
      const handicap = exp(-advantage)
      for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column++) {
          // exp(u_loser − u_winner), from the distances below the top
          const ratio = winner === i ? worth[row]! / worth[column]! : worth[column]! / worth[row]!
          table[row * side + column]! *= 1 + handicap * ratio
        }
      }
    }
    for (let cell = 0; cell < table.length; cell++) table[cell] = weight * log(table[cell]!)
    const [rows, columns] = [level[i]!, level[j]!]
    for (let r = 0; r < count; r++) logs[r] = logs[r]! - table[rows[r]! * side + columns[r]!]!
  }

  return (logs, bouts, weight) => {
    for (let i = 0; i < 4; i++) {
      for (let j = i + 1; j < 4; j++) {
        const between = bouts.filter(
          ({ winner, loser }) => Math.min(winner, loser) === i && Math.max(winner, loser) === j
        )
        for (let first = 0; first < between.length; first += BOUTS_AT_ONCE) {
          addBetween(logs, i, j, between.slice(first, first + BOUTS_AT_ONCE), weight)
        }
      }
    }
  }
}
