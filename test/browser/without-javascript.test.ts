import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { paths } from '../../src/web/paths.ts'
import { content } from '../support/app.ts'
import { answeredUpTo, become, launched, listening, undecided } from '../support/browser.ts'
import { fill, type Manner } from '../support/taker.ts'

const { visit } = launched()
const withoutJavaScript = { javaScriptEnabled: false }
const patience = { timeout: 10_000 }

test('without JavaScript, the whole quiz works, from the start page to the deletion', async () => {
  const site = await listening()
  const context = await visit(site, withoutJavaScript)
  const page = await context.newPage()

  await page.goto(paths.home)
  await press(page, 'Start the quiz')
  const manner = undecided(['solver', 'right-hand'])
  const visited = []
  while (pathOf(page) !== paths.review) {
    visited.push(pathOf(page))
    await answer(page, manner)
    await press(page, 'Continue')
  }
  expect(visited).toEqual([
    ...[1, 2, 3].map(paths.pathPage),
    ...content.current.blocks.map((_, index) => paths.block(index + 1)),
    paths.habitsPage
  ])

  expect(await page.getByText('Not answered yet').count()).toBe(0)
  await press(page, 'Continue to your result')
  await answer(page, manner)
  await press(page, 'See my result')
  expect(pathOf(page)).toBe(paths.tieBreaker)
  await answer(page, manner)
  await press(page, 'Use these six and show my result')
  const finding = await page.locator('h1').textContent()
  const manage = pathOf(page)
  const share = new URL(await page.getByLabel('A link to share').inputValue()).pathname
  expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click()
  ])
  expect(download.suggestedFilename()).toBe('staff-bearings.json')

  const friend = await (await visit(site, withoutJavaScript)).newPage()
  await friend.goto(share)
  expect(await friend.locator('h1').textContent()).toBe(finding)
  expect(await friend.getByRole('link', { name: 'Delete this result' }).count()).toBe(0)

  await follow(page, 'Delete this result')
  await press(page, 'Delete my result')
  expect(await page.locator('h1').textContent()).toBe('Your result is deleted')
  for (const url of [manage, share]) expect((await page.goto(url))?.status()).toBe(404)
  await follow(page, 'start page')
  expect(await page.getByRole('button', { name: 'Start the quiz' }).isVisible()).toBe(true)
})

test('without JavaScript, a page that lacks answers comes back with the fault in focus and everything chosen kept', async () => {
  const { page } = await quizAt(paths.pathPage(1))
  const title = await page.title()
  const groups = page.locator('fieldset')
  for (const group of [0, 1, 3]) await groups.nth(group).getByRole('radio').nth(group).check()
  const chosen = await choices(page)

  expect((await press(page, 'Continue'))?.status()).toBe(422)
  expect(await page.title()).toBe(`Error: ${title}`)
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.className), patience)
    .toBe('error-summary')
  expect(await choices(page)).toEqual(chosen)

  const fault = page.locator('.error-summary a')
  expect(await groups.nth(2).locator('.error-message').textContent()).toBe(
    `Error: ${await fault.textContent()}`
  )
  await fault.click()
  const first = groups.nth(2).getByRole('radio').first()
  await expect.poll(() => first.evaluate((radio) => radio === document.activeElement), patience).toBe(true)

  await page.keyboard.press('Space')
  expect((await press(page, 'Continue'))?.status()).toBe(200)
  expect(pathOf(page)).toBe(paths.pathPage(2))
})

test('without JavaScript, a set marked with one statement twice comes back with both marks', async () => {
  const { page } = await quizAt(paths.block(1))
  await page.locator('#most-2').check()
  await page.locator('#least-2').check()
  expect(await page.getByText('One statement cannot be both').nth(1).isVisible()).toBe(true)

  expect((await press(page, 'Continue'))?.status()).toBe(422)
  const fault = 'Choose different statements for most and least like you'
  expect(await page.locator('.error-summary li').allTextContents()).toEqual([fault])
  expect(await choices(page)).toEqual(['most-2', 'least-2'])
})

test('without JavaScript, Back, Forward and refresh keep the answers and their order', async () => {
  const { page } = await quizAt(paths.block(1))
  const statements = await page.locator('main li').allTextContents()
  await page.locator('#most-3').check()
  await page.locator('#least-1').check()
  await press(page, 'Continue')

  const isAsLeft = async () => {
    expect(pathOf(page)).toBe(paths.block(1))
    expect(await page.locator('main li').allTextContents()).toEqual(statements)
    expect((await choices(page)).sort()).toEqual(['least-1', 'most-3'])
  }
  await page.goBack()
  await isAsLeft()
  await page.reload()
  await isAsLeft()
  await page.goForward()
  expect(pathOf(page)).toBe(paths.block(2))
  await follow(page, 'Back')
  await isAsLeft()
})

test('without JavaScript, a second tab resumes at the first page without an answer', async () => {
  const { site, context } = await quizAt(paths.block(4))
  const tab = await context.newPage()
  await tab.goto(paths.home)
  await follow(tab, 'Continue where you left off')
  expect(pathOf(tab)).toBe(paths.block(4))
  expect(await site.database.read.attempt.count()).toBe(1)
})

test('without JavaScript, a change from the review leads back to it', async () => {
  const { page } = await quizAt(paths.review)
  await page.locator('.answers a').first().click()
  await page.waitForURL(`${paths.block(1)}?from=review`)
  await page.locator('#most-1').check()
  await page.locator('#least-2').check()
  const [most, least] = await page.locator('main li > p:first-child').allTextContents()
  await press(page, 'Continue')
  expect(pathOf(page)).toBe(paths.review)
  expect(await page.locator('.answers').first().locator('dd').nth(0).textContent()).toBe(most)
  expect(await page.locator('.answers').first().locator('dd').nth(1).textContent()).toBe(least)
})

/** A page of the quiz, with every page before it answered. */
async function quizAt(url: string) {
  const site = await listening()
  const context = await visit(site, withoutJavaScript)
  await become(context, await answeredUpTo(site, url), site)
  const page = await context.newPage()
  await page.goto(url)
  return { site, context, page }
}

/** Answers whatever the page asks. */
async function answer(page: Page, manner: Manner) {
  for (const [name, value] of Object.entries(fill(await page.content(), manner))) {
    const radio = page.locator(`input[type=radio][name="${name}"][value="${value}"]`)
    if ((await radio.count()) > 0) await radio.check()
  }
}

async function press(page: Page, name: string) {
  const [response] = await Promise.all([
    page.waitForNavigation(),
    page.getByRole('button', { name, exact: true }).click()
  ])
  return response
}

async function follow(page: Page, name: string) {
  await Promise.all([page.waitForNavigation(), page.getByRole('link', { name, exact: true }).click()])
}

function pathOf(page: Page): string {
  return new URL(page.url()).pathname
}

/** The ids of what is chosen, in the order of the page. */
async function choices(page: Page): Promise<(string | null)[]> {
  const inputs = await page.locator('input:checked').all()
  return Promise.all(inputs.map((input) => input.getAttribute('id')))
}
