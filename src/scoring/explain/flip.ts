import { exp } from '../numerics/elementary.ts'
import { type Column, orthantNodes } from '../numerics/orthant-nodes.ts'
import { ARCHETYPE_INDICES, type Four, four, type Quad } from '../numerics/quad.ts'
import { type Answer, answerColumns, answersOf } from '../profile/answer-columns.ts'
import { byProbability } from '../profile/leading.ts'
import { likelihoodAt } from '../profile/likelihood.ts'
import { posteriorAt, SCALE_MIXTURE } from '../profile/posterior.ts'
import type { Profile, ProfileEngine } from '../profile/profile.ts'
import type { Choice, Response } from '../profile/response.ts'

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
/** P(first) is exact to about 1e-4: an archetype that is ahead by less does not stand alone in front. */
const TIE = 1e-4

/**
 * Returns a function that finds the fewest changed answers that put another archetype alone in front: every single
 * change and every pair is tried; where those do not suffice, the change that helps most is made again and again.
 * Among equally small sets it takes the one that puts the other archetype furthest ahead. Null where nothing was
 * answered.
 *
 * Changing an answer multiplies the posterior mass of each node by the ratio of the new answer's likelihood to
 * the old one's, so trying a pair costs one product and one sum over the nodes that carry the posterior. Changes with
 * the same ratio come to the same, so one of them is tried; and of two changes it does not matter which is made first.
 *
 * @param engine the scorer of the questionnaire version
 * @param attractiveness the same that the engine was built with
 */
export function flipFinder(engine: ProfileEngine, attractiveness?: readonly Quad[]) {
  const nodes = orthantNodes(PER_AXIS, REACH)
  const posterior = posteriorAt(nodes, SCALE_MIXTURE)
  const addLogLikelihood = likelihoodAt(nodes, attractiveness)
  const columnsOf = answerColumns(addLogLikelihood, nodes.count, !attractiveness)
  const nodesPerCone = nodes.count / 4

  /** The posterior masses of the nodes that carry it, and where the nodes of each archetype on top begin and end. */
  function carriedBy(response: Response): Carried {
    const { size, node, probability } = posterior((logs) => addLogLikelihood(logs, [response]))
    const indices = node.slice(0, size)
    const cones = [0, 1, 2, 3, 4].map((cone) => {
      const start = indices.findIndex((index) => index >= cone * nodesPerCone)
      return start === -1 ? size : start
    })
    return { indices, masses: probability.slice(0, size), cones }
  }

  /** Every single change, and what it multiplies the masses with: the new answer’s likelihood over the old one’s. */
  function optionsFor(response: Response, { indices }: Carried): Option[] {
    const columnOf = columnsOf()
    const probabilityAt = remembering((column: Column) => indices.map((r) => exp(column[r]!)))
    const optionFor = remembering((before: number[]) =>
      remembering((after: number[]): Option => {
        return { ratio: after.map((probability, i) => probability / before[i]!), changes: [] }
      })
    )
    const probabilityOf = (answer: Answer) => probabilityAt(columnOf(answer))
    const options = answersOf(response).flatMap((answer) =>
      changesOf(answer).map(({ change, after }) => {
        const option = optionFor(probabilityOf(answer))(probabilityOf(after))
        option.changes.push(change)
        return option
      })
    )
    return [...new Set(options)]
  }

  return (response: Response, profile: Pick<Profile, 'first'>): Flip | null => {
    const leader = byProbability(profile.first)[0]
    const carried = carriedBy(response)
    const { masses, cones } = carried
    const options = optionsFor(response, carried)

    /** How far the best of the others is ahead of the leader in P(first). */
    function leadIn(mass: Quad): number {
      const best = Math.max(...ARCHETYPE_INDICES.map((a) => (a === leader ? 0 : mass[a])))
      return (best - mass[leader]) / (mass[0] + mass[1] + mass[2] + mass[3])
    }

    /** The same for each ratio, when it multiplies the masses; with some after the last, as four go together. */
    function leads(masses: number[], ratios: readonly number[][]): number[] {
      const found: number[] = []
      for (let i = 0; i < ratios.length; i += 4) {
        const columns = four((k) => ratios[i + k] ?? masses)
        const sums = four((a) => products(masses, columns, cones[a]!, cones[a + 1]!))
        for (const k of ARCHETYPE_INDICES) found.push(leadIn(four((a) => sums[a][k])))
      }
      return found
    }

    /** What comes of each option that is still open after changes that have left these masses. */
    function candidates(
      masses: number[],
      made: readonly AnswerChange[],
      options: readonly Option[]
    ): Candidate[] {
      const found = leads(
        masses,
        options.map(({ ratio }) => ratio)
      )
      return options.flatMap(({ changes }, i) => {
        const open = changes.find((change) => !made.some((other) => sameAnswer(other, change)))
        return open ? [{ changes: [...made, open], lead: found[i]! }] : []
      })
    }

    /** The candidate that puts another archetype furthest ahead, of those that the engine confirms. */
    function best(candidates: readonly Candidate[], smallest: boolean): Flip | null {
      for (const { changes } of candidates.filter((each) => each.lead > -DOUBT).sort(byLead)) {
        const probability = engine.score(changed(response, changes)).first
        const [first, second] = byProbability(probability)
        const alone = probability[first] - probability[second] > TIE
        if (first !== leader && alone) return { first, changes, smallest }
      }
      return null
    }

    const one = best(candidates(masses, [], options), true)
    if (one) return one

    const pairs = options.flatMap(({ changes: [change], ratio }, i) =>
      candidates(times(masses, ratio), [change!], options.slice(i))
    )
    const two = best(pairs, true)
    if (two) return two

    let changes = pairs.sort(byLead)[0]?.changes ?? []
    for (;;) {
      const soFar = changes.reduce(
        (product, change) => times(product, options.find(({ changes }) => changes.includes(change))!.ratio),
        masses
      )
      const more = candidates(soFar, changes, options).sort(byLead)[0]
      if (!more) return null
      changes = more.changes
      const flip = best([more], false)
      if (flip) return flip
    }
  }
}

/** The same function, which is asked only once for each. */
function remembering<From, To>(of: (from: From) => To): (from: From) => To {
  const known = new Map<From, To>()
  return (from) => {
    const found = known.get(from) ?? of(from)
    known.set(from, found)
    return found
  }
}

type Carried = { indices: number[]; masses: number[]; cones: number[] }
/** Changes that mean the same, so that it is enough to try one of them. */
type Option = { ratio: number[]; changes: AnswerChange[] }
type Candidate = { changes: AnswerChange[]; lead: number }

function byLead(one: Candidate, other: Candidate): number {
  return other.lead - one.lead
}

/** Σ masses × column from one node to another, for four columns in one sweep: their sums do not wait for each other. */
function products(masses: number[], [c0, c1, c2, c3]: Four<number[]>, start: number, end: number): Quad {
  let [m0, m1, m2, m3] = [0, 0, 0, 0]
  for (let i = start; i < end; i++) {
    const mass = masses[i]!
    m0 += mass * c0[i]!
    m1 += mass * c1[i]!
    m2 += mass * c2[i]!
    m3 += mass * c3[i]!
  }
  return [m0, m1, m2, m3]
}

function times(one: number[], other: number[]): number[] {
  return one.map((value, i) => value * other[i]!)
}

function sameAnswer(one: AnswerChange, other: AnswerChange): boolean {
  return 'block' in one && 'block' in other
    ? one.block === other.block
    : 'duel' in one && 'duel' in other && one.duel === other.duel
}

/** Every other way to give an answer: a skipped LEAST stays skipped, a duel is turned round. */
function changesOf(answer: Answer): { change: AnswerChange; after: Answer }[] {
  if ('duel' in answer) {
    const { duel, winner, loser } = answer
    return [{ change: { duel }, after: { duel, winner: loser, loser: winner } }]
  }
  const { block, choice } = answer
  return choicesLike(choice)
    .filter(({ most, least }) => most !== choice.most || least !== choice.least)
    .map((to) => ({ change: { block, to }, after: { block, choice: to } }))
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
