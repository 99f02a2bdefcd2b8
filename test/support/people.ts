import { hashOf, newToken } from '../../src/attempt/tokens.ts'
import { type Answers, arrange } from '../../src/content/answers.ts'
import { archetypes, type Questionnaire } from '../../src/content/schema.ts'
import type { Database } from '../../src/database/engine/client.ts'
import { insert, type NewResult } from '../../src/database/stores/results.ts'
import { atomOf, count } from '../../src/database/stores/tallies.ts'
import type { Quad } from '../../src/scoring/numerics/quad.ts'
import { scorer as scorerOf } from '../../src/scoring/scores.ts'
import { added, type Counts } from '../../src/statistics/counts.ts'
import { tallyOf } from '../../src/statistics/tally.ts'
import type { Random } from '../../tools/simulation/random.ts'
import { marksOf, taker } from '../../tools/simulation/takers.ts'

const scorer = scorerOf(archetypes)

/** How somebody with these utilities feels about the four statements of a block. */
export type Feeling = (utility: Quad, block: string) => Quad

type Manner = {
  feeling?: Feeling | undefined
  context?: Answers['context']
  secondsASet?: number
  /** Whether the row gets its explanation, which takes a while to compute. */
  isExplained?: boolean
}

/** Somebody made up who has answered everything, at a reader's pace. */
export function madeUp(
  questionnaire: Questionnaire,
  random: Random,
  { feeling = (utility) => utility, context = {}, secondsASet = 15, isExplained = false }: Manner = {}
): NewResult & { id: string } {
  const { blocks, lean, hybrid, habits, version } = questionnaire
  const utility = taker(random, 1)
  const felt = blocks.map(({ id }) => feeling(utility, id))
  const marks = marksOf(random, [0, 0, 0, 0], felt, 'in-turn')
  const answers: Answers = {
    items: Object.fromEntries([...lean, ...hybrid].map(({ id }) => [id, 1 + Math.floor(5 * random())])),
    blocks: Object.fromEntries(
      blocks.map(({ id, statements }, index) => {
        const idOf = (mark: number) => statements.find(({ archetype }) => archetype === archetypes[mark])!.id
        return [id, { most: idOf(marks[index]!.most), least: idOf(marks[index]!.least) }]
      })
    ),
    duels: {},
    habits: Object.fromEntries(
      habits.kinds.map(({ id }) => [id, habits.bands[Math.floor(habits.bands.length * random())]!.id])
    ),
    context
  }
  const arrangement = arrange(questionnaire, random)
  const seconds = Object.fromEntries(
    blocks.map(({ id }) => [`set-${id}`, Math.round(secondsASet * (1 + random()))])
  )
  const scores = scorer.score(questionnaire, { answers, arrangement, seconds })
  const { kind, archetypes: first } = scores.leading
  return {
    id: hashOf(newToken()),
    viewHash: hashOf(newToken()),
    manageHash: hashOf(newToken()),
    questionnaireVersion: version,
    scoringVersion: scorer.scoringVersion,
    arrangement,
    answers,
    seconds,
    scores,
    explanation: isExplained ? scorer.explain(questionnaire, answers, scores) : null,
    finding: scores.noPattern ? 'no-pattern' : kind === 'single' ? archetypes[first[0] as 0] : kind,
    path: scores.lean.verdict
  }
}

/** What the tallies hold of these people. */
export function tallied(people: readonly NewResult[], questionnaire: Questionnaire): Counts {
  return people.reduce<Counts>((sum, one) => added(sum, tallyOf(one, questionnaire, archetypes)), {})
}

/** Makes them people who finished on this day. */
export async function addPeople(
  database: Database,
  people: readonly (NewResult & { id: string })[],
  questionnaire: Questionnaire,
  { day = '2026-11-10', group = null }: { day?: string; group?: { id: string; openedOn: string } | null } = {}
): Promise<void> {
  const atom = atomOf('results', questionnaire.version, day, group)
  const results = people.map((one) => ({ ...one, completedOn: day, groupId: group?.id ?? null }))
  await database.write(async (transaction) => {
    await insert(transaction, results)
    await count(transaction, [{ atom, counts: tallied(people, questionnaire), people: people.length }])
  })
}
