import * as z from 'zod'
import { archetypes, Kind, Passage } from './schema.ts'

const text = z.string().trim().min(1)
const threeWays = z.strictObject({ high: text, middle: text, low: text })
const verdict = z.strictObject({ title: text, text })

/** The sentences that a result is put together from. */
export const ResultTexts = z.strictObject({
  finding: z.strictObject({
    clear: text,
    clearWithSide: text,
    likely: text,
    likelyWithSide: text,
    blend: text,
    three: text,
    noPattern: text
  }),
  archetypes: z.record(
    z.enum(archetypes),
    z.strictObject({
      article: z.enum(['a', 'an']),
      drawn: text,
      also: text
    })
  ),
  under: z.strictObject({
    single: text,
    three: text,
    open: text,
    openCareless: text,
    noPattern: text
  }),
  notes: z.strictObject({ contradictory: text, fast: text, position: text }),
  sure: z.strictObject({
    single: text,
    blend: text,
    open: text,
    noPattern: text,
    duels: text,
    overlap: text,
    apart: text,
    limits: text
  }),
  flip: z.strictObject({
    one: text,
    two: text,
    more: text,
    twice: text,
    most: text,
    least: text,
    duel: text
  }),
  why: z.strictObject({
    title: text,
    lead: text,
    rest: text,
    restWithDuels: text,
    total: text,
    titleLevel: text,
    note: text
  }),
  path: z.strictObject({
    'individual-contributor': verdict,
    management: verdict,
    balanced: verdict,
    chance: text,
    chanceOpen: text,
    pendulum: threeWays,
    'both-at-once': threeWays
  }),
  habits: z.strictObject({
    summary: text,
    nothing: text,
    hint: text,
    tryTitle: text,
    effects: z.record(Kind.shape.impact, text),
    kinds: z.record(Kind.shape.habit, z.strictObject({ name: text, try: text }))
  }),
  limits: text
})

const verdicts = ['individual-contributor', 'management', 'balanced'] as const

/** What each direction would change, and what the two ways of judging oneself say together. */
export const PathTexts = z.strictObject({
  outcomes: z.record(
    z.enum([...verdicts, 'pendulum', 'both-at-once', 'not-now']),
    z.strictObject({ name: text, week: Passage, before: z.array(text).length(3), reversible: Passage })
  ),
  measure: z.record(z.enum(verdicts), z.record(z.enum(verdicts), text))
})

const archetype = z.enum(archetypes)

/** Where each role tends to exist, by the options of two of the context questions. */
export const PlaceTexts = z.strictObject({
  sizes: z.record(
    z.string(),
    z.record(
      archetype,
      Passage.extend({ exists: z.enum(['often', 'sometimes', 'seldom']), neighbour: archetype.optional() })
    )
  ),
  planning: z.record(z.string(), z.record(archetype, Passage))
})

const advice = z.strictObject({ try: z.array(text).min(2), ask: z.array(text).min(2) })

/** What to try and what to ask next. */
export const NextTexts = z.strictObject({
  archetypes: z.record(archetype, advice),
  paths: z.record(z.enum(verdicts), advice),
  open: advice
})

export type ResultTexts = z.infer<typeof ResultTexts>

/** Fills the {slots} of a sentence. Throws if one has no value, so that no visitor reads a brace. */
export function fill(sentence: string, slots: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = slots[name]
    if (value === undefined) throw new Error(`"${sentence}" needs a value for {${name}}`)
    return String(value)
  })
}
