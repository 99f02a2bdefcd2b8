import { type Answers, type Arrangement, arrange, type BlockAnswer, combined } from '../answers.ts'
import { archetypes, type Questionnaire, type Statement } from '../schema.ts'
import type { Finding } from './finding.ts'

/** What the simulation needs of the scoring, which is passed in: content knows nothing of it. */
export type Score = (
  questionnaire: Questionnaire,
  answered: { answers: Answers; arrangement: Arrangement; seconds: Record<string, number> }
) => {
  profile: { first: readonly number[] }
  leading: { kind: string; archetypes: readonly number[] }
  lean: { verdict: string }
}

/** How many takers answer at random, and how many always mark the same two places of the screen. */
export type Takers = { random: number; samePlaces: number }
export const takers: Takers = { random: 1000, samePlaces: 1000 }

const seed = 20261123
/** Standard errors that chance explains: each version is compared some seventy times, and none may fail by luck. */
const errors = 4

/** One comparison: in how many of n takers something happened that chance brings about in `expected` of them. */
type Share = { of: string; count: number; n: number; expected: number; path: PropertyKey[] }

const marginOf = ({ n, expected }: Share) => errors * Math.sqrt((expected * (1 - expected)) / n)

export type Balance = ReturnType<typeof balanceOf>

/**
 * Simulated takers go through the real arrangement and the real scoring. Those who do not read must be told no
 * archetype first more often than chance, from whichever block or place of the screen; and whoever answers for one
 * archetype, or for two in turn, must be told just that.
 */
export function balanceOf(questionnaire: Questionnaire, score: Score, { random, samePlaces }: Takers) {
  const simulate = simulation(questionnaire, score)
  const { clickers, straight } = simulate.careless(random, samePlaces)
  const overall = [
    { name: 'at random', shares: sharesOf(clickers, 'takers who answer at random') },
    { name: 'same places', shares: sharesOf(straight, 'takers who always mark the same places') }
  ]
  const places = [0, 1, 2, 3].flatMap((place) =>
    sharesOf(
      straight.filter(({ most }) => most === place),
      `takers who mark place ${place + 1} Most`
    )
  )
  const shares = [
    ...overall.flatMap(({ shares }) => shares),
    ...places,
    ...sharesOfBlocks(clickers, questionnaire)
  ]
  const file = `questionnaires/${questionnaire.version}/blocks.yaml`
  const faults: Finding[] = [
    ...shares
      .filter(isBeyondChance)
      .map((share) => ({ file, path: share.path, reason: beyondChance(share) })),
    ...simulate.unreached().map((reason) => ({ file, path: [], reason })),
    ...simulate.leaning().map((reason) => ({
      file: `questionnaires/${questionnaire.version}/path.yaml`,
      path: ['lean'],
      reason
    }))
  ]
  return { overall: overall.map(({ name, shares }) => ({ name, ...percentages(shares) })), faults }
}

function isBeyondChance(share: Share): boolean {
  return share.n > 0 && Math.abs(share.count / share.n - share.expected) > marginOf(share)
}

function beyondChance(share: Share): string {
  const { of, count, n, expected } = share
  const percent = (value: number) => (value * 100).toFixed(1)
  return `${of}: ${percent(count / n)} % of ${n}, where chance gives ${percent(expected)} ± ${percent(marginOf(share))} %`
}

function percentages(shares: Share[]) {
  const [share] = shares as [Share]
  return {
    n: share.n,
    margin: marginOf(share) * 100,
    percent: shares.map(({ count, n }) => (n === 0 ? 0 : (count / n) * 100))
  }
}

/** What one simulated taker did, and which archetype came first: several where they are level. */
type Outcome = { first: number[]; most: number; marked: Map<string, number> }

/** In how many of these outcomes an archetype came first; where two are level, half of one for each. */
function wins(outcomes: Outcome[], archetype: number): number {
  return outcomes.reduce((sum, { first }) => sum + (first.includes(archetype) ? 1 / first.length : 0), 0)
}

/** P(first) is exact to about 1e-4, so its last bits decide nothing. */
const rounding = 1e-9

/** How often each archetype came first among these takers. */
function sharesOf(outcomes: Outcome[], who: string): Share[] {
  return archetypes.map((archetype, a) => ({
    of: `${archetype} comes first among ${who}`,
    count: wins(outcomes, a),
    n: outcomes.length,
    expected: 1 / archetypes.length,
    path: []
  }))
}

/** How often the archetype that was marked Most in a block came first: as often as in all other blocks. */
function sharesOfBlocks(outcomes: Outcome[], { blocks }: Questionnaire): Share[] {
  const cells = blocks.flatMap(({ id }, b) =>
    archetypes.map((archetype, a) => {
      const marked = outcomes.filter((outcome) => outcome.marked.get(id) === a)
      const count = wins(marked, a)
      return {
        of: `${archetype} comes first after being marked Most in “${id}”`,
        count,
        n: marked.length,
        path: [b]
      }
    })
  )
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const expected = sum(cells.map(({ count }) => count)) / Math.max(1, sum(cells.map(({ n }) => n)))
  return cells.map((cell) => ({ ...cell, expected }))
}

type Mark = (shown: Statement[], block: number) => [most: Statement | undefined, least: Statement | undefined]

function simulation(questionnaire: Questionnaire, score: Score) {
  const { blocks, lean, hybrid } = questionnaire
  const random = seeded(seed)
  const below = (n: number) => Math.floor(random() * n)

  function taken(mark: Mark, point = 3) {
    const arrangement = arrange(questionnaire, random)
    const marks = arrangement.map(({ block, statements }): [string, BlockAnswer] => {
      const { id, statements: authored } = blocks[block]!
      const [most, least] = mark(
        statements.map((index) => authored[index]!),
        block
      )
      return [id, { most: most!.id, least: least!.id }]
    })
    const answers = combined([
      {
        blocks: Object.fromEntries(marks),
        items: Object.fromEntries([...lean, ...hybrid].map(({ id }) => [id, point]))
      }
    ])
    return { answers, scores: score(questionnaire, { answers, arrangement, seconds: {} }) }
  }

  const archetypeOf = new Map(
    blocks.flatMap(({ statements }) =>
      statements.map(({ id, archetype }) => [id, archetypes.indexOf(archetype)])
    )
  )

  function outcome(mark: Mark, most: number): Outcome {
    const { answers, scores } = taken(mark)
    const marked = Object.entries(answers.blocks).map(
      ([id, block]) => [id, archetypeOf.get(block.most) as number] as const
    )
    const highest = Math.max(...scores.profile.first)
    const first = archetypes.map((_, a) => a).filter((a) => scores.profile.first[a]! > highest - rounding)
    return { first, most, marked: new Map(marked) }
  }

  /** Marks place `most`, and the place that is `further` after it, in every block. */
  const places = (most: number, further: number): Mark => {
    return (shown) => [shown[most], shown[(most + further) % 4]]
  }

  /** Marks one of these archetypes Most after the other, and the others Least in turn. */
  function loyalTo(chosen: readonly number[]): Mark {
    const others = archetypes.map((_, a) => a).filter((a) => !chosen.includes(a))
    return (shown, block) => {
      const of = (list: readonly number[]) =>
        shown.find(({ archetype }) => archetype === archetypes[list[block % list.length]!])
      return [of(chosen), of(others)]
    }
  }

  return {
    careless(clicking: number, samePlaces: number) {
      return {
        clickers: Array.from({ length: clicking }, () =>
          outcome((shown, block) => places(below(4), 1 + below(3))(shown, block), 0)
        ),
        straight: Array.from({ length: samePlaces }, (_, taker) => {
          const most = taker % 4
          return outcome(places(most, 1 + (Math.floor(taker / 4) % 3)), most)
        })
      }
    },

    /** The archetypes and pairs of archetypes that nobody can be told. */
    unreached(): string[] {
      const indices = archetypes.map((_, a) => a)
      const pairs = indices.flatMap((a) => indices.slice(a + 1).map((b) => [a, b]))
      return [...indices.map((a) => [a]), ...pairs].flatMap((wanted) => {
        const { leading } = taken(loyalTo(wanted)).scores
        const told = [...leading.archetypes].sort()
        const names = (list: readonly number[]) => list.map((a) => archetypes[a]).join(' and ')
        const reached =
          told.join() === wanted.join() && leading.kind === (wanted.length === 1 ? 'single' : 'blend')
        return reached ? [] : [`who answers for ${names(wanted)} is told ${names(told)} (${leading.kind})`]
      })
    },

    /** Whoever marks the same point of all path items leans nowhere. */
    leaning(): string[] {
      return [1, 3, 5].flatMap((point) => {
        const { verdict } = taken(places(0, 1), point).scores.lean
        return verdict === 'balanced' ? [] : [`who always marks point ${point} is told ${verdict}`]
      })
    }
  }
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
