// Takes one quiz on a running server through plain HTTP, as a browser without JavaScript would:
//   node scripts/smoke.js http://127.0.0.1:3000
// It knows no URL and no field of the quiz: it sends the form that each page shows, with the first choice everywhere.

import { load } from 'cheerio'

/**
 * @typedef {{ url: URL, status: number, html: string }} Page
 * @typedef {{ name: string, value: string }} Choice
 * @typedef {{ action: URL, fields: URLSearchParams }} FilledForm
 */

const mostPages = 60

const origin = process.argv[2]
if (!origin || !URL.canParse(origin)) {
  console.error('Usage: node scripts/smoke.js <address of a running server>')
  process.exit(2)
}

try {
  const { steps, heading } = await takeQuiz(new URL(origin))
  console.log(`A quiz of ${steps} forms leads to a result: “${heading}”`)
  console.log('smoke: 1 passed, 0 failed')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('smoke: 0 passed, 1 failed')
  process.exitCode = 1
}

/** @param {URL} home */
async function takeQuiz(home) {
  const visitor = newVisitor(home)
  const first = await visitor.open(home)
  const start = filledForm(first)
  let page = await visitor.send(start)
  let steps = 1
  // The quiz lives below the address that starts it; its last form leads away from there.
  while (isBelow(start.action, page.url)) {
    if (steps === mostPages) throw new Error(`The quiz still goes on after ${mostPages} forms: ${page.url}`)
    page = await visitor.send(filledForm(page))
    steps += 1
  }
  const heading = load(page.html)('h1').first().text().replace(/\s+/g, ' ').trim()
  if (!heading) throw new Error(`The result page ${page.url.pathname} has no h1.`)
  return { steps, heading }
}

/**
 * @param {URL} start
 * @param {URL} url
 */
function isBelow(start, url) {
  return `${url.pathname}/`.startsWith(`${start.pathname}/`)
}

/**
 * Something that keeps cookies, follows redirects and insists on 200, and on 303 after a form.
 * @param {URL} home
 */
function newVisitor(home) {
  /** @type {Map<string, string>} */
  const cookies = new Map()

  /**
   * @param {URL} url
   * @param {RequestInit} [options]
   */
  async function request(url, options) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', cookie, ...options?.headers }
    const response = await fetch(url, { ...options, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line)
    return response
  }

  /**
   * @param {URL} url
   * @returns {Promise<Page>}
   */
  async function open(url) {
    const response = await request(url)
    const target = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && target) return open(new URL(target, url))
    const html = await response.text()
    if (response.status !== 200)
      throw new Error(`GET ${url.pathname}: ${response.status}, wanted 200\n${html}`)
    return { url, status: response.status, html }
  }

  /** @param {FilledForm} form */
  async function send({ action, fields }) {
    const headers = { origin: home.origin }
    const response = await request(action, { method: 'POST', body: fields, headers })
    const target = response.headers.get('location')
    if (response.status === 303 && target) return open(new URL(target, action))
    throw new Error(
      `POST ${action.pathname} with ${fields}: ${response.status}, wanted 303\n${await response.text()}`
    )
  }

  return { open, send }
}

/**
 * @param {Map<string, string>} cookies
 * @param {string} line of a Set-Cookie header
 */
function keepCookie(cookies, line) {
  const [pair = '', ...attributes] = line.split(';')
  const name = pair.slice(0, pair.indexOf('=')).trim()
  if (attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute))) cookies.delete(name)
  else cookies.set(name, pair.slice(pair.indexOf('=') + 1).trim())
}

/**
 * The first form of a page that is sent with POST, filled in with the first choices.
 * @param {Page} page
 * @returns {FilledForm}
 */
function filledForm({ url, html }) {
  const $ = load(html)
  const form = $('form[method=post i]').first()
  if (form.length === 0) throw new Error(`${url.pathname} shows no form to send.`)
  const fields = new URLSearchParams()
  for (const control of form.find('input[type=hidden]')) {
    fields.append($(control).attr('name') ?? '', $(control).attr('value') ?? '')
  }
  for (const [name, value] of firstChoices(radiosOf(form))) fields.append(name, value)
  const button = namedButton(form)
  if (button) fields.append(button.name, button.value)
  return { action: new URL(form.attr('action') || url, url), fields }
}

/** @typedef {ReturnType<ReturnType<typeof load>>} Selection */

/**
 * @param {Selection} form
 * @returns {Choice[]}
 */
function radiosOf(form) {
  const radios = form.find('input[type=radio]:not([disabled])').toArray()
  return radios.map(({ attribs }) => ({ name: attribs.name ?? '', value: attribs.value ?? 'on' }))
}

/**
 * For each group its first choice; for Least the first that is not Most already.
 * @param {Choice[]} radios
 * @returns {Map<string, string>}
 */
function firstChoices(radios) {
  const most = radios.find(({ name }) => name === 'most')?.value
  /** @type {Map<string, string>} */
  const chosen = new Map()
  for (const { name, value } of radios) {
    const isTaken = name === 'least' && value === most
    if (!chosen.has(name) && !isTaken) chosen.set(name, value)
  }
  return chosen
}

/**
 * What pressing the main button sends. The main button has no name; others, such as "Skip", have one.
 * @param {Selection} form
 * @returns {Choice | undefined}
 */
function namedButton(form) {
  const buttons = form.find('button:not([type=button]):not([type=reset]), input[type=submit]').toArray()
  if (buttons.some(({ attribs }) => !attribs.name)) return undefined
  const attribs = buttons[0]?.attribs
  return attribs?.name ? { name: attribs.name, value: attribs.value ?? '' } : undefined
}
