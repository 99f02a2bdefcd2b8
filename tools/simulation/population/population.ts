import { type Answers, type Arrangement, arrange } from '../../../src/content/answers.ts'
import type { Archetype, Questionnaire } from '../../../src/content/schema.ts'
import type { Quad } from '../../../src/scoring/numerics/quad.ts'
import { type Random, randomFrom } from '../random.ts'
import { taker } from '../takers.ts'
import { type AnsweredPage, type AskedPage, answered } from './answering.ts'
import { type Behaviour, hasty, samePosition, sincere } from './behaviours.ts'
import { type Fault, planted, type Statements, statementsOf, valuesFor } from './faults.ts'

/** Everything that fixes a population: the same settings give the same people. */
export type Settings = {
  seed: number
  /** How many begin the quiz. */
  takers: number
  /** YYYY-MM-DD, the last day on which somebody does. */
  until: string
  /** Whether every statement measures what it should. */
  sound: boolean
}

export type Carelessness = 'hasty' | 'same-position'

/** Somebody who began the quiz. */
export type Person = {
  number: number
  day: string
  utility: Quad
  carelessness: Carelessness | null
  arrangement: Arrangement
  /** What they answered, in the order in which it was asked. */
  pages: AnsweredPage[]
  /** After how many pages they left; null if they answered them all. */
  leftAfter: number | null
  context: Answers['context']
  behaviour: Behaviour
}

/** Every use of random numbers has streams of its own; those of people also have their number. */
const STREAMS = { faults: 10, statements: 11, people: 12 }

const CARELESS = 0.05
const TELLS = 0.7
const DAYS = 365

/** The statements of a questionnaire as this population meets them, and what was planted among them. */
export function statementsFor(
  { seed, sound }: Settings,
  { blocks }: Questionnaire,
  archetypes: readonly Archetype[]
) {
  const faults: Fault[] = sound ? [] : planted(randomFrom(seed, STREAMS.faults), blocks)
  return {
    faults,
    statements: statementsOf(randomFrom(seed, STREAMS.statements), blocks, archetypes, faults)
  }
}

/**
 * The people in the order in which they come. One is made at a time, so that their number costs no memory.
 * @param pagesOf what somebody is asked who sees the sets in this order
 */
export function* peopleOf(
  settings: Settings,
  questionnaire: Questionnaire,
  statements: Statements,
  pagesOf: (arrangement: Arrangement) => readonly AskedPage[]
): Generator<Person> {
  for (let number = 0; number < settings.takers; number++) {
    const random = randomFrom(settings.seed, STREAMS.people, number)
    const day = dayAt(settings, (number + random()) / settings.takers)
    const utility = taker(random, 1)
    const carelessness = random() < CARELESS ? (random() < 0.5 ? 'hasty' : 'same-position') : null
    const behaviour =
      carelessness === 'hasty'
        ? hasty(random)
        : carelessness
          ? samePosition(random)
          : sincere(random, valuesFor(random, utility, statements))
    const arrangement = arrange(questionnaire, random)
    const asked = pagesOf(arrangement)
    const leftAfter = leaving(random, asked.length)
    const pages = asked.slice(0, leftAfter ?? asked.length).map((page) => answered(random, behaviour, page))
    const context = contextOf(random, questionnaire)
    yield { number, day, utility, carelessness, arrangement, pages, leftAfter, context, behaviour }
  }
}

/** The share of those who have answered so many pages that leaves then: the further they are, the fewer. */
export function leavingRate(pages: number): number {
  return 0.04 * 0.85 ** pages
}

function leaving(random: Random, pages: number): number | null {
  for (let done = 0; done <= pages; done++) {
    if (random() < leavingRate(done)) return done
  }
  return null
}

/** Each question is answered by most, and every answer is as likely as any other. */
function contextOf(random: Random, { context }: Questionnaire): Answers['context'] {
  return Object.fromEntries(
    context
      .filter(() => random() < TELLS)
      .map(({ id, options }) => [id, options[Math.floor(random() * options.length)]!.id])
  )
}

/**
 * The day when this share of all people has come. By the end of the year half as many again come as at its
 * beginning: the rate is 0.8 + 0.4 t over t from 0 to 1, so that the share is 0.8 t + 0.2 t².
 */
function dayAt({ until }: Settings, share: number): string {
  const t = (Math.sqrt(0.64 + 0.8 * share) - 0.8) / 0.4
  const daysAgo = DAYS - 1 - Math.min(DAYS - 1, Math.floor(DAYS * t))
  return new Date(Date.parse(until) - daysAgo * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
}
