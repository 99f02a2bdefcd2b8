import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/database/engine/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of a migrated, empty database. Every test works on a copy of it. */
    template: string
  }
}

/** Migrates one database for the whole run. */
export async function setup(project: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'staff-bearings-test-'))
  const url = `file:${join(directory, 'template.db')}`
  await migrate(url)
  project.provide('template', url)
  return () => rm(directory, { recursive: true })
}
