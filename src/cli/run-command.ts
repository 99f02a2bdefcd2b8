import { ConfigError } from '../config.ts'
import { ContentError } from '../content/load.ts'
import { Refusal } from '../database/backup/table-copy.ts'
import { OptionsError } from './options.ts'

/** Does the work of a command. What its user can mend is told in plain words; anything else with its stack. */
export async function plainly(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const kinds = [OptionsError, ConfigError, ContentError, Refusal]
    // What the disk or PostgreSQL say is plain already: no room, no right to write.
    const isTold = /^(SQLITE_\w+|E[A-Z]+|\d[\dA-Z]{4})$/.test(String((error as { code?: unknown }).code))
    const isPlain = isTold || kinds.some((kind) => error instanceof kind)
    console.error(isPlain ? (error as Error).message : error)
    process.exitCode = 1
  }
}
