import { load } from 'cheerio'
import { afterEach, expect, test, vi } from 'vitest'
import { pageNames } from '../../../src/attempt/steps.ts'
import type { Database } from '../../../src/database/engine/client.ts'
import { durationOf } from '../../../src/features/home/duration.ts'
import { newResult } from '../../database/rows.ts'
import { content, testApp } from '../../support/app.ts'

afterEach(() => {
  vi.useRealTimers()
})

const pages = pageNames(content.current)

/** An attempt of so many seconds, with a time for every page. */
function attempt(total: number): Record<string, number> {
  const rest = total - (pages.length - 1)
  return Object.fromEntries(pages.map((name, index) => [name, index === 0 ? rest : 1]))
}

const attempts = (count: number, seconds: number) => Array.from({ length: count }, () => attempt(seconds))

test('below fifty attempts the estimate is told, from fifty on the median', () => {
  const estimate = { minutes: 'seven minutes', people: null }
  expect(durationOf([], pages)).toEqual(estimate)
  expect(durationOf(attempts(49, 300), pages)).toEqual(estimate)
  expect(durationOf(attempts(50, 300), pages)).toEqual({ minutes: 'five minutes', people: 50 })
})

test('the median lies between the middle two, and far-off times do not move it', () => {
  const halves = [...attempts(25, 360), ...attempts(25, 480)]
  expect(durationOf(halves, pages).minutes).toBe('seven minutes')
  expect(durationOf([...halves, attempt(480)], pages).minutes).toBe('eight minutes')
  expect(durationOf([...attempts(40, 360), ...attempts(20, 24 * 60 * 60)], pages).minutes).toBe('six minutes')
})

test('an attempt that lacks the time of a page does not count; one with more pages does', () => {
  const { habits: _, ...partial } = attempt(600)
  const lacking = Array.from({ length: 60 }, () => partial)
  expect(durationOf([...lacking, ...attempts(49, 300)], pages).people).toBeNull()
  expect(durationOf([...lacking, ...attempts(50, 300)], pages)).toEqual({
    minutes: 'five minutes',
    people: 50
  })
  const withSixMore = attempts(50, 300).map((seconds) => ({ ...seconds, 'six-more': 60 }))
  expect(durationOf(withSixMore, pages).minutes).toBe('six minutes')
})

test.each([
  [0, 'one minute'],
  [89, 'one minute'],
  [91, 'two minutes'],
  [12 * 60, 'twelve minutes'],
  [13 * 60, '13 minutes']
])('%i seconds are %s', (seconds, minutes) => {
  const evenly = Object.fromEntries(pages.map((name) => [name, seconds / pages.length]))
  expect(durationOf(Array(50).fill(evenly), pages).minutes).toBe(minutes)
})

test('the home page tells the median of the latest 500, and looks again after an hour', async () => {
  const { app, database } = await testApp()
  vi.useFakeTimers({ toFake: ['Date'] })
  const tags = new Set<unknown>()
  const lead = async () => {
    const { body, headers } = await app.inject('/')
    tags.add(headers.etag)
    return load(body)('.lead').text()
  }
  expect(await lead()).toContain('a few short questions: about seven minutes. You')

  await store(database, 'old', '2026-10-01', attempts(300, 600))
  await store(database, 'new', '2026-11-01', attempts(400, 300))
  vi.advanceTimersByTime(59 * 60 * 1000)
  expect(await lead()).toContain('about seven minutes. You')
  vi.advanceTimersByTime(60 * 1000)
  expect(await lead()).toContain('about five minutes, the median of the last 500 people. You')
  expect(tags.size).toBe(2)
})

async function store(database: Database, name: string, completedOn: string, times: Record<string, number>[]) {
  const data = times.map((seconds, index) => {
    const { scores, answers, arrangement, ...rest } = newResult(`${name}-${index}`)
    return {
      ...rest,
      explanation: null,
      id: `${name}-${index}`,
      completedOn,
      arrangement: JSON.stringify(arrangement),
      answers: JSON.stringify(answers),
      scores: JSON.stringify(scores),
      seconds: JSON.stringify(seconds)
    }
  })
  await database.write((transaction) => transaction.result.createMany({ data }))
}
