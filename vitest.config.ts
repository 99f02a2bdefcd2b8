import { configDefaults, defineConfig } from 'vitest/config'

const stores = ['test/database/**/*.test.ts']

/** What knows no database. */
const pure = ['test/{scoring,statistics}/**/*.test.ts']

/**
 * `npm test` runs everything on SQLite, and the stores on PostgreSQL as well; `npm run test:postgres` everything that knows
 * a database; several processes and the move to it are tried there only. `npm run test:reliability` tries with
 * test/support/numbers.ts's large numbers what the others try with its small ones.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Loading the app takes a second for each file otherwise. What a test changes, it puts back itself; a file that
    // mocks a package loads all modules anew, as the others have them without the mock.
    isolate: false,
    // With three workers for two processors, V8's own threads would only take turns with them.
    execArgv: ['--single-threaded', '--max-semi-space-size=64'],
    // One more than processors, as some tests wait for a client or a server to be cut off.
    maxWorkers: 3,
    // It remembers the memory of its WebAssembly, and so has to be loaded anew as well with the module that starts it:
    // for the second project, and after such a file.
    server: { deps: { inline: ['@prisma/schema-engine-wasm'] } },
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
          include: stores,
          globalSetup: 'test/support/template-postgresql.ts'
        }
      },
      {
        extends: true,
        test: {
          name: 'postgresql-rest',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...stores, ...pure],
          globalSetup: 'test/support/template-postgresql.ts'
        }
      },
      {
        extends: true,
        test: {
          name: 'reliability',
          include: [
            'test/reliability/**/*.test.ts',
            'test/browser/every-page.test.ts',
            'test/features/admin/reports/disclosure.test.ts',
            'test/features/quiz/takers.test.ts',
            'test/scoring/scores.test.ts',
            'test/tools/simulation/truly-first.test.ts'
          ],
          globalSetup: 'test/support/template-sqlite.ts',
          // Times are measured, so nothing else runs meanwhile.
          fileParallelism: false,
          env: { LONG: 'true' }
        }
      }
    ]
  }
})
