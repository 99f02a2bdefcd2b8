import type { Answers, Arrangement } from '../content/answers.ts'
import type { Questionnaire } from '../content/schema.ts'
import type { Scores } from '../scoring/scores.ts'
import { added, type Counts, countAt } from './counts.ts'
import { bucketOf } from './seconds.ts'

/** What is counted of one completed attempt. */
export type Counted = {
  finding: string
  path: string
  answers: Answers
  arrangement: Arrangement
  seconds: Record<string, number>
  scores: Scores
}

/** Sums of shares and the like are kept as whole millionths, so that what was added can be taken away exactly. */
export const MILLION = 1_000_000

/** The option under which those are counted who did not answer an optional question. */
export const notSaid = 'not-said'

/**
 * One person's part in the tally of a questionnaire version:
 *
 * - people, finding, path; context › question › option › the same three
 * - pages › page › bucket of seconds, and total › bucket of them all
 * - unstable: those whose answers have no stable pattern
 * - all that follows; of those whom `consistency` leaves out, under aside
 * - measured; blocks › block › "most>least" archetypes; at › statement › position › shown, most, least
 * - with › block › archetype › other: Σ y T, where y is the person's score of the block's statement of the one
 *   archetype (MOST 1, LEAST −1), and T the sum of their scores of the other; totals › T, products › T T'
 * - first (P(first)), utility, utility², variance, share: sums in millionths, by archetype
 */
export function tallyOf(
  person: Counted,
  questionnaire: Questionnaire,
  archetypes: readonly string[]
): Counts {
  const { finding, path, answers, seconds, scores } = person
  const outcome = { people: 1, finding: { [finding]: 1 }, path: { [path]: 1 } }
  const { leaveOut, reasons } = scores.consistency
  const measures = measuresOf(person, questionnaire, archetypes)
  return {
    ...outcome,
    context: Object.fromEntries(
      questionnaire.context.map(({ id }) => [id, { [answers.context[id] ?? notSaid]: outcome }])
    ),
    ...(reasons.includes('no-stable-pattern') && { unstable: 1 }),
    ...(leaveOut ? { aside: measures } : measures),
    pages: Object.fromEntries(
      Object.entries(seconds).map(([page, value]) => [page, { [bucketOf(value)]: 1 }])
    ),
    total: { [bucketOf(Object.values(seconds).reduce((sum, value) => sum + value, 0))]: 1 }
  }
}

/**
 * The tally with the measures that may be shown: whoever should be left out of them stays in while they are fewer than
 * the minimum. Measures tell how many people they rest on, and so how many are left out.
 */
export function measuredIn(counts: Counts, minimum: number): Counts {
  const { aside } = counts
  return typeof aside === 'object' && countAt(aside, 'measured') < minimum ? added(counts, aside) : counts
}

function measuresOf(
  { answers, arrangement, scores }: Counted,
  { blocks }: Questionnaire,
  archetypes: readonly string[]
) {
  const choices = blocks.map(({ id, statements }) => {
    const { most, least } = answers.blocks[id]!
    const archetypeOf = (marked: string) => statements.find((one) => one.id === marked)!.archetype
    return { id, most: archetypeOf(most), least: archetypeOf(least) }
  })
  const score = (choice: { most: string; least: string }, archetype: string) =>
    choice.most === archetype ? 1 : choice.least === archetype ? -1 : 0
  const total = Object.fromEntries(
    archetypes.map((one) => [one, choices.reduce((sum, choice) => sum + score(choice, one), 0)])
  )
  const byArchetype = (value: (archetype: string, index: number) => number | Counts): Counts =>
    Object.fromEntries(archetypes.map((one, index) => [one, value(one, index)]))
  const times = (factor: number) => byArchetype((other) => factor * total[other]!)
  const { first, utility, variance, share } = scores.profile
  const millionths = (value: number) => Math.round(MILLION * value)
  const counts: Counts = {
    measured: 1,
    blocks: Object.fromEntries(choices.map(({ id, most, least }) => [id, { [`${most}>${least}`]: 1 }])),
    at: Object.fromEntries(
      arrangement.flatMap(({ block, statements }) => {
        const { id, statements: all } = blocks[block]!
        const { most, least } = answers.blocks[id]!
        return statements.map((index, position): [string, Counts] => {
          const marked = all[index]!.id
          const mark = marked === most ? { most: 1 } : marked === least ? { least: 1 } : {}
          return [marked, { [position]: { shown: 1, ...mark } }]
        })
      })
    ),
    with: Object.fromEntries(
      choices.map((choice) => [choice.id, byArchetype((one) => times(score(choice, one)))])
    ),
    totals: byArchetype((one) => total[one]!),
    products: byArchetype((one) => times(total[one]!)),
    first: byArchetype((_, index) => millionths(first[index as 0]!)),
    utility: byArchetype((_, index) => millionths(utility[index as 0]!)),
    'utility²': byArchetype((_, index) => millionths(utility[index as 0]! ** 2)),
    variance: byArchetype((_, index) => millionths(variance[index as 0]!)),
    share: byArchetype((_, index) => millionths(share[index as 0]!))
  }
  // Without the zeros, which a tally leaves out.
  return added({}, counts)
}
