import type { Quad } from '../../src/scoring/numerics/quad.ts'
import type { Choice, Response } from '../../src/scoring/profile/response.ts'

/** Repeatable random numbers from 0 up to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A standard normal number (Box & Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Utilities that sum to zero, with spread s in every direction. */
export function utilities(random: () => number, s: number): Quad {
  const raw = [0, 1, 2, 3].map(() => s * normal(random))
  const mean = raw.reduce((sum, value) => sum + value, 0) / 4
  return raw.map((value) => value - mean) as unknown as Quad
}

/** How someone with these utilities answers blocks of these attractivenesses: MOST, then LEAST of the rest. */
export function answerBlocks(random: () => number, utility: Quad, attractiveness: readonly Quad[]): Response {
  return { choices: attractiveness.map((d) => answerBlock(random, utility, d)) }
}

/** Blind clicking. */
export function clickBlocks(random: () => number, blocks: number): Response {
  return { choices: Array.from({ length: blocks }, () => answerBlock(random, [0, 0, 0, 0], [0, 0, 0, 0])) }
}

/** Attractiveness with this spread, adding to zero within each block and over each archetype. */
export function attractivenessOf(random: () => number, blocks: number, spread: number): Quad[] {
  const rows = Array.from({ length: blocks }, () => utilities(random, spread))
  const means = [0, 1, 2, 3].map((a) => rows.reduce((sum, d) => sum + d[a]!, 0) / blocks)
  return rows.map((d) => d.map((value, a) => value - means[a]!) as unknown as Quad)
}

function answerBlock(random: () => number, utility: Quad, d: Quad): Choice {
  const v = utility.map((u, a) => u + d[a]!)
  const most = drawn(
    random,
    v.map((value) => Math.exp(value))
  )
  const least = drawn(
    random,
    v.map((value, a) => (a === most ? 0 : Math.exp(-value)))
  )
  return { most, least }
}

function drawn(random: () => number, weights: readonly number[]): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return weights.findLastIndex((weight) => weight > 0)
}
