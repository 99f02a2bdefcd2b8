import { load } from 'cheerio'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { type Content, loadContent } from '../../src/content/load.ts'
import { startVersion } from '../../src/content/versions.ts'
import { questionnairesIn } from '../../src/database/stores/questionnaires.ts'
import type { Scores } from '../../src/scoring/scores.ts'
import { testDatabase, type Visitor, visitor } from '../support/app.ts'
import { change, contentWith, publishAll } from '../support/content-copy.ts'
import { devotedTo, fill, seeded, take } from '../support/taker.ts'

/**
 * Content with version A alone, and with B beside it: the same ids, but other words, and every statement keyed to the
 * next archetype, so that answers to A that were scored with B would come out as somebody else's.
 */
function twoVersions() {
  const directory = contentWith()
  const before = loadContent(directory)
  startVersion(directory, '2027-03')
  const next: Record<string, string> = {
    'tech-lead': 'architect',
    architect: 'solver',
    solver: 'right-hand',
    'right-hand': 'tech-lead'
  }
  change(directory, {
    'questionnaires/2027-03/blocks.yaml': (text) =>
      text
        .replace(/archetype: ([\w-]+)/g, (_, archetype: string) => `archetype: ${next[archetype]}`)
        .replaceAll('situation: ', 'situation: Later on, ')
        .replace(/text: '?I /g, (start) => start.replace('I ', 'I now ')),
    'questionnaires/2027-03/path.yaml': (text) => text.replaceAll('stem: ', 'stem: These days, '),
    'questionnaires/2027-03/habits.yaml': (text) => text.replace('label: A few hours', 'label: Some hours')
  })
  publishAll(directory)
  return { before, after: loadContent(directory) }
}

/** Starts the service as server.ts does, on this database. */
async function served(database: Awaited<ReturnType<typeof testDatabase>>['database'], content: Content) {
  await questionnairesIn(database).register(content.questionnaires.values())
  const app = await buildApp(readConfig({ LOG_LEVEL: 'silent' }), database, content)
  await app.ready()
  onTestFinished(() => app.close())
  return app
}

/** The same browser after a restart. */
function cameBack(before: Visitor, app: Awaited<ReturnType<typeof served>>): Visitor {
  const after = visitor(app)
  for (const [name, value] of before.cookies) after.cookies.set(name, value)
  return after
}

const manner = devotedTo('solver', seeded(5))

test('an attempt begun on A and finished after B was published is asked and scored with A', async () => {
  const { database } = await testDatabase()
  const { before, after } = twoVersions()
  const beginner = visitor(await served(database, before))
  let url = (await beginner.post('/quiz')).headers.location as string
  while (url !== '/quiz/sets/6') {
    const page = await beginner.get(url)
    url = (await beginner.post(url, fill(page.body, manner))).headers.location as string
  }

  const app = await served(database, after)
  const taker = cameBack(beginner, app)
  while (url.startsWith('/quiz')) {
    const page = await taker.get(url)
    expect(page.body).not.toMatch(/Later on|I now|These days|Some hours/)
    const action = load(page.body)('main form').attr('action') as string
    url = (await taker.post(action, fill(page.body, manner))).headers.location as string
  }
  const download = (await taker.get(`${url}/answers.json`)).json()
  expect(download).toMatchObject({ finding: 'Clearly Solver', questionnaireVersion: '2026-11' })
  expect(download.blocks).toHaveLength(12)

  const newcomer = visitor(app)
  const started = (await newcomer.post('/quiz')).headers.location as string
  expect((await newcomer.get(started)).body).toContain('These days')
  expect((await newcomer.get('/quiz/sets/1')).body).toMatch(/Later on, [\s\S]*I now /)
})

test('whoever starts after B was published is scored with B', async () => {
  const { database } = await testDatabase()
  const app = await served(database, twoVersions().after)
  const taker = visitor(app)
  // Marks the statements that stand for the Solver in A: B has them stand for the next archetype.
  const result = await take(taker, manner)
  const download = (await taker.get(`${result}/answers.json`)).json()
  expect(download).toMatchObject({ finding: 'Clearly Right Hand', questionnaireVersion: '2027-03' })
})

test('a result of A keeps its questions and its finding when B is asked', async () => {
  const { database } = await testDatabase()
  const { before, after } = twoVersions()
  const taker = visitor(await served(database, before))
  const url = await take(taker, manner)
  const page = await taker.get(url)
  const answers = await taker.get(`${url}/answers.json`)

  const later = cameBack(taker, await served(database, after))
  const shown = await later.get(url)
  expect(mainOf(shown.body)).toBe(mainOf(page.body))
  expect(load(shown.body)('h1').text()).toBe('Clearly Solver')
  expect(shown.body).not.toContain('Some hours')
  expect((await later.get(`${url}/answers.json`)).json()).toEqual(answers.json())
  expect(answers.body).not.toMatch(/Later on|I now|These days/)
})

test('a result scored in another way keeps its scoring version and its scores, whatever scores today', async () => {
  const { database } = await testDatabase()
  const { before } = twoVersions()
  const taker = visitor(await served(database, before))
  const url = await take(taker, devotedTo('architect', seeded(6)))
  // As another way of scoring could have come to it: the same posterior, with the archetypes the other way round.
  const { scores } = await database.read.result.findFirstOrThrow()
  const { profile, leading, ...rest } = JSON.parse(scores) as Scores
  const reversed = {
    ...rest,
    profile: {
      ...profile,
      first: profile.first.toReversed(),
      share: profile.share.toReversed(),
      range80: profile.range80.toReversed()
    },
    leading: { ...leading, archetypes: leading.archetypes.map((archetype) => 3 - archetype) }
  }
  await database.write((transaction) =>
    transaction.result.updateMany({ data: { scores: JSON.stringify(reversed), scoringVersion: 'reversed' } })
  )

  const app = await served(database, before)
  const later = cameBack(taker, app)
  expect(load((await later.get(url)).body)('h1').text()).toBe('Clearly Solver')
  const old = (await later.get(`${url}/answers.json`)).json()
  expect(old).toMatchObject({ finding: 'Clearly Solver', scoringVersion: 'reversed' })
  expect(old.scores.leading.archetypes).toEqual([2])

  const newcomer = visitor(app)
  const today = await take(newcomer, devotedTo('architect', seeded(6)))
  const fresh = (await newcomer.get(`${today}/answers.json`)).json()
  expect(fresh).toMatchObject({ finding: 'Clearly Architect' })
  expect(fresh.scoringVersion).not.toBe('reversed')
})

/** What a page says, without what changes with each restart. */
function mainOf(html: string): string {
  return load(html)('main').html() as string
}
