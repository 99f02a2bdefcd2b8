import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { ConfigError, loadConfig } from './config.ts'
import { ContentError, loadContent } from './content/load.ts'
import { openDatabase, placeOf } from './database/engine/client.ts'
import { Unable, Unsuitable } from './database/engine/database-errors.ts'
import { migrate } from './database/engine/migrate.ts'
import { ChangedQuestionnaire, questionnairesIn } from './database/stores/questionnaires.ts'

try {
  await serve()
} catch (error) {
  // What the operator can mend is told in plain words; anything else with its stack.
  const mendable = [ConfigError, ContentError, ChangedQuestionnaire, Unable, Unsuitable]
  const plain = mendable.some((kind) => error instanceof kind)
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  console.error(
    plain ? (error as Error).message : inUse ? `${(error as Error).message}: set PORT to another` : error
  )
  process.exit(1)
}

async function serve() {
  const config = loadConfig()
  const content = loadContent(config.contentDirectory)
  const applied = await migrate(config.databaseUrl)
  const database = await openDatabase(config.databaseUrl)
  await questionnairesIn(database).register(content.questionnaires.values())
  const app = await buildApp(config, database, content)
  app.addHook('onClose', () => database.close())
  closeWithGrace({ delay: 8_000, logger: app.log }, () => app.close())
  await app.listen({ host: config.host, port: config.port })

  const { port } = app.server.address() as { port: number }
  for (const name of applied) console.log(`Applied migration ${name}`)
  console.log(`Staff Bearings is ready at ${config.publicUrl.replace(/:0$/, `:${port}`)}`)
  console.log(`Its data lies in ${placeOf(config.databaseUrl)}`)
}
