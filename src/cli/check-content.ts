import { resolve } from 'node:path'
import { loadConfig } from '../config.ts'
import { checkFolder } from '../content/check/check.ts'
import { archetypes } from '../content/schema.ts'
import { scorer } from '../scoring/scores.ts'

/** `npm run content:check [-- FOLDER]` says whether every version of the questionnaire still measures. */
const [folder] = process.argv.slice(2)
const directory = folder ? resolve(folder) : loadConfig().contentDirectory
const { passes, report } = checkFolder(directory, scorer(archetypes).score)
console.log(report)
process.exitCode = passes ? 0 : 1
