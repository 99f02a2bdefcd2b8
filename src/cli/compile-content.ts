import { join } from 'node:path'
import { projectDirectory } from '../config.ts'
import { ContentError, keepContent } from '../content/load.ts'

/** The end of a build: keeps content/ with the program, read and checked. A folder with faults is kept by no build. */
try {
  keepContent(join(projectDirectory, 'content'))
} catch (error) {
  if (!(error instanceof ContentError)) throw error
}
