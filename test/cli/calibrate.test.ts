import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadContent } from '../../src/content/load.ts'
import { openDatabase } from '../../src/database/engine/client.ts'
import { calibrationsIn } from '../../src/database/stores/calibrations.ts'
import type { Fault } from '../../tools/simulation/population/faults.ts'
import { randomFrom } from '../../tools/simulation/random.ts'
import { content, testDatabase } from '../support/app.ts'
import { madeUpCalibration } from '../support/calibration.ts'
import { contentWith } from '../support/content-copy.ts'
import { emptyDatabase } from '../support/database.ts'
import { addPeople, madeUp } from '../support/people.ts'
import { dataDirectory, runBuilt, runTool } from '../support/server.ts'

const questionnaire = content.current

/** Runs commands on one database and one folder of content. */
function commandsOn(url: string, folder = contentWith()) {
  const settings = { DATABASE_URL: url, CONTENT_DIR: folder, MIN_CELL: '' }
  const run = async (command: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runBuilt(`cli/${command}.js`, settings, args)
    return { code, stdout, stderr }
  }
  const versions = () => [...loadContent(folder).questionnaires.keys()]
  return { run, folder, versions, calibrate: (...args: string[]) => run('calibrate', ...args) }
}

test('a planted statement that is too attractive is found, written into a new version, and published', async () => {
  const directory = dataDirectory()
  const [url, truth] = [await emptyDatabase(), join(directory, 'truth.json')]
  const { run, calibrate, folder, versions } = commandsOn(url)
  expect(
    (
      await runTool('simulation/population/simulate.ts', { DATABASE_URL: url }, [
        '--takers',
        '450',
        '--truth',
        truth
      ])
    ).code
  ).toBe(0)
  const { planted }: { planted: Fault[] } = JSON.parse(readFileSync(truth, 'utf8'))
  const { statement } = planted.find(({ kind }) => kind === 'too-attractive')!

  const estimated = await calibrate()
  expect(estimated.code).toBe(0)
  const statements = questionnaire.blocks.flatMap((block) => block.statements)
  const { text } = statements.find(({ id }) => id === statement)!
  const [first] = estimated.stdout.split('\n').filter((line) => /^\| I /.test(line))
  expect(first).toContain(text)
  expect(estimated.stdout).toMatch(/from 3\d\d people\.\n[\s\S]*Worth a new version[\s\S]*-- --write/)
  expect(versions()).toEqual(['2026-11'])

  const written = await calibrate('--write', '2027-03')
  expect(written).toMatchObject({ code: 0, stderr: '' })
  expect(written.stdout).toMatch(
    /This is the last estimate[\s\S]*content:check[\s\S]*content:publish -- 2027-03/
  )
  expect(loadContent(folder).current.version).toBe('2026-11')
  const { attractiveness } = loadContent(folder).questionnaires.get('2027-03')!
  // It beats the three others of its set by 1.5; of what it has over the rest of its archetype, nobody can tell.
  const { statements: four } = questionnaire.blocks.find((block) =>
    block.statements.some(({ id }) => id === statement)
  )!
  const others = four.filter(({ id }) => id !== statement).map(({ id }) => attractiveness![id]!)
  const ahead = attractiveness![statement]! - others.reduce((sum, value) => sum + value) / 3
  expect(Math.abs(ahead - 1.5)).toBeLessThan(0.5)
  const database = await openDatabase(url)
  expect((await calibrationsIn(database, 5).last('2026-11'))?.attractiveness).toEqual(attractiveness)
  await database.close()

  expect(await run('publish-version', '2027-03')).toMatchObject({ code: 0, stderr: '' })
  expect(loadContent(folder).current).toMatchObject({ version: '2027-03', attractiveness })
  const again = await calibrate('--version', '2026-11', '--write', '2027-03')
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toBe('2027-03 exists already: choose a later name than 2027-03.\n')
}, 120_000)

test('of fewer than 300 people nothing is estimated, and whatever cannot be read is named', async () => {
  const { database, url } = await testDatabase()
  const random = randomFrom(3)
  const people = Array.from({ length: 299 }, () => madeUp(questionnaire, random))
  await addPeople(database, people.map(withCare), questionnaire)
  const { calibrate, versions } = commandsOn(url)
  for (const args of [[], ['--write', '2027-03']]) {
    expect(await calibrate(...args)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        '299 people have given answers to 2026-11 that can be used. With fewer than 300, an estimate would say more about them than about the statements.\n'
    })
  }
  expect(await calibrationsIn(database, 5).last('2026-11')).toBeNull()
  expect(versions()).toEqual(['2026-11'])

  const wrong = [
    [['--speed', 'now'], '--speed is not known\n'],
    [['--version', '2020-01'], /^There is no 2020-01 in \S+\n$/],
    [['--write'], '--write names a version: 2026-11\n'],
    [['--write', 'spring'], '“spring” is no name for a version: take year and month, such as 2027-03.\n']
  ] as const
  for (const [args, says] of wrong) {
    expect(await calibrate(...args)).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(says) })
  }
}, 120_000)

test('equally attractive statements give no new version, and a few people more no new estimate', async () => {
  const { database, url } = await testDatabase()
  const random = randomFrom(4)
  const more = (count: number) =>
    addPeople(
      database,
      Array.from({ length: count }, () => withCare(madeUp(questionnaire, random))),
      questionnaire
    )
  await more(320)
  const { calibrate, versions } = commandsOn(url)
  const calibrations = calibrationsIn(database, 5)
  const last = madeUpCalibration(questionnaire, { ship: false, gain: -0.01, people: 320, available: 320 })
  await calibrations.keep('2026-11', last)
  const before = await calibrations.last('2026-11')

  await more(4)
  const refused = await calibrate('--write', '2027-03')
  expect(refused.code).toBe(1)
  expect(refused.stdout).toMatch(/from 320 people\.\n[\s\S]*This is the last estimate/)
  expect(refused.stderr).toBe('2027-03 is not written: it would predict answers no better.\n')
  expect(versions()).toEqual(['2026-11'])
  expect(await calibrations.last('2026-11')).toEqual(before)

  await more(1)
  const { code, stdout } = await calibrate()
  expect(code).toBe(0)
  expect(stdout).toMatch(/from 325 people\.\n[\s\S]*Not worth a new version/)
  expect(stdout).not.toContain('--write')
  const after = (await calibrations.last('2026-11'))!
  expect(after).toMatchObject({ people: 325, ship: false })
  expect(after.gain).toBeLessThan(0)
}, 120_000)

/** The same person, whose marks do not happen to fall on one position. */
function withCare<Person extends ReturnType<typeof madeUp>>(person: Person): Person {
  const { scores } = person
  return { ...person, scores: { ...scores, consistency: { reasons: [], leaveOut: false } } }
}
