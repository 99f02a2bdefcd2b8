import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/database/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    templateDatabase: string
  }
}

/** Migrates one database for the whole run; every test works on a copy of its file. */
export async function setup(project: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'staff-bearings-test-'))
  const file = join(directory, 'template.db')
  await migrate(file)
  project.provide('templateDatabase', file)
  return () => rm(directory, { recursive: true })
}
