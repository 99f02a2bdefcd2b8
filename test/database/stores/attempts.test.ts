import { expect, test } from 'vitest'
import { attemptsIn } from '../../../src/database/stores/attempts.ts'
import { byServer } from '../../../src/database/stores/audit.ts'
import { resultsIn } from '../../../src/database/stores/results.ts'
import { testDatabase } from '../../support/app.ts'
import { onSqlite } from '../../support/database.ts'
import { arrangement, filesWith, newResult, page, start, tallyOf, version } from '../rows.ts'

async function drafts() {
  const { database, url } = await testDatabase()
  return { database, url, attempts: attemptsIn(database, tallyOf), results: resultsIn(database, tallyOf) }
}

test('a draft that was started is found, with nothing answered', async () => {
  const { database, attempts } = await drafts()
  await start(database, 'one')
  expect(await attempts.find('one')).toEqual({
    id: 'one',
    questionnaireVersion: version,
    arrangement,
    answers: { items: {}, blocks: {}, duels: {}, habits: {}, context: {} },
    pages: new Map(),
    groupId: null,
    revision: 0
  })
  expect(await attempts.find('another')).toBeNull()
})

test('saved pages add up, also when they are saved at once', async () => {
  const { database, attempts } = await drafts()
  await start(database, 'one')
  const saved = await Promise.all([
    attempts.save('one', page('path-1', { items: { a: 1, b: 5 } }, 9), '2026-11-01'),
    attempts.save('one', page('path-2', { items: { c: 3 } }, null), '2026-11-01'),
    attempts.save('one', page('set-x', { blocks: { x: { most: 'x1', least: 'x2' } } }, 20), '2026-11-01')
  ])
  expect(saved).toEqual([true, true, true])
  expect(await attempts.find('one')).toMatchObject({
    answers: { items: { a: 1, b: 5, c: 3 }, blocks: { x: { most: 'x1', least: 'x2' } } },
    pages: new Map([
      ['path-1', 9],
      ['path-2', null],
      ['set-x', 20]
    ])
  })
})

test('a page that is saved again is replaced, but keeps the seconds of its first reading', async () => {
  const { database, attempts } = await drafts()
  await start(database, 'one')
  await attempts.save('one', page('path-1', { items: { a: 1, b: 5 } }, 31), '2026-11-01')
  await attempts.save('one', page('path-1', { items: { a: 2 } }, 4), '2026-11-01')
  expect(await attempts.find('one')).toMatchObject({
    answers: { items: { a: 2 } },
    pages: new Map([['path-1', 31]])
  })
})

test('nothing is saved for a draft that does not exist', async () => {
  const { database, attempts } = await drafts()
  expect(await attempts.save('nobody', page('path-1'), '2026-11-01')).toBe(false)
  expect(await attempts.complete('nobody', page('context'), '2026-11-01', () => newResult('nobody'))).toBe(
    false
  )
  expect(await database.read.savedPage.count()).toBe(0)
  expect(await database.read.result.count()).toBe(0)
})

test('a completed draft becomes its result, with the last page', async () => {
  const { database, attempts, results } = await drafts()
  await start(database, 'one')
  await attempts.save('one', page('path-1', { items: { a: 1 } }, 31), '2026-11-01')
  const completed = await attempts.complete(
    'one',
    page('context', { context: { role: 'manager' } }),
    '2026-11-02',
    ({ answers }) => newResult('one', { answers })
  )
  expect(completed).toBe(true)
  expect(await results.ofAttempt('one')).toMatchObject({
    completedOn: '2026-11-02',
    answers: { items: { a: 1 }, context: { role: 'manager' } }
  })
  expect(await attempts.find('one')).toBeNull()
  expect(await database.read.savedPage.count()).toBe(0)
})

test('a draft is completed once, however often and however fast the button is pressed', async () => {
  const { database, attempts, results } = await drafts()
  await start(database, 'one')
  const press = (seconds: number) =>
    attempts.complete('one', page('context'), '2026-11-01', () =>
      newResult('one', { seconds: { n: seconds } })
    )
  expect(await Promise.all([press(1), press(2), press(3)])).toEqual([true, true, true])
  const result = await results.ofAttempt('one')
  expect(result!.seconds.n).toBeOneOf([1, 2, 3])
  expect(await press(4)).toBe(true)
  expect(await attempts.save('one', page('path-1'), '2026-11-01')).toBe(false)
  expect(await database.read.result.count()).toBe(1)
  expect(await results.ofAttempt('one')).toEqual(result)
})

test('a result is concluded from what was saved, also if that changed while it was computed', async () => {
  const { database, attempts, results } = await drafts()
  await start(database, 'one')
  await attempts.save('one', page('path-1', { items: { a: 1, b: 5 } }, 9), '2026-11-01')
  const concluded: unknown[] = []
  let change: Promise<boolean> | undefined
  const completed = await attempts.complete('one', page('context'), '2026-11-01', ({ answers, pages }) => {
    change ??= attempts.save('one', page('path-1', { items: { a: 2 } }, 4), '2026-11-01')
    concluded.push([answers.items, pages.get('path-1')])
    return newResult('one', { answers })
  })
  expect([completed, await change]).toEqual([true, true])
  expect(concluded).toEqual([
    [{ a: 1, b: 5 }, 9],
    [{ a: 2 }, 9]
  ])
  expect(await results.ofAttempt('one')).toMatchObject({ answers: { items: { a: 2 } } })
})

test('a draft in which something is missing stays one, and keeps the last page', async () => {
  const { database, attempts } = await drafts()
  await start(database, 'one')
  const last = page('context', { context: { role: 'manager' } })
  expect(await attempts.complete('one', last, '2026-11-01', () => null)).toBe(false)
  expect(await attempts.find('one')).toMatchObject({ answers: { context: { role: 'manager' } } })
  expect(await database.read.result.count()).toBe(0)
})

test('if scoring fails, nothing is changed', async () => {
  const { database, attempts } = await drafts()
  await start(database, 'one')
  const scoring = () => {
    throw new RangeError('not a response')
  }
  await expect(attempts.complete('one', page('context'), '2026-11-01', scoring)).rejects.toThrow(RangeError)
  expect(await attempts.find('one')).toMatchObject({ pages: new Map() })
})

test('a draft that is forgotten is gone, alone and with its pages', async () => {
  const { database, attempts } = await drafts()
  for (const id of ['one', 'two']) {
    await start(database, id)
    await attempts.save(id, page('path-1', { items: { a: 1 } }), '2026-11-01')
  }
  await attempts.forget('one')
  await attempts.forget('one')
  expect(await attempts.find('one')).toBeNull()
  expect(await database.read.savedPage.findMany({ select: { attemptId: true } })).toEqual([
    { attemptId: 'two' }
  ])
})

test('drafts are forgotten by the day they were last saved on', async () => {
  const { database, attempts } = await drafts()
  for (const id of ['old', 'saved since', 'on the day']) await start(database, id, '2026-10-01')
  await attempts.save('saved since', page('path-1'), '2026-11-02')
  await attempts.save('on the day', page('path-1'), '2026-11-01')
  expect(await attempts.forgetBefore('2026-11-01', byServer(0))).toBe(1)
  expect(await attempts.forgetBefore('2026-11-01', byServer(0))).toBe(0)
  expect(await attempts.find('old')).toBeNull()
  expect(await attempts.find('saved since')).not.toBeNull()
  expect(await attempts.find('on the day')).not.toBeNull()
})

test.runIf(onSqlite)('of a forgotten draft no byte is left in the files', async () => {
  const { database, url, attempts } = await drafts()
  // Longer than a page of the database, and beside others, so that it lies in more than one place.
  const marker = 'marker-of-a-draft'
  for (let index = 0; index < 10; index++) await start(database, `before-${index}`)
  await start(database, 'one')
  for (const name of ['path-1', 'habits']) {
    await attempts.save('one', page(name, { habits: { note: `${marker} `.repeat(400) } }), '2026-11-01')
  }
  for (let index = 0; index < 10; index++) await start(database, `after-${index}`)
  expect(filesWith(url, marker)).toContain('db-wal')
  // Somebody else is answered by the same commit, and reads at once.
  const read = attempts.save('after-1', page('path-1', {}), '2026-11-01').then(() => attempts.find('after-1'))
  await Promise.all([attempts.forget('one'), read])
  expect(filesWith(url, marker)).toEqual([])
  expect(await database.read.attempt.count()).toBe(20)
})

test('attempts that are brought are there like others, all or none', async () => {
  const { attempts, results } = await drafts()
  const draft = { questionnaireVersion: version, arrangement }
  const pages = [page('path-1', { items: { a: 1 } }, 9), page('path-2', { items: { c: 3 } })]
  await attempts.bring([
    { id: 'a draft', day: '2026-11-01', draft, pages },
    { id: 'a result', day: '2026-11-02', result: newResult('a result') }
  ])
  expect(await attempts.find('a draft')).toMatchObject({
    arrangement,
    answers: { items: { a: 1, c: 3 } },
    pages: new Map([
      ['path-1', 9],
      ['path-2', null]
    ])
  })
  expect(await attempts.forgetBefore('2026-11-02', byServer(0))).toBe(1)
  expect(await results.byViewLink('view-a result')).toMatchObject({ completedOn: '2026-11-02' })

  const twice = attempts.bring([
    { id: 'another draft', day: '2026-11-03', draft, pages },
    { id: 'a result', day: '2026-11-03', result: newResult('a result') }
  ])
  await expect(twice).rejects.toThrow()
  expect(await attempts.find('another draft')).toBeNull()
  expect(await results.ofAttempt('a result')).toMatchObject({ completedOn: '2026-11-02' })
})
