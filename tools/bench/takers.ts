import { join } from 'node:path'
import { draftOf, finish } from '../../src/attempt/finish.ts'
import { type Step, stepsOf } from '../../src/attempt/steps.ts'
import { derivedToken, hashOf, newToken, type Token } from '../../src/attempt/tokens.ts'
import { projectDirectory } from '../../src/config.ts'
import type { Answers, Arrangement } from '../../src/content/answers.ts'
import { loadContent } from '../../src/content/load.ts'
import { archetypes } from '../../src/content/schema.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { migrate } from '../../src/database/engine/migrate.ts'
import { attemptsIn, type Brought } from '../../src/database/stores/attempts.ts'
import { questionnairesIn } from '../../src/database/stores/questionnaires.ts'
import { dayOf } from '../../src/days.ts'
import { chosenBefore } from '../../src/features/quiz/page.ts'
import { scorer as scorerOf } from '../../src/scoring/scores.ts'
import { tallyOf } from '../../src/statistics/tally.ts'
import { paths } from '../../src/web/paths.ts'
import { madeUp } from '../../test/support/people.ts'
import { randomFrom } from '../simulation/random.ts'
import { ask, post, type Shot } from './load.ts'

export const content = loadContent(join(projectDirectory, 'content'))
const { current: questionnaire } = content
const scorer = scorerOf(archetypes)
const random = randomFrom(20261128)

/** Somebody whose browser has a draft, or a result. */
export type Taker = { token: Token; arrangement: Arrangement; answers: Answers }

/** People who have so much to say that they are not offered six questions more. */
export function takers(number: number): Taker[] {
  const found: Taker[] = []
  while (found.length < number) {
    const { arrangement, answers } = madeUp(questionnaire, random)
    if (scorer.duelsFor(questionnaire, { arrangement, answers, seconds: {} }).length > 0) continue
    found.push({ token: newToken(), arrangement, answers })
  }
  return found
}

/** Makes a database in which these people have begun, have answered all pages, or have a result. */
export async function makeDatabase(
  file: string,
  { begun = [], answered = [], finished = [] }: Record<'begun' | 'answered' | 'finished', Taker[]>
): Promise<void> {
  const url = `file:${file}`
  await migrate(url)
  const database = await openDatabase(url)
  await questionnairesIn(database).register(content.questionnaires.values())
  const attempts = attemptsIn(database, (result) => tallyOf(result, questionnaire, archetypes))
  await attempts.bring([
    ...begun.map((taker) => drafted(taker, [])),
    ...answered.map((taker) => drafted(taker, stepsOf(questionnaire, taker.arrangement))),
    ...finished.map(completed)
  ])
  await database.close()
}

function drafted({ token, arrangement, answers }: Taker, steps: Step[]): Brought {
  return {
    id: hashOf(token),
    day: dayOf(Date.now()),
    draft: { questionnaireVersion: questionnaire.version, arrangement },
    pages: steps.map((step, index) => ({
      name: step.name,
      place: index + 1,
      answers: answersOn(step, answers),
      seconds: 15
    }))
  }
}

function completed({ token, arrangement, answers }: Taker): Brought {
  const id = hashOf(token)
  const begun = { id, questionnaireVersion: questionnaire.version, arrangement, groupId: null, revision: 0 }
  const draft = draftOf(token, { ...begun, answers, pages: new Map() }, questionnaire)
  return { id, day: dayOf(Date.now()), result: finish(draft, scorer)! }
}

function answersOn(step: Step, answers: Answers): Partial<Answers> {
  const of = <Value>(all: Record<string, Value>, ids: string[]) =>
    Object.fromEntries(ids.map((id) => [id, all[id]!]))
  switch (step.kind) {
    case 'items':
      return {
        items: of(
          answers.items,
          step.items.map(({ id }) => id)
        )
      }
    case 'block':
      return { blocks: of(answers.blocks, [step.block.id]) }
    case 'habits':
      return { habits: answers.habits }
  }
}

const browser = { 'accept-encoding': 'gzip, deflate, br', 'sec-fetch-site': 'same-origin' }

export function headersOf({ token }: Pick<Taker, 'token'>): Record<string, string> {
  return { ...browser, cookie: `bearings=${token}` }
}

/** The page of the first set, and that of the result. */
export const blockPage = paths.block(1)
export const resultOf = ({ token }: Taker) => paths.manage(derivedToken(token, 'manage'))

/** Everybody's answers to all sets, one request for each. The first of them answers now, for the length of the answers. */
export async function savings(port: number, people: Taker[]): Promise<Shot[][]> {
  const requests = people.map((taker) =>
    stepsOf(questionnaire, taker.arrangement)
      .filter(({ kind }) => kind === 'block')
      .map((step) => {
        const fields = { ...chosenBefore(step, taker.answers), shown: String(Date.now()) }
        return post(step.url, headersOf(taker), fields)
      })
  )
  const lengths: number[] = []
  for (const request of requests[0]!) lengths.push(await redirected(port, request))
  return requests.map((all) =>
    all.map((request, index) => ({ request, status: '303', length: lengths[index]! }))
  )
}

/** Everybody's last page, after which there is a result. The first of them finishes now. */
export async function submissions(port: number, people: Taker[]): Promise<Shot[]> {
  const fields = Object.fromEntries(questionnaire.context.map(({ id, options }) => [id, options[0]!.id]))
  const [first, ...others] = people.map((taker) => post(paths.context, headersOf(taker), fields))
  const length = await redirected(port, first!)
  return others.map((request) => ({ request, status: '303', length }))
}

async function redirected(port: number, request: Buffer): Promise<number> {
  const { status, length } = await ask(port, request)
  if (status !== '303') throw new Error(`${request.toString().split('\r\n')[0]} was answered ${status}`)
  return length
}
