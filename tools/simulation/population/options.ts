import * as z from 'zod'
import { optionsOf } from '../../../src/cli/options.ts'
import { type Day, dayOf } from '../../../src/days.ts'

const wholeNumber = (what: string, least: number) =>
  z
    .string(what)
    .regex(/^\d+$/, what)
    .transform(Number)
    .refine((value) => value >= least && Number.isSafeInteger(value), what)
const flag = z.literal(true, 'takes no value').optional().transform(Boolean)

const Options = z.strictObject({
  takers: wholeNumber('says how many begin the quiz: --takers 5000', 1),
  seed: wholeNumber('says which people: --seed 1', 0).default(1),
  until: z.iso.date('is the last day on which somebody begins: --until 2026-11-23').optional(),
  truth: z.string('names a file to write: --truth truth.json').min(1).optional(),
  sound: flag,
  add: flag
})

export type Options = Omit<z.infer<typeof Options>, 'until'> & { until: Day }

const text = { type: 'string' } as const
const options = {
  takers: text,
  seed: text,
  until: text,
  truth: text,
  sound: { type: 'boolean' },
  add: { type: 'boolean' }
} as const

/** Reads the command line of `npm run simulate`. Throws an OptionsError that names every mistake at once. */
export function readOptions(args: string[], now: number): Options {
  const { until = dayOf(now), ...rest } = optionsOf(args, options, Options)
  return { ...rest, until }
}
