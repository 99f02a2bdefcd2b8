import type { Quad } from '../../src/scoring/numerics/quad.ts'
import golden from './golden.json' with { type: 'json' }

/**
 * Golden vectors, each found by three independent methods: Gauss–Legendre on much finer nodes, a lattice
 * with Richardson extrapolation, and a Metropolis sampler; for changes, Monte Carlo over the joint prior.
 */
export type GoldenProfile = {
  id: string
  answers: string
  duels?: string
  d?: Quad[]
  weight?: number
  prior: 'mixture' | 's=1'
  pTop: Quad
  u: Quad
  share: Quad
  /** 80 % ranges: exact, and by Cornish–Fisher on production nodes. */
  share80exact: [number, number][]
  share80prod: [number, number][]
  logEvidence: number
  logBF: number
  /** Leading set, such as 'AR' or 'SO+TL', or 'open'. */
  verdict: string
}

export type GoldenChange = {
  id: string
  take1: string
  take2: string
  logBF10: number
  pChange_prior03: number
  top2: Quad
}

export type GoldenLean = {
  id: string
  /** Points 1 to 5; every second item is keyed the other way round. */
  raw: number[]
  oriented: number[]
  L: number
  se: number
  lo80: number
  hi80: number
  pMgmt: number
}

const vectors = golden as unknown as object[]

export const goldenProfiles = vectors.filter((vector) => 'answers' in vector) as GoldenProfile[]
export const goldenChanges = vectors.filter((vector) => 'take2' in vector) as GoldenChange[]
export const goldenLeans = vectors.filter((vector) => 'raw' in vector) as GoldenLean[]

/** The golden profile whose name begins with this id. */
export function goldenProfile(id: string): GoldenProfile {
  const found = goldenProfiles.find((vector) => vector.id.split(' ')[0] === id)
  if (!found) throw new Error(`No golden vector ${id}`)
  return found
}
