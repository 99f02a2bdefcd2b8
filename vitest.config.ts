import { defineConfig } from 'vitest/config'

/**
 * `npm test` runs the project sqlite; `npm run test:postgres` postgresql, all that has to do with a database; and
 * `npm run test:reliability` the same faults as both, much longer.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          globalSetup: 'test/support/template-sqlite.ts'
        }
      },
      {
        extends: true,
        test: {
          name: 'postgresql',
          include: ['test/{commands,database,features,reliability}/**/*.test.ts', 'test/access.test.ts'],
          globalSetup: 'test/support/template-postgresql.ts'
        }
      },
      {
        extends: true,
        test: {
          name: 'reliability',
          include: ['test/reliability/**/*.test.ts'],
          globalSetup: 'test/support/template-sqlite.ts',
          // Times are measured, so nothing else runs meanwhile.
          fileParallelism: false,
          env: { LONG: 'true' }
        }
      }
    ]
  }
})
