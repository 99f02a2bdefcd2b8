import { join } from 'node:path'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import { concluding } from '../../src/attempt/scoring-pool.ts'
import { projectDirectory, readConfig } from '../../src/config.ts'
import { loadContent, questionnaireOf } from '../../src/content/load.ts'
import { archetypes } from '../../src/content/schema.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { migrate } from '../../src/database/engine/migrate.ts'
import { fileOf } from '../../src/database/engine/sqlite-connections.ts'
import { questionnairesIn } from '../../src/database/stores/questionnaires.ts'
import { quiz } from '../../src/features/quiz/routes.ts'
import { scorer } from '../../src/scoring/scores.ts'
import { tallyOf } from '../../src/statistics/tally.ts'
import { cookieNamed, security } from '../../src/web/http/security.ts'
import { viewsIn } from '../../src/web/views/rendering.ts'
import { rawAttempts } from './raw-attempts.ts'

/** The quiz as it is, on a store in plain better-sqlite3: what saving is measured against. */
const config = readConfig(process.env)
const content = loadContent(config.contentDirectory)
await migrate(config.databaseUrl)
const database = await openDatabase(config.databaseUrl)
await questionnairesIn(database).register(content.questionnaires.values())
await database.close()

const ourScorer = scorer(archetypes)
const { print, render } = viewsIn(join(projectDirectory, 'views'), {
  assets: '/assets',
  origin: config.publicUrl
})
const app = Fastify()
await app.register(security, config)
await app.register(formbody)
await app.register(
  quiz({
    attempts: rawAttempts(fileOf(config.databaseUrl), (result) =>
      tallyOf(result, questionnaireOf(content, result.questionnaireVersion), archetypes)
    ) as never,
    results: { ofAttempt: async () => null } as never,
    groups: {} as never,
    content,
    scorer: ourScorer,
    conclude: concluding(content, ourScorer),
    cookie: cookieNamed('bearings', { https: false, sameSite: 'lax' }),
    counts: { begun() {}, completed() {} },
    minimum: config.minimumCell,
    print,
    render
  })
)
console.log(`ready at ${await app.listen({ host: config.host, port: config.port })}`)
