import { draftOf, finish, tieBreakerOf } from '../../../src/attempt/finish.ts'
import { stepsOf } from '../../../src/attempt/steps.ts'
import { hashOf } from '../../../src/attempt/tokens.ts'
import { combined } from '../../../src/content/answers.ts'
import { type Archetype, archetypes, type Questionnaire } from '../../../src/content/schema.ts'
import type { Database } from '../../../src/database/engine/client.ts'
import { attemptsIn, type Brought, type Page } from '../../../src/database/stores/attempts.ts'
import type { NewResult } from '../../../src/database/stores/results.ts'
import { scorer as scorerOf } from '../../../src/scoring/scores.ts'
import { tallyOf } from '../../../src/statistics/tally.ts'
import { trueFirst, trueShares } from '../takers.ts'
import { played } from './answering.ts'
import type { Statements } from './faults.ts'
import { type Person, peopleOf, type Settings } from './population.ts'
import type { TakerTruth } from './truth.ts'

/** People per transaction. */
const BATCH = 500

type Made = { brought: Brought; truth: TakerTruth }

/** Stores made-up takers, and yields the truth about those that are stored, batch by batch. */
export async function* fill(
  database: Database,
  questionnaire: Questionnaire,
  settings: Settings,
  statements: Statements
): AsyncGenerator<TakerTruth[]> {
  const attempts = attemptsIn(database, (result) => tallyOf(result, questionnaire, archetypes))
  const make = makerFor(questionnaire, settings.seed)
  const pagesOf = (arrangement: Person['arrangement']) => stepsOf(questionnaire, arrangement)
  let batch: Made[] = []
  async function stored() {
    await attempts.bring(batch.map(({ brought }) => brought))
    const truths = batch.map(({ truth }) => truth)
    batch = []
    return truths
  }

  for (const person of peopleOf(settings, questionnaire, statements, pagesOf)) {
    batch.push(make(person))
    if (batch.length === BATCH) yield await stored()
  }
  if (batch.length > 0) yield await stored()
}

/** These people cannot be added to what the database holds. */
export class NoRoom extends Error {
  override name = 'NoRoom'
}

/** Rejects with NoRoom if somebody took the quiz before, or, where these people may be added to others, they did. */
export async function assertRoom(
  { read }: Database,
  { seed, takers }: Settings,
  add: boolean
): Promise<void> {
  if (!add && (await read.attempt.count()) + (await read.result.count()) > 0) {
    throw new NoRoom('The database holds results or drafts already: name an empty one, or say --add.')
  }
  // Some of them have left, but hardly a hundred in a row.
  const firstOnes = Array.from({ length: Math.min(takers, 100) }, (_, number) =>
    hashOf(tokenOf(seed, number))
  )
  if ((await read.result.count({ where: { id: { in: firstOnes } } })) > 0) {
    throw new NoRoom(`The people of --seed ${seed} are in the database already: choose another seed.`)
  }
}

/** The token in somebody's cookie. It follows from the seed, as it guards nobody's secrets. */
function tokenOf(seed: number, number: number): string {
  return hashOf(`made-up taker ${seed} ${number}`).slice(0, 22)
}

/** Makes what somebody leaves behind, as the quiz itself does. */
function makerFor(questionnaire: Questionnaire, seed: number) {
  const scorer = scorerOf(archetypes)
  // The reasons take ten times as long as all the rest, and no aggregate is made of them.
  const withoutReasons = { ...scorer, explain: () => null }

  return (person: Person): Made => {
    const { number, day, arrangement, pages, leftAfter, context, behaviour } = person
    const token = tokenOf(seed, number)
    const id = hashOf(token)
    const placed = (pages: readonly Omit<Page, 'place'>[]): Page[] =>
      pages.map((page, index) => ({ ...page, place: index + 1 }))
    const draftWith = (pages: readonly Omit<Page, 'place'>[]) => {
      const attempt = {
        id,
        questionnaireVersion: questionnaire.version,
        arrangement,
        answers: combined(pages.map(({ answers }) => answers)),
        pages: new Map(pages.map(({ name, seconds }) => [name, seconds])),
        groupId: null,
        revision: pages.length
      }
      return draftOf(token, attempt, questionnaire)
    }

    if (leftAfter !== null) {
      const draft = { questionnaireVersion: questionnaire.version, arrangement }
      return { brought: { id, day, draft, pages: placed(pages) }, truth: truthOf(id, person, null) }
    }
    const all: Omit<Page, 'place'>[] = [...pages, { name: 'context', answers: { context }, seconds: null }]
    const pairs = tieBreakerOf(draftWith(all), scorer)
    if (pairs.length > 0) all.push(played(behaviour, pairs))
    const result = finish(draftWith(all), withoutReasons) as NewResult
    return { brought: { id, day, result }, truth: truthOf(id, person, result.finding) }
  }
}

function truthOf(
  id: string,
  { day, utility, carelessness, leftAfter }: Person,
  finding: TakerTruth['finding']
): TakerTruth {
  const first = archetypes[trueFirst(utility)] as Archetype
  return { id, day, first, shares: trueShares(utility), carelessness, leftAfter, finding }
}
