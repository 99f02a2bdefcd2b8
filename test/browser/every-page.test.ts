import axe, { type RunOnly } from 'axe-core'
import { HtmlValidate } from 'html-validate'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { routesOf } from '../support/app.ts'
import { launched } from '../support/browser.ts'
import { isLong } from '../support/numbers.ts'
import { layoutFaults } from './layout.ts'
import { everyState, type State, walk } from './states.ts'

const { visit } = launched()

const everything: RunOnly = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
}
/** What colours and widths change. The sizes of targets are measured with the layout. */
const colours: RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** How axe looks at each page: CSS pixels of a desk, a tablet, and a phone, or a desk at 400 % zoom. */
const looks = isLong
  ? [1280, 768, 320].flatMap((width) => [
      { colorScheme: 'light' as const, width, rules: everything },
      { colorScheme: 'dark' as const, width, rules: colours }
    ])
  : [
      { colorScheme: 'light' as const, width: 1280, rules: everything },
      { colorScheme: 'dark' as const, width: 320, rules: colours }
    ]

/** Files, what monitors ask, and an address that leads on at once. */
const notPages = /^\/(healthz|readyz|metrics|quiz)$|^\/assets\/|\.(json|ndjson|csv|png|xml|txt)$/

/** The routes of pages that no state leads to. */
function leftOutOf(states: State[]): string[] {
  const patterns = routesOf(states[0]!.site.app, 'GET').filter((pattern) => !notPages.test(pattern))
  const visited = states.map(({ url }) => url.split('?')[0] as string)
  return patterns.filter((pattern) => {
    const url = new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`)
    return !visited.some((path) => url.test(path))
  })
}

// One test, as making all states and visiting them takes longer than to look at them.
test('every page is valid HTML without inline styles, accessible in the light and in the dark, and well laid out', {
  timeout: 300_000
}, async () => {
  const states = await everyState()
  expect(leftOutOf(states)).toEqual([])
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
  const withAxe: typeof visit = async (...asked) => {
    const context = await visit(...asked)
    await context.addInitScript(axe.source)
    return context
  }
  const faults = await walk(states, withAxe, { colorScheme: 'light' }, async (page, response) => {
    const { results } = await validator.validateString(await response.text())
    const found = results.flatMap(({ messages }) =>
      messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId}: ${message}`)
    )
    // Axe cannot tell contrast over an image, and the ruler along the top is one, behind the whole page.
    await page.evaluate(() => {
      document.body.style.backgroundImage = 'none'
    })
    for (const { colorScheme, width, rules } of looks) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      const seen = await violations(page, rules)
      found.push(...seen.map((violation) => `${colorScheme}, ${width} px: ${violation}`))
    }
    await page.emulateMedia({ colorScheme: 'light' })
    return [...found, ...(await layoutFaults(page))]
  })
  expect(faults).toEqual({})
})

/** What is wrong, and what cannot be told. */
async function violations(page: Page, rules: RunOnly): Promise<string[]> {
  const results = await page.evaluate(
    (runOnly) =>
      (window as unknown as { axe: typeof axe }).axe.run({
        runOnly,
        resultTypes: ['violations', 'incomplete']
      }),
    rules
  )
  return [...results.violations, ...results.incomplete].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, any }) => `${target} ${any[0]?.message}`)}`
  )
}
