import { log } from '../../src/scoring/numerics/elementary.ts'

/** The next number of a repeatable stream, from 0 up to, but not including, 1. */
export type Random = () => number

/**
 * A stream of its own for every key of whole numbers, such as (seed, row, questionnaire): the same on every
 * machine, whichever worker runs which part. The generator is sfc32 (Doty-Humphrey, PractRand); the key is
 * mixed in as in MurmurHash3.
 */
export function randomFrom(...key: readonly number[]): Random {
  let hash = 0x9e3779b9
  for (const part of key.flatMap((part) => [part, Math.floor(part / 2 ** 32)])) {
    hash = mixed(Math.imul(hash ^ part, 0x85ebca6b) + 0x6d2b79f5)
  }
  let a = hash
  let b = mixed(hash ^ 0x243f6a88)
  let c = mixed(hash ^ 0x13198a2e)
  let counter = 1
  const next = () => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return (result >>> 0) / 2 ** 32
  }
  for (let warmUp = 0; warmUp < 16; warmUp++) next()
  return next
}

/** A standard normal number, by Marsaglia's polar method: it needs no cosine, so machines agree on every bit. */
export function normal(random: Random): number {
  for (;;) {
    const x = 2 * random() - 1
    const y = 2 * random() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * log(square)) / square)
  }
}

/** A standard Gumbel number, −log(−log U): the highest of utilities with this noise follows the logit rule. */
export function gumbel(random: Random): number {
  return -log(-log(random() + 2 ** -33))
}

/** Index of one of these weights, with a probability in proportion to it. */
export function drawn(random: Random, weights: readonly number[]): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return weights.findLastIndex((weight) => weight > 0)
}

/** The numbers 0 to count − 1 in a random order, by Fisher and Yates. */
export function shuffled(random: Random, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}

/** Spreads every bit of a number over all 32 (MurmurHash3). */
function mixed(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
