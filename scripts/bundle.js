// Puts src/ and the packages that it uses into few files in dist/: a start would read hundreds of them one by one,
// which takes twice as long.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const commands = readdirSync(join(root, 'src/cli')).map((file) => `cli/${file.replace(/\.ts$/, '')}`)

await build({
  absWorkingDir: root,
  entryPoints: [
    ...['server', ...commands].map((name) => ({ in: `src/${name}.ts`, out: name })),
    // Threads are files of their own. They lie beside whatever starts them, as in src/.
    { in: 'src/database/engine/sqlite-worker.ts', out: 'sqlite-worker' },
    { in: 'src/attempt/scoring-worker.ts', out: 'scoring-worker' }
  ],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  sourcemap: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'error',
  external: [
    // What looks for other files beside itself.
    'better-sqlite3',
    '@prisma/schema-engine-wasm',
    '*.wasm-base64.mjs',
    // What is loaded when it is needed, if ever.
    '@fastify/ajv-compiler',
    '@fastify/fast-json-stringify-compiler',
    '@node-rs/argon2',
    '@resvg/resvg-js',
    '@zxcvbn-ts/*',
    'light-my-request',
    'piscina',
    // An optional part of pg that we do not have.
    'pg-native'
  ],
  // Packages that are not modules ask for Node's own by this name.
  banner: {
    js: "import { createRequire as requireFor } from 'node:module'\nconst require = requireFor(import.meta.url)"
  }
})
