import * as z from 'zod'
import type { Answers } from '../content/answers.ts'
import type { ContextQuestion } from '../content/schema.ts'
import { BadRequest } from '../web/http/errors.ts'
import type { FormData, FormFault } from '../web/http/forms.ts'
import type { Step } from './steps.ts'

/** A form as it was sent: what can be kept of it, and what is wrong or missing. */
export type Filled = { answers: Partial<Answers>; chosen: Record<string, string>; faults: FormFault[] }

type Form = z.ZodObject<Record<string, z.ZodOptional<z.ZodEnum>>>

/** What a form accepts: for each field, its allowed values. */
function formOf(fields: Record<string, readonly string[]>): Form {
  const shape = Object.entries(fields).map(([name, values]) => [name, z.enum(values).optional()])
  return z.object(Object.fromEntries(shape))
}

/** Making a form takes longer than saving an answer, so it is kept for as long as the questions that it asks. */
const kept = new WeakMap<object, Form>()

function formFor(question: object, fields: () => Record<string, readonly string[]>): Form {
  const form = kept.get(question) ?? formOf(fields())
  kept.set(question, form)
  return form
}

/**
 * Reads a form. A field that is not sent is a fault that the visitor can mend; a value that no form of ours sends is a
 * BadRequest.
 */
function chosenIn(body: FormData, form: Form): Record<string, string> {
  const parsed = form.safeParse(body)
  if (!parsed.success) throw new BadRequest()
  return Object.fromEntries(
    Object.entries(parsed.data).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
}

export const scale = ['1', '2', '3', '4', '5'] as const

/** Reads the form of one page. */
export function readStep(step: Step, body: FormData): Filled {
  switch (step.kind) {
    case 'items': {
      const chosen = chosenIn(
        body,
        formFor(step.items[0]!, () => Object.fromEntries(step.items.map(({ id }) => [id, scale])))
      )
      const items = Object.fromEntries(Object.entries(chosen).map(([id, value]) => [id, Number(value)]))
      const faults = step.items
        .filter(({ id }) => !chosen[id])
        .map(({ id, left, right }) => ({
          id: `${id}-1`,
          message: `Select where you sit between “${left.name}” and “${right.name}”`
        }))
      return { answers: { items }, chosen, faults }
    }
    case 'block': {
      const ids = step.statements.map(({ id }) => id)
      const chosen = chosenIn(
        body,
        formFor(step.block, () => ({ most: ids, least: ids }))
      )
      const { most, least } = chosen
      const faults: FormFault[] = []
      if (!most) faults.push({ id: 'most-1', message: 'Select the statement that is most like you' })
      if (!least) faults.push({ id: 'least-1', message: 'Select the statement that is least like you' })
      if (most && most === least) {
        faults.push({ id: 'most-1', message: 'Choose different statements for most and least like you' })
      }
      const complete = most && least && most !== least
      return { answers: complete ? { blocks: { [step.block.id]: { most, least } } } : {}, chosen, faults }
    }
    case 'habits': {
      const bands = step.habits.bands.map(({ id }) => id)
      const chosen = chosenIn(
        body,
        formFor(step.habits, () => Object.fromEntries(step.habits.kinds.map(({ id }) => [id, bands])))
      )
      const faults = step.habits.kinds
        .filter(({ id }) => !chosen[id])
        .map(({ id, text }) => ({ id: `${id}-1`, message: `Select how much time went to: ${text}` }))
      return { answers: { habits: chosen }, chosen, faults }
    }
  }
}

export const notSaid = 'prefer-not-to-say'

/** Reads the optional questions. Nothing is missing in them; "prefer not to say" leaves no trace. */
export function readContext(questions: readonly ContextQuestion[], body: FormData): Answers['context'] {
  const fields = questions.map(({ id, options }) => [id, [...options.map((option) => option.id), notSaid]])
  const chosen = chosenIn(body, formOf(Object.fromEntries(fields)))
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== notSaid))
}

/** Reads the tie-breaker's duels: pairs of statement ids, shown in this order. */
export function readDuels(pairs: readonly (readonly [string, string])[], body: FormData) {
  const names = pairs.map((_, index) => `duel-${index + 1}`)
  const chosen = chosenIn(body, formOf(Object.fromEntries(pairs.map((pair, index) => [names[index]!, pair]))))
  const duels: Answers['duels'] = {}
  pairs.forEach(([one, other], index) => {
    const winner = chosen[names[index]!]
    if (winner) duels[names[index]!] = { winner, loser: winner === one ? other : one }
  })
  const faults = names
    .filter((name) => !chosen[name])
    .map((name) => ({
      id: `${name}-1`,
      message: `Choose a statement in ${name.replace('duel-', 'choice ')}`
    }))
  return { duels, chosen, faults }
}

/** Seconds since the page was sent out, or null if that cannot be known. */
export function secondsSince(shown: unknown, now: number): number | null {
  if (typeof shown !== 'string' || !/^\d{13}$/.test(shown)) return null
  const seconds = Math.round((now - Number(shown)) / 1000)
  return seconds >= 0 && seconds <= 24 * 60 * 60 ? seconds : null
}
