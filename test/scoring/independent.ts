import type { Quad } from '../../src/scoring/quad.ts'
import type { Response } from '../../src/scoring/response.ts'

/**
 * The profile by another method, written from the formulas alone, to check the engine against.
 *
 * The utilities run over a body-centred cubic lattice of the sum-zero plane, u = h (n − mean n) for whole
 * n_1, n_2, n_3 and n_4 = 0, each point standing for a volume of h³/2. Likelihoods are plain products of
 * probabilities. Sums over a lattice are as good as exact for smooth integrands; P(first) has an edge where
 * archetypes tie, so its error is of order h² and one step of Richardson extrapolation removes it.
 *
 * Only points that carry weight are visited: from the most probable one outwards to a hundred-thousandth of it.
 */
export function independentProfile(responses: readonly Response[], attractiveness?: readonly Quad[]) {
  const cloud = heavyPoints(jointDensity(responses, attractiveness))
  const total = cloud.reduce((sum, { density }) => sum + density, 0)
  const share = [0, 0, 0, 0]
  for (const { n, density } of cloud) {
    const worth = utilityAt(n).map(Math.exp)
    const all = worth.reduce((sum, value) => sum + value, 0)
    for (let a = 0; a < 4; a++) share[a]! += ((density / total) * worth[a]!) / all
  }
  const fine = firstShares(cloud)
  const coarse = firstShares(cloud.filter(({ n }) => n.every((k) => k % 2 === 0)))
  const first = fine.map((p, a) => (4 * p - coarse[a]!) / 3)
  return { first, share, logEvidence: Math.log(total * (H ** 3 / 2)) }
}

type Point = readonly [number, number, number]
type Heavy = { n: Point; density: number }

const H = 0.25
/** The lattice ends at differences of 12 between two utilities. */
const END = 48
const SIDE = 2 * END + 1
const visited = new Uint8Array(SIDE ** 3)

function utilityAt([i, j, k]: Point): number[] {
  const mean = (H * (i + j + k)) / 4
  return [H * i - mean, H * j - mean, H * k - mean, -mean]
}

/** Prior density times likelihood, as a function of the point. */
function jointDensity(responses: readonly Response[], attractiveness?: readonly Quad[]) {
  const attraction = (attractiveness ?? [[0, 0, 0, 0]]).map((d) => d.map(Math.exp))
  const chances = attraction.map(() => new Float64Array(20))

  return (n: Point): number => {
    const u = utilityAt(n)
    const worth = u.map(Math.exp)
    for (let block = 0; block < attraction.length; block++) {
      fillChances(chances[block]!, worth, attraction[block]!)
    }
    let density = priorDensity(u)
    for (const { choices, duels = [], weight = 1 } of responses) {
      let likelihood = 1
      for (let block = 0; block < choices.length; block++) {
        const choice = choices[block]
        const chance = chances[attractiveness ? block : 0]!
        if (choice) likelihood *= chance[5 * choice.most + (choice.least ?? 4)]!
      }
      for (const { winner, loser } of duels) {
        const forWinner = worth[winner.archetype]! * (attraction[winner.block]?.[winner.archetype] ?? 1)
        const forLoser = worth[loser.archetype]! * (attraction[loser.block]?.[loser.archetype] ?? 1)
        likelihood *= forWinner / (forWinner + forLoser)
      }
      density *= weight === 1 ? likelihood : likelihood ** weight
    }
    return density
  }
}

function priorDensity(u: readonly number[]): number {
  const square = u.reduce((sum, value) => sum + value * value, 0)
  return (
    (0.25 * Math.exp(-square / 0.5)) / (2 * Math.PI * 0.25) ** 1.5 +
    (0.5 * Math.exp(-square / 2)) / (2 * Math.PI) ** 1.5 +
    (0.25 * Math.exp(-square / 8)) / (2 * Math.PI * 4) ** 1.5
  )
}

/** chance[5 most + least] of every answer to a block, and chance[5 most + 4] of MOST alone. */
function fillChances(chance: Float64Array, worth: readonly number[], attraction: readonly number[]): void {
  const e = worth.map((value, a) => value * attraction[a]!)
  const all = e[0]! + e[1]! + e[2]! + e[3]!
  for (let most = 0; most < 4; most++) {
    chance[5 * most + 4] = e[most]! / all
    let left = 0
    for (let k = 0; k < 4; k++) if (k !== most) left += 1 / e[k]!
    for (let least = 0; least < 4; least++) chance[5 * most + least] = e[most]! / all / e[least]! / left
  }
}

function heavyPoints(densityAt: (n: Point) => number): Heavy[] {
  const [top, highest] = climb(densityAt)
  visited.fill(0)
  mark(top)
  const heavy: Heavy[] = [{ n: top, density: highest }]
  for (let i = 0; i < heavy.length; i++) {
    for (const n of neighbours(heavy[i]!.n)) {
      if (n.some((k) => Math.abs(k) > END) || !mark(n)) continue
      const density = densityAt(n)
      if (density > 1e-5 * highest) heavy.push({ n, density })
    }
  }
  return heavy
}

function climb(densityAt: (n: Point) => number): [Point, number] {
  let at: Point = [0, 0, 0]
  let density = densityAt(at)
  for (;;) {
    const better = neighbours(at).find((n) => densityAt(n) > density)
    if (!better) return [at, density]
    at = better
    density = densityAt(at)
  }
}

/** The eight nearest points of the lattice: one utility up or down, n_4 included. */
function neighbours([i, j, k]: Point): Point[] {
  return [
    [i + 1, j, k],
    [i - 1, j, k],
    [i, j + 1, k],
    [i, j - 1, k],
    [i, j, k + 1],
    [i, j, k - 1],
    [i + 1, j + 1, k + 1],
    [i - 1, j - 1, k - 1]
  ]
}

/** Marks a point as visited; false if it was already. */
function mark([i, j, k]: Point): boolean {
  const index = (i + END) * SIDE * SIDE + (j + END) * SIDE + k + END
  if (visited[index]) return false
  visited[index] = 1
  return true
}

/** Mass of each archetype's cone; points on a border belong to the tied archetypes in equal parts. */
function firstShares(points: readonly Heavy[]): number[] {
  const mass = [0, 0, 0, 0]
  for (const { n, density } of points) {
    const levels = [...n, 0]
    const best = Math.max(...levels)
    const tied = levels.filter((level) => level === best).length
    for (let a = 0; a < 4; a++) if (levels[a] === best) mass[a]! += density / tied
  }
  const total = mass.reduce((sum, value) => sum + value, 0)
  return mass.map((value) => value / total)
}
