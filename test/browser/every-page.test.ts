import axe from 'axe-core'
import { HtmlValidate } from 'html-validate'
import type { Page, Response } from 'playwright-core'
import { expect, test } from 'vitest'
import { archetypes } from '../../src/content/schema.ts'
import { paths } from '../../src/web/paths.ts'
import { addAdmin, addTotp, codeAt, giveSession } from '../support/admin.ts'
import { content, type Visitor } from '../support/app.ts'
import { answeredUpTo, become, launched, listening, logIn, type Site, undecided } from '../support/browser.ts'
import { devotedTo, type Manner, seeded, straightLine, take } from '../support/taker.ts'

const { visit } = launched()

/** A page as one visitor meets it: what they ask for, and, where it takes a form, what they do there. */
type State = {
  name: string
  site: Site
  visitor: Visitor
  url: string
  status: number
  heading: string | RegExp
  submit?: (page: Page) => Promise<void>
}

type StateFor = (
  visitor: Visitor,
  status?: number
) => (name: string, url: string, heading: State['heading'], submit?: State['submit']) => State

const widths = [1280, 320]

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page is accessible and fits its window, ${colorScheme}`, { timeout: 120_000 }, async () => {
    const faults = await walk(await everyState(), { colorScheme }, async (page) => {
      await page.evaluate(axe.source)
      // Axe cannot tell contrast over an image, and the ruler along the top is one, behind the whole page.
      await page.evaluate(() => {
        document.body.style.backgroundImage = 'none'
      })
      const found = []
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 })
        found.push(...(await violations(page)).map((violation) => `${width} px: ${violation}`))
        found.push(...(await tooWide(page)))
      }
      await page.evaluate(spaceText)
      found.push(...(await tooWide(page)).map((fault) => `with spaced text: ${fault}`))
      return found
    })
    expect(faults).toEqual({})
  })
}

test('every page is valid HTML without inline styles', { timeout: 60_000 }, async () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended', 'html-validate:a11y'],
    rules: {
      'no-inline-style': 'error',
      'doctype-style': 'off',
      'long-title': 'off',
      'no-redundant-role': 'off',
      'require-sri': 'off'
    }
  })
  const faults = await walk(await everyState(), {}, async (_page, response) => {
    const { results } = await validator.validateString(await response.text())
    return results.flatMap(({ messages }) =>
      messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`)
    )
  })
  expect(faults).toEqual({})
})

test('whatever is clicked or tapped is large enough', { timeout: 60_000 }, async () => {
  const faults = await walk(await everyState(), {}, async (page) => {
    const found = []
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      found.push(...(await page.evaluate(smallerThan, smallest)).map((target) => `${width} px: ${target}`))
    }
    return found
  })
  expect(faults).toEqual({})
})

/** CSS pixels: answers, then other controls, then links that stand alone (WCAG 2.2, 2.5.8 asks for 24). */
const smallest = {
  '.pick': 48,
  'button, .button, .text, select': 44,
  'header a, footer a, .back a, .answers a, .error-summary a': 24
}

/** Runs in the page: the visible elements that are not as high, or not 24 px wide. */
function smallerThan(heights: Record<string, number>): string[] {
  return Object.entries(heights).flatMap(([selector, least]) =>
    [...document.querySelectorAll(selector)]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ element, box }) => element.checkVisibility() && (box.height < least || box.width < 24))
      .map(({ element, box }) => `${element.textContent.trim()} is ${box.width} by ${box.height}`)
  )
}

/** What a check finds wrong on which page. */
async function walk(
  states: State[],
  options: { colorScheme?: 'light' | 'dark' },
  check: (page: Page, response: Response) => Promise<string[]>
) {
  const faults: Record<string, string[]> = {}
  const waiting = [...states]

  async function lane() {
    const pages = new Map<Site, Page>()
    for (let state = waiting.shift(); state; state = waiting.shift()) {
      const { site } = state
      const page = pages.get(site) ?? (await (await visit(site, options)).newPage())
      pages.set(site, page)
      await page.setViewportSize({ width: 1280, height: 800 })
      const found = await check(page, await open(page, state))
      if (found.length > 0) faults[state.name] = found
    }
  }
  await Promise.all([lane(), lane()])
  return faults
}

/** Brings the page into a state, and makes sure that it is this one. */
async function open(page: Page, { name, site, visitor, url, status, heading, submit }: State) {
  await become(page.context(), visitor, site)
  let response = await page.goto(url)
  if (submit) {
    ;[response] = await Promise.all([page.waitForNavigation(), submit(page)])
  }
  expect(response?.status(), name).toBe(status)
  expect(await page.locator('h1').textContent(), name).toMatch(heading)
  return response as Response
}

async function tooWide(page: Page): Promise<string[]> {
  const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth])
  return needed! > given! ? [`needs ${needed} of ${given} px`] : []
}

/** Runs in the page: the spacing that readers must be able to set (WCAG 2.2, 1.4.12). */
function spaceText() {
  const sheet = new CSSStyleSheet()
  const all = 'line-height: 1.5; letter-spacing: 0.12em; word-spacing: 0.16em'
  sheet.replaceSync(`* { ${all} } p { margin-bottom: 2em }`.replaceAll(/(?=;| })/g, ' !important'))
  document.adoptedStyleSheets = [sheet]
}

/** What is wrong, and what cannot be told. */
async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(
    (tags) =>
      (window as unknown as { axe: typeof axe }).axe.run({
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations', 'incomplete']
      }),
    ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  )
  return [...results.violations, ...results.incomplete].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, any }) => `${target} ${any[0]?.message}`)}`
  )
}

async function everyState(): Promise<State[]> {
  return [...(await statesWithoutResults(await listening())), ...(await statesOf(await listening()))]
}

async function statesWithoutResults(site: Site): Promise<State[]> {
  return [
    { name: 'home', site, visitor: site.visitor(), url: paths.home, status: 200, heading: /^Find/ },
    {
      name: 'dashboard without results',
      site,
      visitor: await logIn(site, site.visitor()),
      url: paths.admin,
      status: 200,
      heading: 'Results'
    }
  ]
}

async function statesOf(site: Site): Promise<State[]> {
  const random = seeded(1)
  const anyone = site.visitor()
  const newcomer = await answeredUpTo(site, paths.pathPage(1))
  const beginner = await answeredUpTo(site, paths.block(2))
  const done = await answeredUpTo(site, paths.review)
  const tied = await answeredUpTo(site, paths.tieBreaker, undecided(['architect', 'right-hand']))
  const results = {
    clear: await resultOf(site, devotedTo('solver', random)),
    blend: await resultOf(site, undecided(['architect', 'right-hand'])),
    open: await resultOf(site, undecided(archetypes)),
    none: await resultOf(site, straightLine)
  }
  const admin = await logIn(site, site.visitor())
  await copyResults(site)

  const state: StateFor =
    (visitor, status = 200) =>
    (name, url, heading, submit) => ({
      name,
      site,
      visitor,
      url,
      status,
      heading,
      ...(submit && { submit })
    })
  const reading = state(anyone)
  const begun = state(beginner)
  const wrong = state(beginner, 422)
  const ready = state(done)
  const empty = (page: Page) => page.locator('main form button').last().click()

  return [
    begun('home with a draft', paths.home, /^Find/),
    begun('items', paths.pathPage(1), /^Two ways/),
    begun('items, last page', paths.pathPage(3), /^Two ways/),
    state(newcomer, 422)('items, nothing chosen', paths.pathPage(1), /^Two ways/, empty),
    begun('block', paths.block(1), /./),
    wrong('block, nothing chosen', paths.block(2), /./, empty),
    begun('habits', paths.habitsPage, /^Where your hours/),
    wrong('habits, nothing chosen', paths.habitsPage, /^Where your hours/, empty),
    begun('review, incomplete', paths.review, /^Check your answers/),
    wrong('review, sent incomplete', paths.review, /^Check your answers/, empty),
    ready('review, complete', paths.review, /^Check your answers/),
    ready('context', paths.context, /^Five questions/),
    state(tied)('tie-breaker', paths.tieBreaker, /^Six quick choices/),
    state(tied, 422)('tie-breaker, nothing chosen', paths.tieBreaker, /^Six quick choices/, empty),
    state(results.clear.visitor)('home with a result', paths.home, /^Find/),
    reading('result, clear', results.clear.manage, /^Clearly Solver/),
    reading('result, clear, shared', results.clear.view, /^Clearly Solver/),
    reading('result, blend', results.blend.manage, /^Between/),
    reading('result, blend, shared', results.blend.view, /^Between/),
    reading('result, open', results.open.manage, /^No clear lead/),
    reading('result, open, shared', results.open.view, /^No clear lead/),
    reading('result, no pattern', results.none.manage, /^No stable pattern/),
    reading('result, no pattern, shared', results.none.view, /^No stable pattern/),
    reading('delete', `${results.clear.manage}/delete`, 'Delete this result?'),
    reading('deleted', paths.deleted, 'Your result is deleted'),
    reading('archetypes', paths.archetypes, 'The four archetypes'),
    ...archetypes.map((id) => reading(id, paths.archetype(id), content.archetypes[id].name)),
    reading('compare', paths.comparison('solver', 'architect'), 'Solver and Architect compared'),
    reading('compare, twice the same', paths.comparison('solver', 'solver'), 'Compare two archetypes'),
    state(anyone, 400)('compare, unknown', `${paths.compare}?a=nobody`, 'Compare two archetypes'),
    reading('path', paths.path, content.pages.path.title),
    reading('habits page', paths.habits, content.pages.habits.title),
    reading('limits', paths.limits, content.pages.limits.title),
    reading('privacy', paths.privacy, content.pages.privacy.title),
    reading('how it works', paths.howItWorks, content.pages['how-it-works'].title),
    reading('login', paths.login, 'Log in'),
    state(anyone, 422)('login, wrong', paths.login, 'Log in', empty),
    state(admin)('dashboard', paths.admin, 'Results'),
    ...(await statesOfAccounts(site, admin, state)),
    state(anyone, 404)('not found', '/nowhere', 'Page not found'),
    state(anyone, 404)('no draft', paths.review, 'There is no quiz in progress here'),
    state(beginner, 400)('bad request', paths.block(2), 'That could not be read', sentWith('unknown')),
    state(beginner, 413)('too large', paths.block(2), 'That was too much', sentWith('x'.repeat(40_000)))
  ]
}

/** The admin section but for the dashboard, as its different admins meet it. */
async function statesOfAccounts(site: Site, ada: Visitor, state: StateFor): Promise<State[]> {
  const { database } = site
  const admin = state(ada)
  const wrong = state(ada, 422)
  await addAdmin(database, 'grace.hopper@bearings.example.org', Date.now() + 24 * 60 * 60 * 1000)
  await addAdmin(database, 'joan')
  await addAdmin(database, 'enrols')
  await addTotp(database, 'joan')
  const someone = async (name: string, session = {}) => {
    const visitor = site.visitor()
    await giveSession(database, visitor, { name, ...session })
    return visitor
  }
  const first = state(await someone('grace.hopper@bearings.example.org'))
  const withApp = await someone('joan')
  const awaited = await someone('joan', { awaitsCode: true })
  const press = (name: string) => (page: Page) => page.getByRole('button', { name }).click()
  const without = (token: string) => async (page: Page) => {
    await page
      .locator('main form:not(.logout) input[name=token]')
      .evaluate((input: HTMLInputElement, value) => {
        input.value = value
      }, token)
    await press('Add the account')(page)
  }
  const enrolled = async (page: Page) => {
    const secret = (await page.locator('.secret').textContent())!.replaceAll(' ', '')
    await page.locator('#code').fill(codeAt(Date.now(), secret))
    await press('Turn it on')(page)
  }
  const added = async (page: Page) => {
    await page.locator('#name').fill('added')
    await press('Add the account')(page)
  }
  return [
    state(awaited)('code', paths.loginCode, 'Enter your code'),
    state(awaited, 422)('code, wrong', paths.loginCode, 'Enter your code', press('Continue')),
    admin('confirm', paths.confirm, 'Confirm that it is you'),
    wrong('confirm, wrong', paths.confirm, 'Confirm that it is you', press('Continue')),
    admin('account', paths.account, 'Your account'),
    state(withApp)('account with an app', paths.account, 'Your account'),
    first('first password', paths.password, 'Choose a new password'),
    wrong('password, wrong', paths.password, 'Choose a new password', press('Change the password')),
    admin('authenticator', paths.authenticator, 'Set up an authenticator app'),
    wrong('authenticator, wrong', paths.authenticator, 'Set up an authenticator app', press('Turn it on')),
    state(await someone('enrols'))('recovery codes', paths.authenticator, 'Your recovery codes', enrolled),
    state(withApp)('authenticator off', paths.authenticatorOff, 'Turn the authenticator app off?'),
    state(withApp)('new recovery codes', paths.recoveryCodes, 'Make new recovery codes?'),
    admin('accounts', paths.accounts, 'Accounts'),
    admin('new account', paths.newAccount, 'Add an account'),
    wrong('new account, no name', paths.newAccount, 'Add an account', press('Add the account')),
    admin('added account', paths.newAccount, 'Account added is made', added),
    admin('removal', paths.accountRemoval('joan'), 'Remove the account joan?'),
    admin('audit', paths.audit, 'Audit'),
    state(ada, 403)('stale form', paths.newAccount, 'This page was open too long', without('another'))
  ]
}

/** Sends a form with a value that it does not have. */
function sentWith(value: string) {
  return async (page: Page) => {
    await page
      .locator('main input[type=radio]')
      .first()
      .evaluate((input: HTMLInputElement, value) => {
        input.value = value
        input.checked = true
      }, value)
    await page.locator('main form button').click()
  }
}

async function resultOf(site: Site, manner: Manner) {
  const visitor = site.visitor()
  const manage = await take(visitor, manner)
  const share = /value="[^"]*(\/r\/[^"]+)"/.exec((await visitor.get(manage)).body)?.[1] as string
  return { visitor, manage, view: share }
}

/** Forty results, so that some groups of the dashboard are shown and some are hidden. */
async function copyResults({ database }: Site) {
  const sizes = {
    'tech-lead': 14,
    architect: 9,
    solver: 6,
    'right-hand': 3,
    blend: 5,
    open: 2,
    'no-pattern': 1
  }
  const leanings = ['individual-contributor', 'individual-contributor', 'balanced', 'management']
  const [result] = await database.read.result.findMany({ take: 1 })
  const findings = Object.entries(sizes).flatMap(([finding, size]) => Array<string>(size).fill(finding))
  const copies = findings.map((finding, index) => ({
    ...result!,
    id: `copy-${index}`,
    viewHash: `view-${index}`,
    manageHash: `manage-${index}`,
    finding,
    path: leanings[index % leanings.length] as string
  }))
  await database.write((transaction) => transaction.result.createMany({ data: copies }))
}
