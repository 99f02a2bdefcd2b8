import { join, relative, resolve } from 'node:path'
import { loadConfig } from '../../src/config.ts'
import { ContentError } from '../../src/content/load.ts'
import { judgingApp } from './judging-app.ts'

/** `npm run content:judge [-- FOLDER]` serves the judging page on this computer, and to nobody else. */
const host = '127.0.0.1'
const port = 3001
const [folder] = process.argv.slice(2)
const settings = loadConfig()
const directory = folder ? resolve(folder) : settings.contentDirectory

try {
  const config = {
    ...settings,
    publicUrl: `http://${host}:${port}`,
    https: false,
    logLevel: 'error' as const
  }
  const app = await judgingApp(config, directory)
  await app.listen({ host, port })
  console.log(`Rate the statements at ${config.publicUrl}. Press Ctrl and C to stop.`)
  console.log(`The ratings lie in ${relative(process.cwd(), join(directory, 'questionnaires/ratings'))}`)
} catch (error) {
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
  if (!inUse && !(error instanceof ContentError)) throw error
  console.error(inUse ? `Port ${port} is taken: is the judging page open already?` : (error as Error).message)
  process.exitCode = 1
}
