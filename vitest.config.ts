import { defineConfig } from 'vitest/config'

/** `npm test` runs the project sqlite, `npm run test:postgres` the other: all that has to do with a database. */
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
      }
    ]
  }
})
