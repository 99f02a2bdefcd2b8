import { z } from 'zod'
import { archetypes, Kind } from './schema.ts'

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
    four: text,
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
  under: z.strictObject({ single: text, blend: text, open: text, noPattern: text }),
  notes: z.strictObject({ contradictory: text, fast: text, position: text }),
  sure: z.strictObject({
    single: text,
    blend: text,
    open: text,
    duels: text,
    overlap: text,
    apart: text,
    limits: text
  }),
  path: z.strictObject({
    'individual-contributor': verdict,
    management: verdict,
    balanced: verdict,
    chance: text,
    measure: z.strictObject({
      same: text,
      apart: text,
      'individual-contributor': text,
      management: text,
      balanced: text
    }),
    pendulum: threeWays,
    'both-at-once': threeWays
  }),
  habits: z.strictObject({
    summary: text,
    nothing: text,
    hint: text,
    tryTitle: text,
    kinds: z.record(Kind.shape.habit, z.strictObject({ name: text, try: text }))
  }),
  limits: text
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
