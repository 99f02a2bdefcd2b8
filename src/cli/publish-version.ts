import { resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { checkFolder } from '../content/check/check.ts'
import { archetypes } from '../content/schema.ts'
import { asIfPublished, publishVersion, VersionError } from '../content/versions.ts'
import { scorer } from '../scoring/scores.ts'

/** `npm run content:publish -- 2027-03 [FOLDER]` lists a version whose content is in order. */
const [version, folder] = process.argv.slice(2)
const directory = folder ? resolve(folder) : loadConfig().contentDirectory
try {
  const { passes, report } = asIfPublished(directory, version, (copy) =>
    checkFolder(copy, scorer(archetypes).score)
  )
  console.log(report)
  if (passes) {
    publishVersion(directory, version)
    console.log(
      `\nPublished ${version}. Takers are asked it from the next start on, and it cannot be changed any more.`
    )
  } else {
    console.error(`\n${version} is not published: mend the faults first.`)
    process.exitCode = 1
  }
} catch (error) {
  if (!(error instanceof VersionError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
