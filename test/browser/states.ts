import type { BrowserContext, BrowserContextOptions, Page, Response } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { loadContent } from '../../src/content/load.ts'
import { type Archetype, archetypes } from '../../src/content/schema.ts'
import { publishVersion, startCalibratedVersion } from '../../src/content/versions.ts'
import { byServer } from '../../src/database/stores/audit.ts'
import { calibrationsIn } from '../../src/database/stores/calibrations.ts'
import { groupsIn } from '../../src/database/stores/groups.ts'
import { loginFailuresIn } from '../../src/database/stores/login-failures.ts'
import { dayOf, daysBefore } from '../../src/days.ts'
import {
  hashPassword,
  inTurn as inTurnWithOthers,
  isPassword
} from '../../src/features/admin/access/password.ts'
import { paths } from '../../src/web/paths.ts'
import { addAdmin, addGroup, addTotp, codeAt, giveSession } from '../support/admin.ts'
import { content, type Visitor } from '../support/app.ts'
import { answeredUpTo, become, listening, logIn, type Site, undecided } from '../support/browser.ts'
import { madeUpCalibration } from '../support/calibration.ts'
import { contentWith, contentWithLongTexts } from '../support/content-copy.ts'
import { addPeople, madeUp } from '../support/people.ts'
import { devotedTo, inTurn, type Manner, reader, seeded, straightLine, take } from '../support/taker.ts'

/** A page as one visitor meets it: what they ask for, and, where it takes a form, what they do there. */
export type State = {
  name: string
  site: Site
  visitor: Visitor
  url: string
  status: number
  heading: string | RegExp
  submit?: (page: Page) => Promise<void>
}

type Visit = (site: Site, options: BrowserContextOptions) => Promise<BrowserContext>

/** What a check finds wrong on which of all pages. The browser must have nothing to complain of on any of them. */
export async function walk(
  states: readonly State[],
  visit: Visit,
  options: BrowserContextOptions,
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

/** Every page, as different visitors meet it. */
export async function everyState(): Promise<State[]> {
  return [
    ...(await statesWithoutResults(await listening())),
    ...(await statesOf(await listening())),
    ...(await statesOfCalibration(await listening(calibrated()))),
    ...(await statesWithLongTexts(contentWithLongTexts())),
    ...(await statesInTrouble(await listening()))
  ]
}

/** Makes states of one site. */
function statesAt(site: Site) {
  return (visitor: Visitor, status = 200) =>
    (name: string, url: string, heading: State['heading'], submit?: State['submit']): State => ({
      name,
      site,
      visitor,
      url,
      status,
      heading,
      ...(submit && { submit })
    })
}

async function statesWithoutResults(site: Site): Promise<State[]> {
  const state = statesAt(site)
  const admin = await logIn(site, site.visitor())
  return [
    state(site.visitor())('home', paths.home, /^Find/),
    state(admin)('dashboard without results', paths.admin, 'Results'),
    state(admin)('groups, none', paths.groups, 'Groups'),
    state(admin)('statements, too few people', paths.statements, 'Statements'),
    state(admin)('calibration, too few people', paths.calibration, 'Calibration'),
    state(admin)('breakdowns of nobody', paths.breakdowns, 'Breakdowns'),
    state(admin)('drop-off of nobody', paths.dropOff, 'Drop-off'),
    state(admin)('responses, too few', paths.responses, 'Responses')
  ]
}

async function statesOf(site: Site): Promise<State[]> {
  const anyone = site.visitor()
  const newcomer = await answeredUpTo(site, paths.pathPage(1))
  const beginner = await answeredUpTo(site, paths.block(2))
  const done = await answeredUpTo(site, paths.review)
  const tied = await answeredUpTo(site, paths.tieBreaker, undecided(['architect', 'right-hand']))
  const results = await resultsOf(site)
  const clear = results[0] as Result
  const noted = await resultOf(site, withASide())
  await noted.visitor.post(noted.manage, { note: `Show it to my manager.\n${'x'.repeat(200)}` })
  const admin = await logIn(site, site.visitor())
  await copyResults(site)
  await addCrowd(site, content)

  const notWorthIt = madeUpCalibration(content.current, { ship: false, gain: -0.02, available: 40_000 })
  await calibrationsIn(site.database, 5).keep(content.current.version, notWorthIt)

  const state = statesAt(site)
  const reading = state(anyone)
  const begun = state(beginner)
  const wrong = state(beginner, 422)
  const ready = state(done)

  return [
    begun('home with a draft', paths.home, /^Find/),
    begun('items', paths.pathPage(1), /^Two ways/),
    begun('items, last page', paths.pathPage(3), /^Two ways/),
    state(newcomer, 422)('items, nothing chosen', paths.pathPage(1), /^Two ways/, sent),
    begun('block', paths.block(1), /./),
    wrong('block, nothing chosen', paths.block(2), /./, sent),
    begun('habits', paths.habitsPage, /^Where your hours/),
    wrong('habits, nothing chosen', paths.habitsPage, /^Where your hours/, sent),
    begun('review, incomplete', paths.review, /^Check your answers/),
    wrong('review, sent incomplete', paths.review, /^Check your answers/, sent),
    ready('review, complete', paths.review, /^Check your answers/),
    ready('context', paths.context, /^Five questions/),
    state(tied)('tie-breaker', paths.tieBreaker, /^Six quick choices/),
    state(tied, 422)('tie-breaker, nothing chosen', paths.tieBreaker, /^Six quick choices/, sent),
    state(clear.visitor)('home with a result', paths.home, /^Find/),
    ...results.flatMap(({ name, heading, manage, view }) => [
      reading(`result, ${name}`, manage, heading),
      reading(`result, ${name}, shared`, view, heading)
    ]),
    reading('result with a note', noted.manage, /^Clearly Solver/),
    state(anyone, 422)('note, nothing written', noted.manage, /^Clearly Solver/, (page) =>
      page.getByRole('button', { name: 'Save note' }).click()
    ),
    reading('delete', `${clear.manage}/delete`, 'Delete this result?'),
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
    reading('accessibility', paths.accessibility, content.pages.accessibility.title),
    reading('how it works', paths.howItWorks, content.pages['how-it-works'].title),
    reading('login', paths.login, 'Log in'),
    state(anyone, 422)('login, wrong', paths.login, 'Log in', sent),
    state(admin)('dashboard', paths.admin, 'Results'),
    ...(await statesOfAccounts(site, admin)),
    state(admin)('breakdowns', paths.breakdowns, 'Breakdowns'),
    state(admin)('drop-off', paths.dropOff, 'Drop-off'),
    state(admin)('statements', paths.statements, 'Statements'),
    state(admin)('statements, sorted', `${paths.statements}?sort=position`, 'Statements'),
    state(admin)('calibration, not worth it', paths.calibration, 'Calibration'),
    state(admin)('responses', paths.responses, 'Responses'),
    ...(await statesOfGroups(site, admin, clear.visitor)),
    state(anyone, 404)('not found', '/nowhere', 'Page not found'),
    state(anyone, 404)('no draft', paths.review, 'There is no quiz in progress here'),
    state(beginner, 400)('bad request', paths.block(2), 'That could not be read', sentWith('unknown')),
    state(beginner, 413)('too large', paths.block(2), 'That was too much', sentWith('x'.repeat(40_000)))
  ]
}

/** The admin section but for the dashboard, as its different admins meet it. */
async function statesOfAccounts(site: Site, ada: Visitor): Promise<State[]> {
  const { database } = site
  const state = statesAt(site)
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

/** Groups, as those meet them who open and who join them. */
async function statesOfGroups(site: Site, ada: Visitor, finished: Visitor): Promise<State[]> {
  const { database } = site
  const state = statesAt(site)
  const admin = state(ada)
  const { id, link } = await addGroup(database, 'Platform guild')
  // As long as a name can be, and without a place to break it.
  const long = await addGroup(database, 'x'.repeat(80))
  const over = await addGroup(database, 'Architecture circle')
  const early = await answeredUpTo(site, paths.block(3), undefined, paths.join(over.link))
  const today = dayOf(Date.now())
  await groupsIn(database).revoke(over.id, today, byServer(Date.now()))
  const past = { id: 'past', name: 'Past', openedOn: daysBefore(today, 40), closesOn: daysBefore(today, 10) }
  await groupsIn(database).open(past, 'past', byServer(Date.now()))
  const member = await answeredUpTo(site, paths.context, undefined, paths.join(link))
  const alone = await answeredUpTo(site, paths.block(3))
  const named = (name: string) => async (page: Page) => {
    await page.locator('#name').fill(name)
    await page.getByRole('button', { name: 'Open the group' }).click()
  }
  const join = (visitor: Visitor, status = 200) => state(visitor, status)
  return [
    admin('groups', paths.groups, 'Groups'),
    admin('dashboard of a group, long name', paths.overviewOf(long.id), 'Results'),
    state(ada, 404)('dashboard of no group', paths.overviewOf('none'), 'No such figures'),
    admin('new group', paths.newGroup, 'Open a group'),
    state(ada, 422)('new group, no name', paths.newGroup, 'Open a group', named('')),
    admin('opened group', paths.newGroup, 'The group Guild is open', named('Guild')),
    admin('closing', paths.groupClosing(id), 'Close the group Platform guild?'),
    join(site.visitor())('join', paths.join(link), 'Join the group Platform guild'),
    join(site.visitor())('join, long name', paths.join(long.link), /^Join the group x+$/),
    join(alone)('join, another quiz under way', paths.join(link), 'Join the group Platform guild'),
    join(member)('join, begun in it', paths.join(link), 'Join the group Platform guild'),
    join(finished)('join, with a result', paths.join(link), 'Join the group Platform guild'),
    join(site.visitor(), 410)('closed group', paths.join(over.link), /can no longer be joined$/),
    join(early, 410)('closed group, begun in time', paths.join(over.link), /can no longer be joined$/),
    join(member)('home with a draft in a group', paths.home, /^Find/),
    join(member)('context in a group', paths.context, /^Five questions/)
  ]
}

/** Content whose newest version is calibrated. */
function calibrated() {
  const directory = contentWith()
  const { attractiveness: values } = madeUpCalibration(content.current)
  startCalibratedVersion(directory, '2027-03', '2026-11', { values, origin: '' })
  publishVersion(directory, '2027-03')
  return loadContent(directory)
}

/** Estimates where there are several versions, and where there could be one. */
async function statesOfCalibration(site: Site): Promise<State[]> {
  const random = seeded(7)
  const people = Array.from({ length: 330 }, () => madeUp(content.current, random))
  await addPeople(site.database, people, content.current)
  await calibrationsIn(site.database, 5).keep('2027-03', madeUpCalibration(content.current))
  const admin = statesAt(site)(await logIn(site, site.visitor()))
  return [
    admin('calibration, worth a version', paths.calibration, 'Calibration'),
    admin('calibration, not made yet', `${paths.calibration}?version=2026-11`, 'Calibration')
  ]
}

/** The pages whose texts come from the content, and its longest: what a translation might do to them. */
async function statesWithLongTexts(longer: typeof content): Promise<State[]> {
  const site = await listening(longer)
  const visitor = await answeredUpTo(site, paths.review)
  const tied = await answeredUpTo(site, paths.tieBreaker, undecided(['architect', 'right-hand']))
  const { manage } = await resultOf(site, withASide())
  const admin = await logIn(site, site.visitor())
  await copyResults(site)
  await addCrowd(site, longer)
  await calibrationsIn(site.database, 5).keep(longer.current.version, madeUpCalibration(longer.current))
  const state = statesAt(site)
  const long = state(visitor)
  return [
    long('long texts, items', paths.pathPage(1), /./),
    long('long texts, block', paths.block(1), /./),
    long('long texts, habits', paths.habitsPage, /./),
    long('long texts, review', paths.review, /./),
    long('long texts, context', paths.context, /./),
    state(tied)('long texts, tie-breaker', paths.tieBreaker, /./),
    long('long texts, result', manage, /^Clearly Solver Donau/),
    long('long texts, archetypes', paths.archetypes, /./),
    long('long texts, archetype', paths.archetype('right-hand'), 'Right Hand Donau'),
    long('long texts, compare', paths.comparison('solver', 'architect'), /./),
    long('long texts, path', paths.path, /./),
    long('long texts, how it works', paths.howItWorks, /./),
    state(admin)('long texts, dashboard', paths.admin, 'Results'),
    state(admin)('long texts, statements', paths.statements, 'Statements'),
    state(admin)('long texts, calibration', paths.calibration, 'Calibration')
  ]
}

/** What a visitor meets when something is wrong with the site, or with what they do to it. */
async function statesInTrouble(site: Site): Promise<State[]> {
  const visitor = site.visitor()
  const { view } = await resultOf(site, withASide())
  await site.database.write(async (transaction) => {
    await transaction.$executeRaw`ALTER TABLE "Result" RENAME TO "Gone"`
  })
  const failures = loginFailuresIn(site.database)
  const by = { actor: '(unknown)', at: Date.now(), requestId: null }
  for (let failure = 0; failure < 20; failure++) {
    await failures.note({ account: 'ada', network: 'another' }, by, 'password')
  }
  const state = statesAt(site)
  return [
    state(visitor, 429)('login, too many failures', paths.login, 'Log in', loggingInAs('ada')),
    state(visitor, 403)('sent from elsewhere', 'about:blank', 'That was not sent', fromElsewhere(site)),
    state(visitor, 429)('too many guesses', paths.view('guess'), 'Too many requests', guessing(visitor)),
    state(visitor, 500)('failure', view, 'There is a problem with the service'),
    // The last, well after the other login, as none can be checked for as long as it takes.
    state(visitor, 503)('busy', paths.login, 'The service is busy', whileOthersLogIn)
  ]
}

async function sent(page: Page) {
  await page.locator('main form button').last().click()
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

/** Only then, as they count for a minute, and a walk may take longer. */
function guessing(visitor: Visitor) {
  return async (page: Page) => {
    for (let guess = 0; guess < 60; guess++) await visitor.get(paths.view(`guess-${guess}`))
    await page.reload()
  }
}

function fromElsewhere({ origin }: Site) {
  return async (page: Page) => {
    await page.setContent(`<form method="post" action="${origin}${paths.quiz}"><button>Start</button></form>`)
    await page.locator('button').click()
  }
}

function loggingInAs(name: string) {
  return async (page: Page) => {
    await page.getByLabel('Name').fill(name)
    await sent(page)
  }
}

/** Two passwords take about a second to check, and twenty more wait for them: that is as many as may. */
async function whileOthersLogIn(page: Page) {
  const hash = await hashPassword('a pass phrase')
  const slow = hash.replace(/t=\d+/, 't=30')
  const quick = hash.replace(/m=\d+,t=\d+/, 'm=8,t=1')
  const checks = Array.from({ length: 22 }, (_, index) =>
    inTurnWithOthers(() => isPassword('another', index < 2 ? slow : quick))
  )
  onTestFinished(async () => {
    await Promise.all(checks)
  })
  await loggingInAs('grace')(page)
}

type Result = Awaited<ReturnType<typeof resultsOf>>[number]

const opposite: Archetype[] = ['tech-lead', 'right-hand']
const withASide = () => inTurn(['solver', 'solver', 'solver', 'architect'], opposite)

type Kind = { name: string; heading: RegExp; manner: Manner }

/** Somebody for each kind of result. */
export const kinds = (): Kind[] => [
  { name: 'clear', heading: /^Clearly Solver$/, manner: inTurn(['solver'], opposite) },
  { name: 'clear, with a side', heading: /^Clearly Solver, with an Architect side$/, manner: withASide() },
  {
    name: 'likely',
    heading: /^Mostly Solver$/,
    manner: inTurn(
      ['solver', 'solver', 'architect', 'tech-lead'],
      ['tech-lead', 'right-hand', 'right-hand', 'architect']
    )
  },
  {
    name: 'likely, with a side',
    heading: /^Mostly Solver, with a strong/,
    manner: inTurn(['solver', 'solver', 'architect'], opposite)
  },
  {
    name: 'two-way',
    heading: /^Between Architect and Right Hand$/,
    manner: undecided(['architect', 'right-hand'])
  },
  { name: 'three-way, contradictory', heading: /^No clear lead: .* three$/, manner: undecided(archetypes) },
  { name: 'no pattern', heading: /^No stable pattern/, manner: straightLine }
]

async function resultsOf(site: Site) {
  const results = []
  for (const { name, heading, manner } of kinds()) {
    results.push({ name, heading, ...(await resultOf(site, manner)) })
  }
  const hasty = await resultOf(site, devotedTo('solver', seeded(1)), (visitor) => visitor)
  return [...results, { name: 'too fast', heading: /^Clearly Solver$/, ...hasty }]
}

async function resultOf(site: Site, manner: Manner, as = reader) {
  const visitor = site.visitor()
  const manage = await take(as(visitor), manner)
  const view = /value="[^"]*(\/r\/[^"]+)"/.exec((await visitor.get(manage)).body)?.[1] as string
  return { visitor, manage, view }
}

/** So many that single statements are told of, the first of which nearly everybody marks Most. */
async function addCrowd({ database }: Site, { current }: typeof content) {
  const random = seeded(6)
  const people = Array.from({ length: 110 }, () =>
    madeUp(current, random, {
      feeling: (u, block) => (block === current.blocks[0]!.id ? [u[0] + 3, u[1], u[2], u[3]] : u)
    })
  )
  await addPeople(database, people, current)
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
