import type { Database } from '../engine/client.ts'

export type Questionnaires = ReturnType<typeof questionnairesIn>

/** Someone has taken a questionnaire whose files have been changed since. */
export class ChangedQuestionnaire extends Error {
  override name = 'ChangedQuestionnaire'
}

type Registered = { version: string; sha256: string }

export function questionnairesIn(database: Database) {
  return {
    /**
     * Registers the questionnaires that this program can ask, each with the hash of its files. Rejects with a
     * ChangedQuestionnaire if one has changed since the first person began it.
     */
    async register(offered: Iterable<Registered>): Promise<void> {
      const known = await database.rows<Registered>('SELECT "version", "sha256" FROM "Questionnaire"')
      const hashes = new Map(known.map(({ version, sha256 }) => [version, sha256]))
      const others = [...offered].filter(({ version, sha256 }) => hashes.get(version) !== sha256)
      if (others.length === 0) return
      await database.write(async (transaction) => {
        for (const { version, sha256 } of others) {
          const where = { questionnaireVersion: version }
          const known = await transaction.questionnaire.findUnique({ where: { version } })
          if (known?.sha256 === sha256) continue
          // Counted only now: with a million results it takes longer than all the rest of a start.
          const takers =
            (await transaction.attempt.count({ where })) + (await transaction.result.count({ where }))
          if (known && takers > 0) {
            const people = takers === 1 ? '1 person' : `${takers} people`
            throw new ChangedQuestionnaire(
              `${version} was changed after ${people} took it; publish a new version`
            )
          }
          await transaction.questionnaire.upsert({
            where: { version },
            create: { version, sha256 },
            update: { sha256 }
          })
        }
      })
    }
  }
}
