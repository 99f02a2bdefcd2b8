import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readOptions } from '../../../tools/simulation/population/options.ts'
import { emptyDatabase } from '../../support/database.ts'
import { dataDirectory, runTool } from '../../support/server.ts'

const noon = Date.parse('2026-11-23T12:00:00Z')
const faultsOf = (...args: string[]) => {
  try {
    readOptions(args, noon)
    return []
  } catch (error) {
    return (error as Error).message.split('\n')
  }
}

test('only the number of takers has to be said', () => {
  expect(readOptions(['--takers', '5000'], noon)).toEqual({
    takers: 5000,
    seed: 1,
    until: '2026-11-23',
    sound: false,
    add: false
  })
  const all = [
    '--takers=7',
    '--seed',
    '0',
    '--until',
    '2026-02-28',
    '--sound',
    '--add',
    '--truth',
    'truth.json'
  ]
  expect(readOptions(all, noon)).toEqual({
    takers: 7,
    seed: 0,
    until: '2026-02-28',
    sound: true,
    add: true,
    truth: 'truth.json'
  })
})

const mistakes: [args: string[], says: string][] = [
  [[], '--takers says how many begin the quiz: --takers 5000'],
  [['--takers'], '--takers says how many begin the quiz: --takers 5000'],
  [['--takers', '0'], '--takers says how many begin the quiz: --takers 5000'],
  [['--takers', '1e3'], '--takers says how many begin the quiz: --takers 5000'],
  [['--takers', '9', '--seed', '-1'], '--seed says which people: --seed 1'],
  [['--takers', '9', '--seed', '9007199254740993'], '--seed says which people: --seed 1'],
  [
    ['--takers', '9', '--until', '2026-02-30'],
    '--until is the last day on which somebody begins: --until 2026-11-23'
  ],
  [['--takers', '9', '--truth'], '--truth names a file to write: --truth truth.json'],
  [['--takers', '9', '--truth='], '--truth names a file to write: --truth truth.json'],
  [['--takers', '9', '--sound=no'], '--sound takes no value'],
  [['--takers', '9', '--add=no'], '--add takes no value'],
  [['--takers', '9', '--speed', '3'], '--speed is not known'],
  [['--takers', '9', 'more'], 'more belongs to no option']
]

test.each(mistakes)('%j is refused', (args, says) => {
  expect(faultsOf(...args).at(-1)).toBe(says)
})

test('all mistakes are named at once', () => {
  expect(faultsOf('--seed', 'one', '--until', 'now', '--loud', '--add=1')).toEqual([
    '--takers says how many begin the quiz: --takers 5000',
    '--seed says which people: --seed 1',
    '--until is the last day on which somebody begins: --until 2026-11-23',
    '--add takes no value',
    '--loud is not known'
  ])
})

test('the command says beside the truth what the dashboard shows, and whether that holds', async () => {
  const url = await emptyDatabase()
  const { code, stdout } = await runTool('simulation/population/simulate.ts', { DATABASE_URL: url }, [
    '--takers',
    '300'
  ])
  expect(code).toBe(0)
  expect(stdout).toMatch(/\| Tech Lead +\| +\d+ \| +[\d.]+ % \| +\d+ % \| +\d+–\d+ \| +yes \|/)
  expect(stdout).toMatch(/All ranges under “Archetype mix, truly first” hold the truth\.\n$/)
})

test('the command fills a new database, tells the truth, and leaves a filled one alone', async () => {
  const url = await emptyDatabase()
  const directory = dataDirectory()
  const file = join(directory, 'truth.json')
  const simulate = (...args: string[]) =>
    runTool('simulation/population/simulate.ts', { DATABASE_URL: url }, args)

  const nowhere = join(directory, 'nowhere', 'truth.json')
  const unwritten = await simulate('--takers', '30', '--truth', nowhere)
  expect(unwritten.code).toBe(1)
  expect(unwritten.stderr).toBe(`ENOENT: no such file or directory, open '${nowhere}'\n`)

  const first = await simulate('--takers', '30', '--until', '2026-11-23', '--truth', file)
  expect(first.stderr).toMatch(/^30 takers in [\d.]+ s: \d+ a second\n$/)
  const { people, planted, truth, takers } = JSON.parse(readFileSync(file, 'utf8'))
  expect({ takers, people: people.length, planted: planted.length }).toEqual({
    takers: 30,
    people: 30,
    planted: 3
  })
  for (const { statement } of planted) expect(first.stdout).toContain(statement)
  expect(first.stdout).toContain(`${truth.completed} completed it`)
  expect(first.stdout).toMatch(/The dashboard estimates who is truly first from 50 people on\.\n$/)

  const again = await simulate('--takers', '30', '--seed', '2')
  expect(again.code).toBe(1)
  expect(again.stderr).toBe(
    'The database holds results or drafts already: name an empty one, or say --add.\n'
  )
  const added = await simulate('--takers', '40', '--seed', '2', '--add', '--sound')
  expect(added.code).toBe(0)
  expect(added.stdout).toMatch(/who was there before, so there is nothing to compare\.\n$/)
})
