import { type ParseArgsConfig, parseArgs } from 'node:util'
import type * as z from 'zod'

/** Some options cannot be used. The message has one line for each of them. */
export class OptionsError extends Error {
  override name = 'OptionsError'
}

/** Reads a command line that has options only. Throws an OptionsError that names every mistake at once. */
export function optionsOf<T extends z.ZodType>(
  args: string[],
  options: NonNullable<ParseArgsConfig['options']>,
  schema: T
): z.infer<T> {
  const { values, positionals } = parseArgs({ args, options, strict: false, allowPositionals: true })
  const parsed = schema.safeParse(values)
  const mistakes = positionals.map((word) => `${word} belongs to no option`)
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') mistakes.push(...issue.keys.map((key) => `--${key} is not known`))
    else mistakes.push(`--${issue.path.join()} ${issue.message}`)
  }
  if (!parsed.success || mistakes.length > 0) throw new OptionsError([...new Set(mistakes)].join('\n'))
  return parsed.data
}
