import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { projectDirectory } from '../src/config.ts'

/** What the files that put a process together may load. */
const everything = [
  'node:',
  'packages',
  'config.ts',
  'days.ts',
  'content',
  'scoring',
  'statistics',
  'attempt',
  'database',
  'web',
  'features'
]

/**
 * Who may import whom. Each part of src/ may load itself, what its row names under `loads`, and know the types
 * (`import type`) of what it names under `types`. A feature is a part of its own: features never import each other.
 * `node:` stands for Node's own modules, `packages` for every npm package but Prisma's.
 */
const table: Record<string, { loads: string[]; types?: string[] }> = {
  content: { loads: ['node:', 'zod', 'yaml'] },
  scoring: { loads: [], types: ['content'] },
  statistics: { loads: ['scoring'], types: ['content'] },
  attempt: {
    loads: ['node:', 'zod', 'piscina', 'content', 'scoring', 'web'],
    types: ['database/stores']
  },
  database: {
    loads: [
      'node:',
      '@prisma',
      'better-sqlite3',
      'pg',
      'content/answers.ts',
      'project-directory.ts',
      'statistics'
    ],
    types: ['content', 'scoring']
  },
  web: { loads: ['node:', 'packages'], types: ['config.ts', 'content/schema.ts'] },
  // The stores are passed in: a feature knows their types only.
  features: {
    loads: ['node:', 'packages', 'days.ts', 'web', 'content', 'scoring', 'statistics', 'attempt'],
    types: ['database']
  },
  cli: { loads: everything },
  'days.ts': { loads: [] },
  'project-directory.ts': { loads: ['node:'] },
  'config.ts': { loads: ['node:', 'zod', 'project-directory.ts'] },
  'app.ts': { loads: everything },
  'server.ts': { loads: ['packages', 'app.ts', 'config.ts', 'content', 'database'] }
}

/** What no source may say, except in these files. */
const reserved: { what: string; pattern: RegExp; within?: string; except: string[] }[] = [
  {
    what: 'reads process.env',
    pattern: /\bprocess\s*(\.|\?\.)\s*env\b|['"]node:process['"]/,
    except: ['config.ts']
  },
  { what: 'has a default export', pattern: /\bexport default\b|\bas default\b/, except: [] },
  // A start would read the messages of all languages, half a megabyte.
  { what: 'loads zod as a whole', pattern: /\bimport \{[^}]*\bz\b[^}]*\} from 'zod'/, except: [] },
  { what: 'prints without escaping', pattern: /\bSafeString\b|\bnoEscape\b/, except: [] },
  {
    what: 'opens a transaction outside the queue',
    pattern: /\$transaction\b|\bnew PrismaClient\b/,
    except: ['database/engine/sqlite.ts', 'database/engine/postgresql.ts']
  },
  {
    what: 'depends on more than its arguments',
    pattern: /\b(Math\.random|Date|performance|crypto|process|globalThis|console|fetch|setTimeout)\b/,
    within: 'scoring/',
    except: []
  }
]

const vagueFolders = ['utils', 'util', 'helpers', 'helper', 'lib', 'types', 'common', 'shared', 'misc']

/** Templates that may print a value without escaping it. */
const unescaped: string[] = []

test('every source keeps to its place', () => {
  expect(trespassersIn(projectDirectory)).toEqual([])
})

const intruders: [file: string, code: string, named: string][] = [
  ['content/load.ts', "import fastify from 'fastify'", 'content/load.ts imports fastify'],
  ['scoring/path/lean.ts', "import { readFileSync } from 'node:fs'", 'scoring/path/lean.ts imports node:fs'],
  ['scoring/path/lean.ts', "import { erf } from 'mathjs'", 'scoring/path/lean.ts imports mathjs'],
  [
    'scoring/path/lean.ts',
    "import { archetypes } from '../../content/schema.ts'",
    'scoring/path/lean.ts imports content/schema.ts'
  ],
  [
    'scoring/path/lean.ts',
    'const now = Date.now()',
    'scoring/path/lean.ts depends on more than its arguments'
  ],
  [
    'database/stores/results.ts',
    "import { paths } from '../../web/paths.ts'",
    'database/stores/results.ts imports web/paths.ts'
  ],
  [
    'database/stores/results.ts',
    "import type { Step } from '../../features/quiz/page.ts'",
    'database/stores/results.ts imports features/quiz/page.ts'
  ],
  [
    'database/stores/results.ts',
    'export const all = (read) => read.$transaction([])',
    'database/stores/results.ts opens a transaction outside the queue'
  ],
  [
    'web/views/rendering.ts',
    "import { loadContent } from '../../content/load.ts'",
    'web/views/rendering.ts imports content/load.ts'
  ],
  [
    'web/views/rendering.ts',
    "export { loadConfig } from '../../config.ts'",
    'web/views/rendering.ts imports config.ts'
  ],
  ['web/views/rendering.ts', 'const { PORT } = process.env', 'web/views/rendering.ts reads process.env'],
  [
    'features/home/page.ts',
    "import {\n  type Step,\n  stepPage\n} from '../quiz/page.ts'",
    'features/home/page.ts imports features/quiz/page.ts'
  ],
  [
    'features/home/page.ts',
    "import { openDatabase } from '../../database/engine/client.ts'",
    'features/home/page.ts imports database/engine/client.ts'
  ],
  [
    'features/quiz/late.ts',
    "const { PrismaClient } = await import('@prisma/client')",
    'features/quiz/late.ts imports @prisma/client'
  ],
  ['features/quiz/page.ts', "import '../../app.ts'", 'features/quiz/page.ts imports app.ts'],
  ['features/quiz/page.ts', 'export default {}', 'features/quiz/page.ts has a default export'],
  ['cli/migrate.ts', "import { serve } from '../server.ts'", 'cli/migrate.ts imports server.ts'],
  ['config.ts', "import taker from '../test/support/taker.ts'", 'config.ts imports ../test/support/taker.ts'],
  ['features/quiz/start.ts', "import { z } from 'zod'", 'features/quiz/start.ts loads zod as a whole'],
  ['web/utils/text.ts', 'export const trim = 1', 'web/utils/ is a name for anything'],
  ['mailing/send.ts', "import net from 'node:net'", 'mailing/send.ts has no row in the table'],
  ['../views/home/home.hbs', '<h1>{{{title}}}</h1>', 'views/home/home.hbs prints without escaping'],
  ['../views/home/home.hbs', '<h1>{{& title}}</h1>', 'views/home/home.hbs prints without escaping']
]

let copy: string
let before: string[]
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'staff-bearings-copy-'))
  const isWritten = (path: string) => !path.includes('generated')
  for (const folder of ['src', 'views']) {
    cpSync(join(projectDirectory, folder), join(copy, folder), { recursive: true, filter: isWritten })
  }
  before = trespassersIn(copy)
  return () => rmSync(copy, { recursive: true })
})

test.each(intruders)('an intruder in %s is named: %s', (file, code, named) => {
  const path = join(copy, 'src', file)
  const original = existsSync(path) ? readFileSync(path) : null
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${code}\n`, { flag: 'a' })
  onTestFinished(() => (original ? writeFileSync(path, original) : rmSync(path)))
  expect(trespassersIn(copy).filter((one) => !before.includes(one))).toEqual([named])
})

/** One line for every rule that a file breaks. */
function trespassersIn(project: string): string[] {
  const sources = filesIn(join(project, 'src')).filter((path) => !path.startsWith('database/generated/'))
  const views = filesIn(join(project, 'views'))
  const folders = new Set(sources.map((path) => posix.dirname(path)))
  return [
    ...sources.flatMap((path) => {
      const code = readFileSync(join(project, 'src', path), 'utf8').replace(
        /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm,
        ''
      )
      return [...forbiddenImports(path, code), ...forbiddenWords(path, code)]
    }),
    ...[...folders]
      .filter((folder) => folder.split('/').some((name) => vagueFolders.includes(name)))
      .map((folder) => `${folder}/ is a name for anything`),
    ...views
      .filter((path) => !unescaped.includes(path))
      .filter((path) => /\{\{~?[{&]/.test(readFileSync(join(project, 'views', path), 'utf8')))
      .map((path) => `views/${path} prints without escaping`)
  ]
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(directory, posix.join(entry.parentPath, entry.name)))
    .sort()
}

function forbiddenWords(path: string, code: string): string[] {
  return reserved
    .filter(({ within = '', except }) => path.startsWith(within) && !except.includes(path))
    .filter(({ pattern }) => pattern.test(code))
    .map(({ what }) => `${path} ${what}`)
}

function forbiddenImports(path: string, code: string): string[] {
  const imports = importsIn(path, code)
  const rows = Object.keys(table).filter((part) => isWithin(path, part))
  if (rows.length === 0) return [`${path} has no row in the table`]
  const loads = [partOf(path), ...rows.flatMap((row) => table[row]!.loads)]
  const types = rows.flatMap((row) => table[row]!.types ?? [])
  return imports
    .filter((one) => !isAllowed(one, one.typesOnly ? [...loads, ...types] : loads))
    .map(({ target }) => `${path} imports ${target}`)
}

type Import = { target: string; isOurs: boolean; typesOnly: boolean }

/** What a file imports: sources of ours as paths in src/, anything else by its name. */
function importsIn(path: string, code: string): Import[] {
  const statements = code.matchAll(/^(?:im|ex)port\s+(type\s)?(?:[^'"`;=()]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)
  const calls = code.matchAll(/\b(?:import|require)(?:\.resolve)?\(\s*['"`]([^'"`]+)/g)
  return [
    ...[...statements].map(([, type, specifier]) => ({ specifier: specifier!, typesOnly: Boolean(type) })),
    ...[...calls].map(([, specifier]) => ({ specifier: specifier!, typesOnly: false }))
  ].map(({ specifier, typesOnly }) => {
    const isOurs = specifier.startsWith('.')
    const target = isOurs ? posix.join(posix.dirname(path), specifier) : specifier
    return { target, isOurs, typesOnly }
  })
}

function isAllowed({ target, isOurs }: Import, allowed: string[]): boolean {
  if (isBuiltin(target)) return allowed.includes('node:')
  const isPackage = !isOurs && !/^(@prisma|\.?prisma)\b/.test(target)
  return allowed.some((one) => isWithin(target, one) || (one === 'packages' && isPackage))
}

/** The folder in src/ that a file belongs to; each feature is one. */
function partOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('features/') ? 2 : 1)
    .join('/')
}

function isWithin(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}/`)
}

test('the container runs the server as npm start does', () => {
  const read = (file: string) => readFileSync(join(projectDirectory, file), 'utf8')
  const [, command] = /^CMD (.*)$/m.exec(read('Dockerfile'))!
  expect(JSON.parse(command!).join(' ')).toBe(JSON.parse(read('package.json')).scripts.start)
})
