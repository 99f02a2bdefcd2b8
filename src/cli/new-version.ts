import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { startVersion, VersionError } from '../content/versions.ts'

/** `npm run content:new-version -- 2027-03 [FOLDER]` copies the newest version, for you to change. */
const [version, folder] = process.argv.slice(2)
const directory = folder ? resolve(folder) : loadConfig().contentDirectory
try {
  const copied = startVersion(directory, version)
  const place = relative(process.cwd(), join(directory, 'questionnaires', `${version}`))
  console.log(`Copied ${copied} to ${place}; ${copied} stays as it is.

Next:
  1. Change the files in ${place}.
  2. npm run content:check says what is wrong with them, npm run content:judge how they sound to others.
  3. npm run content:publish -- ${version} lists it; takers are asked it from the next start on.

Until then it is loaded and checked, but nobody is asked it.`)
  if (existsSync(join(place, 'attractiveness.yaml'))) {
    console.log(`
attractiveness.yaml holds for the statements as they are: if you change one, remove it. npm run calibrate can learn it
anew once people have answered.`)
  }
} catch (error) {
  if (!(error instanceof VersionError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
