import type { Quad } from '../../src/scoring/numerics/quad.ts'
import type { Response } from '../../src/scoring/profile/response.ts'

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
  for (const { point, density } of cloud) {
    const worth = worthAt(point)
    const all = worth[0] + worth[1] + worth[2] + worth[3]
    for (let a = 0; a < 4; a++) share[a]! += ((density / total) * worth[a]!) / all
  }
  const fine = firstShares(cloud)
  const coarse = firstShares(cloud.filter(({ point }) => stepsTo(point).every((k) => k % 2 === 0)))
  const first = fine.map((p, a) => (4 * p - coarse[a]!) / 3)
  return { first, share, logEvidence: Math.log(total * (H ** 3 / 2)) }
}

type Heavy = { point: number; density: number }

const H = 0.25
/** The lattice ends at differences of 12 between two utilities. */
const END = 48
const SIDE = 2 * END + 3
/** A point is one number, as there are so many: the place of n_1, n_2 and n_3 in a cube with a margin. */
const MIDDLE = (END + 1) * (SIDE ** 2 + SIDE + 1)
/** To the eight nearest points: one utility up or down, n_4 included. */
const STEPS = [SIDE ** 2, SIDE, 1, SIDE ** 2 + SIDE + 1].flatMap((step) => [step, -step])
const GROWTH = Array.from({ length: SIDE }, (_, index) => Math.exp(H * (index - END - 1)))
const visited = new Uint8Array(SIDE ** 3)

/** n_1, n_2 and n_3. */
function stepsTo(point: number): [number, number, number] {
  const plane = Math.floor(point / SIDE)
  return [Math.floor(plane / SIDE) - END - 1, (plane % SIDE) - END - 1, (point % SIDE) - END - 1]
}

/** e^u of each archetype, but for a factor of all four, which goes wherever they are compared. */
function worthAt(point: number): Quad {
  const [i, j, k] = stepsTo(point)
  return [GROWTH[i + END + 1]!, GROWTH[j + END + 1]!, GROWTH[k + END + 1]!, 1]
}

/** Prior density times likelihood, as a function of the point. */
function jointDensity(responses: readonly Response[], attractiveness?: readonly Quad[]) {
  const attraction = (attractiveness ?? [[0, 0, 0, 0]]).map((d) => d.map(Math.exp))
  const chances = attraction.map(() => new Float64Array(20))

  return (point: number): number => {
    const [i, j, k] = stepsTo(point)
    if (Math.max(Math.abs(i), Math.abs(j), Math.abs(k)) > END) return 0
    const worth = worthAt(point)
    for (let block = 0; block < attraction.length; block++) {
      fillChances(chances[block]!, worth, attraction[block]!)
    }
    let density = priorDensity(H ** 2 * (i * i + j * j + k * k - (i + j + k) ** 2 / 4))
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

/** By the sum of the squares of the four utilities. */
function priorDensity(square: number): number {
  return (
    (0.25 * Math.exp(-square / 0.5)) / (2 * Math.PI * 0.25) ** 1.5 +
    (0.5 * Math.exp(-square / 2)) / (2 * Math.PI) ** 1.5 +
    (0.25 * Math.exp(-square / 8)) / (2 * Math.PI * 4) ** 1.5
  )
}

/** chance[5 most + least] of every answer to a block, and chance[5 most + 4] of MOST alone. */
function fillChances(chance: Float64Array, worth: readonly number[], attraction: readonly number[]): void {
  const e = [
    worth[0]! * attraction[0]!,
    worth[1]! * attraction[1]!,
    worth[2]! * attraction[2]!,
    worth[3]! * attraction[3]!
  ]
  const all = e[0]! + e[1]! + e[2]! + e[3]!
  for (let most = 0; most < 4; most++) {
    chance[5 * most + 4] = e[most]! / all
    let left = 0
    for (let k = 0; k < 4; k++) if (k !== most) left += 1 / e[k]!
    for (let least = 0; least < 4; least++) chance[5 * most + least] = e[most]! / all / e[least]! / left
  }
}

function heavyPoints(densityAt: (point: number) => number): Heavy[] {
  const top = climb(densityAt)
  visited.fill(0)
  visited[top.point] = 1
  const heavy = [top]
  // What is found is visited in its turn.
  for (const { point } of heavy) {
    for (const step of STEPS) {
      const next = point + step
      if (visited[next]) continue
      visited[next] = 1
      const density = densityAt(next)
      if (density > 1e-5 * top.density) heavy.push({ point: next, density })
    }
  }
  return heavy
}

function climb(densityAt: (point: number) => number): Heavy {
  let point = MIDDLE
  let density = densityAt(point)
  for (;;) {
    const better = STEPS.find((step) => densityAt(point + step) > density)
    if (!better) return { point, density }
    point += better
    density = densityAt(point)
  }
}

/** Mass of each archetype's cone; points on a border belong to the tied archetypes in equal parts. */
function firstShares(points: readonly Heavy[]): number[] {
  const mass = [0, 0, 0, 0]
  for (const { point, density } of points) {
    const [i, j, k] = stepsTo(point)
    const best = Math.max(i, j, k, 0)
    const first = [i === best, j === best, k === best, best === 0]
    const tied = Number(first[0]) + Number(first[1]) + Number(first[2]) + Number(first[3])
    for (let a = 0; a < 4; a++) if (first[a]) mass[a]! += density / tied
  }
  const total = mass.reduce((sum, value) => sum + value, 0)
  return mass.map((value) => value / total)
}
