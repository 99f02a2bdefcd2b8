import { exp } from './elementary.ts'
import { byProbability } from './leading.ts'
import { likelihoodAt } from './likelihood.ts'
import { orthantNodes } from './orthant-nodes.ts'
import { posteriorAt, SCALE_MIXTURE } from './posterior.ts'
import type { ProfileEngine } from './profile.ts'
import { ARCHETYPE_INDICES, type Quad } from './quad.ts'
import type { Choice, Response } from './response.ts'

/** Another answer to one block, or the other winner of one duel. */
export type AnswerChange = { block: number; to: Choice } | { duel: number }

/** The fewest changed answers that would have put another archetype first. */
export type Flip = {
  /** The archetype that would be first. */
  first: number
  changes: AnswerChange[]
  /** Whether no smaller set does it. Known for one and two changes; three or more are found greedily. */
  smallest: boolean
}

/** Nodes for the search; what it finds is confirmed on the engine's own nodes. */
const PER_AXIS = 10
const REACH = 9
/** More than twice the largest error of P(first) on these nodes, 0.002. */
const DOUBT = 0.01

/**
 * Returns a function that finds the fewest changed answers that flip the first place: every single change and
 * every pair is tried; where those do not suffice, the change that helps most is made again and again. Among
 * equally small sets it takes the one that puts the other archetype furthest ahead. Null where
 * nothing was answered.
 *
 * Changing answers multiplies the posterior mass of each node by the ratio of the new answers' likelihood to
 * the old ones', so trying a pair costs one product and one sum over the nodes.
 *
 * @param engine the scorer of the questionnaire version
 * @param attractiveness the same that the engine was built with
 */
export function flipFinder(engine: ProfileEngine, attractiveness?: readonly Quad[]) {
  const nodes = orthantNodes(PER_AXIS, REACH)
  const posterior = posteriorAt(nodes, SCALE_MIXTURE)
  const addLogLikelihood = likelihoodAt(nodes, attractiveness)
  const nodesPerCone = nodes.count / 4

  /** Posterior mass per node; nodes are ordered by the archetype on top. */
  function massesOf(response: Response): Float64Array {
    const masses = new Float64Array(nodes.count)
    const { size, node, probability } = posterior((logs) => addLogLikelihood(logs, [response]))
    for (let i = 0; i < size; i++) masses[node[i]!] = probability[i]!
    return masses
  }

  /** Every single change, with the likelihood of the new answer over that of the old one, per node. */
  function optionsFor(response: Response): Option[] {
    const before = new Float64Array(nodes.count)
    addLogLikelihood(before, [response])
    return singleChanges(response).map((change) => {
      const after = new Float64Array(nodes.count)
      addLogLikelihood(after, [changed(response, [change])])
      return { change, ratio: after.map((log, r) => exp(log - before[r]!)) }
    })
  }

  /** How far the best of the others is ahead of `leader` in P(first) when the ratio multiplies the masses. */
  function lead(leader: number, masses: Float64Array, ratio: Float64Array): number {
    let leading = 0
    let best = 0
    let total = 0
    for (const a of ARCHETYPE_INDICES) {
      let mass = 0
      const end = (a + 1) * nodesPerCone
      for (let r = a * nodesPerCone; r < end; r++) mass += masses[r]! * ratio[r]!
      total += mass
      if (a === leader) leading = mass
      else best = Math.max(best, mass)
    }
    return (best - leading) / total
  }

  return (response: Response): Flip | null => {
    const firstAfter = (changes: readonly AnswerChange[]) =>
      byProbability(engine.score(changed(response, changes)).first)[0]
    const leader = firstAfter([])
    const options = optionsFor(response)
    const masses = massesOf(response)

    /** The candidate that puts another archetype furthest ahead, of those that the engine confirms. */
    function best(candidates: readonly Candidate[], smallest: boolean): Flip | null {
      for (const { changes } of candidates.filter((each) => each.lead > -DOUBT).sort(byLead)) {
        const first = firstAfter(changes)
        if (first !== leader) return { first, changes, smallest }
      }
      return null
    }

    const singles = options.map(({ change, ratio }) => ({
      changes: [change],
      lead: lead(leader, masses, ratio)
    }))
    const one = best(singles, true)
    if (one) return one

    const pairs = options.flatMap(({ change, ratio }, i) => {
      const changedMasses = times(masses, ratio)
      return options
        .slice(i + 1)
        .filter((other) => !sameAnswer(change, other.change))
        .map((other) => ({
          changes: [change, other.change],
          lead: lead(leader, changedMasses, other.ratio)
        }))
    })
    const two = best(pairs, true)
    if (two) return two

    let changes = pairs.sort(byLead)[0]?.changes ?? []
    for (;;) {
      const soFar = changes.reduce(
        (product, change) => times(product, options.find((option) => option.change === change)!.ratio),
        masses
      )
      const more = options
        .filter(({ change }) => !changes.some((made) => sameAnswer(made, change)))
        .map(({ change, ratio }) => ({ changes: [...changes, change], lead: lead(leader, soFar, ratio) }))
        .sort(byLead)[0]
      if (!more) return null
      changes = more.changes
      const flip = best([more], false)
      if (flip) return flip
    }
  }
}

type Option = { change: AnswerChange; ratio: Float64Array }
type Candidate = { changes: AnswerChange[]; lead: number }

function byLead(one: Candidate, other: Candidate): number {
  return other.lead - one.lead
}

function times(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, r) => value * other[r]!)
}

function sameAnswer(one: AnswerChange, other: AnswerChange): boolean {
  return 'block' in one && 'block' in other
    ? one.block === other.block
    : 'duel' in one && 'duel' in other && one.duel === other.duel
}

/** Every other answer to every answered block (a skipped LEAST stays skipped), and every duel turned round. */
function singleChanges({ choices, duels = [] }: Response): AnswerChange[] {
  const ofBlocks = choices.flatMap((choice, block) => {
    if (choice === null) return []
    return choicesLike(choice)
      .filter(({ most, least }) => most !== choice.most || least !== choice.least)
      .map((to) => ({ block, to }))
  })
  return [...ofBlocks, ...duels.map((_, duel) => ({ duel }))]
}

function choicesLike({ least }: Choice): Choice[] {
  if (least === null) return ARCHETYPE_INDICES.map((most) => ({ most, least }))
  return ARCHETYPE_INDICES.flatMap((most) =>
    ARCHETYPE_INDICES.filter((least) => least !== most).map((least) => ({ most, least }))
  )
}

function changed(response: Response, changes: readonly AnswerChange[]): Response {
  const choices = [...response.choices]
  const duels = [...(response.duels ?? [])]
  for (const change of changes) {
    if ('block' in change) {
      choices[change.block] = change.to
    } else {
      const { winner, loser } = duels[change.duel]!
      duels[change.duel] = { winner: loser, loser: winner }
    }
  }
  return { ...response, choices, duels }
}
