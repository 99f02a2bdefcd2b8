import { resolve } from 'node:path'

/** The folder that holds package.json, content/, prisma/, views/ and public/: both src/ and dist/ lie in it. */
export const projectDirectory = resolve(import.meta.dirname, '..')
