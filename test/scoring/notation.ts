import type { Choice, Duel, Response } from '../../src/scoring/profile/response.ts'

const ARCHETYPES = ['TL', 'AR', 'SO', 'RH']

/** Reads 'AR>RH SO>TL …': MOST Architect and LEAST Right Hand in the first block, and so on. */
export function choices(text: string): Choice[] {
  return pairs(text).map(([most, least]) => ({ most, least }))
}

/** Reads 'SO>TL …': the Solver's statement beat the Tech Lead's, and so on. */
export function duels(text: string): Duel[] {
  return pairs(text).map(([winner, loser]) => ({
    winner: { block: 0, archetype: winner },
    loser: { block: 1, archetype: loser }
  }))
}

/** A response by someone who answered these blocks and nothing else. */
export function answers(text: string): Response {
  return { choices: choices(text) }
}

function pairs(text: string): [number, number][] {
  return text.split(' ').map((pair) => {
    const [first, second] = pair.split('>').map((name) => ARCHETYPES.indexOf(name))
    if (first === undefined || second === undefined) throw new Error(`Not a pair: ${pair}`)
    return [first, second]
  })
}

/** Index of an archetype from its two letters. */
export function archetype(name: string): number {
  return ARCHETYPES.indexOf(name)
}
