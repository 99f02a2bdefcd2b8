import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { projectDirectory } from '../../src/config.ts'

test('a run that fails beside PostgreSQL ends as one that failed', () => {
  const script = "await import('./scripts/postgres.ts'); process.exitCode = 3"
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script]
  expect(spawnSync(process.execPath, args, { cwd: projectDirectory }).status).toBe(3)
})
