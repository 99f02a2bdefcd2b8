import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/database/engine/migrate.ts'
import { startPostgres } from '../../tools/postgres.ts'

/** Starts a PostgreSQL for the whole run, and migrates one database in it. */
export async function setup(project: TestProject) {
  const postgres = await startPostgres()
  await postgres.query('CREATE DATABASE template_bearings')
  const url = postgres.urlOf('template_bearings')
  await migrate(url)
  project.provide('template', url)
  return () => postgres.stop()
}
