import { exp } from './elementary.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { type Four, four } from './quad.ts'

/**
 * One number for each node. A plain array: V8 keeps it as doubles side by side, as it does a Float64Array, but asks at
 * each access of the latter whether its buffer is still there, once any of the process was given away. Scoring would
 * take a third longer.
 */
export type Column = number[]

export function emptyColumn(count: number): Column {
  return new Array<number>(count).fill(0)
}

/** Fixed integration nodes over the utilities u (u_1 + … + u_4 = 0), ordered by the archetype on top. */
export type Nodes = {
  /** Number of nodes; nodes [a × count/4, (a + 1) × count/4) have archetype a on top. */
  count: number
  /** utility[a][r] is u_a at node r. */
  utility: Four<Column>
  /** Volume each node stands for, in orthonormal coordinates of the sum-zero plane. */
  volume: Column
  /** The few distances below the top archetype that occur, 0 first; u_a = u_top − distance[level[a][r]]. */
  distance: Float64Array
  level: Four<Uint8Array>
}

/**
 * Gauss–Legendre nodes for each of the four cones "archetype a is on top".
 *
 * A cone is the orthant x_b = u_a − u_b ≥ 0 of the other three archetypes b, with u_a = (x_1 + x_2 + x_3)/4,
 * u_b = u_a − x_b and |dz/dx| = 1/2 for orthonormal z. Inside a cone the integrand is smooth, so the
 * rule converges fast; P(first = a) is simply the mass of cone a. Each axis is stretched,
 * x = X (e^v − 1)/(e − 1), which puts more nodes near the border where archetypes tie.
 *
 * @param perAxis nodes per axis n; there are 4 n³ in all
 * @param reach the largest difference X between two utilities that is integrated over
 */
export function orthantNodes(perAxis: number, reach: number): Nodes {
  const rule = gaussLegendre(perAxis)
  const stretch = reach / (exp(1) - 1)
  const x = rule.nodes.map((v) => stretch * (exp(v) - 1))
  const dx = rule.weights.map((weight, i) => weight * stretch * exp(rule.nodes[i]!))

  const count = 4 * perAxis * perAxis * perAxis
  const utility = four(() => emptyColumn(count))
  const level = four(() => new Uint8Array(count))
  const volume = emptyColumn(count)
  let r = 0
  for (const [top, ...others] of CONES) {
    for (let i = 0; i < perAxis; i++) {
      for (let j = 0; j < perAxis; j++) {
        for (let k = 0; k < perAxis; k++, r++) {
          const best = (x[i]! + x[j]! + x[k]!) / 4
          utility[top][r] = best
          utility[others[0]][r] = best - x[i]!
          utility[others[1]][r] = best - x[j]!
          utility[others[2]][r] = best - x[k]!
          level[others[0]][r] = i + 1
          level[others[1]][r] = j + 1
          level[others[2]][r] = k + 1
          volume[r] = (dx[i]! * dx[j]! * dx[k]!) / 2
        }
      }
    }
  }
  return { count, utility, volume, distance: Float64Array.of(0, ...x), level }
}

const CONES = [
  [0, 1, 2, 3],
  [1, 0, 2, 3],
  [2, 0, 1, 3],
  [3, 0, 1, 2]
] as const
