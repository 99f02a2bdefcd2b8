import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { findBrowser, launchArguments } from '../scripts/browser.js'
import { buildApp } from '../src/app.ts'
import { projectDirectory, readConfig } from '../src/config.ts'
import { loadContent } from '../src/content/load.ts'
import { openDatabase } from '../src/database/engine/client.ts'
import { migrate } from '../src/database/engine/migrate.ts'
import { questionnairesIn } from '../src/database/stores/questionnaires.ts'

/** `npm run screenshots` takes the pictures in docs/screenshots from the real application. */
const pictures = join(projectDirectory, 'docs/screenshots')
const port = 3987
const origin = `http://127.0.0.1:${port}`

const directory = await mkdtemp(join(tmpdir(), 'staff-bearings-pictures-'))
const file = join(directory, 'pictures.db')
const content = loadContent(join(projectDirectory, 'content'))
await migrate(`file:${file}`)
const database = await openDatabase(`file:${file}`)
await questionnairesIn(database).register(content.questionnaires.values())
const app = await buildApp(readConfig({ PORT: String(port), LOG_LEVEL: 'silent' }), database, content)
await app.listen({ port })
const { executablePath, env } = await findBrowser()
const browser = await chromium.launch({ executablePath, env, args: launchArguments })

try {
  await mkdir(pictures, { recursive: true })
  for (const [suffix, options] of [
    ['', { viewport: { width: 1100, height: 1000 } }],
    ['-phone', { viewport: { width: 390, height: 800 } }],
    ['-dark', { viewport: { width: 1100, height: 1000 }, colorScheme: 'dark' as const }]
  ] as const) {
    const page = await browser.newPage(options)
    const picture = (name: string) => page.screenshot({ path: join(pictures, `${name}${suffix}.png`) })
    await page.goto(origin)
    await picture('home')
    await take(page, () => picture('block'))
    await picture('result')
    if (suffix === '') await print(page)
    await page.goto(`${origin}/archetypes/architect`)
    await picture('archetype')
    await page.goto(`${origin}/archetypes/compare?a=architect&b=solver`)
    await picture('compare')
    await page.close()
  }
} finally {
  await browser.close()
  await app.close()
  await database.close()
  await rm(directory, { recursive: true })
}

/** The page as it lies on paper: A4 without its margins, all sheets under each other. */
async function print(page: Page) {
  const screen = page.viewportSize()!
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 711, height: 1054 })
  await page.screenshot({ path: join(pictures, 'result-print.png'), fullPage: true })
  await page.emulateMedia({ media: null })
  await page.setViewportSize(screen)
}

/** Takes the quiz as someone who reads: mostly an Architect, with a second side. */
async function take(page: Page, onBlock: () => Promise<unknown>) {
  const archetypes = new Map(
    content.current.blocks.flatMap(({ statements }) => statements.map(({ id, archetype }) => [id, archetype]))
  )
  await page.click('main form .button')
  for (let answered = 0; page.url().includes('/quiz'); answered++) {
    const names = await page.$$eval('main input[type=radio]', (inputs) => [
      ...new Set(inputs.map((input) => (input as HTMLInputElement).name))
    ])
    if (names.includes('most')) {
      const mark = (name: string, archetype: string) =>
        page.check(
          `input[name=${name}][value=${[...archetypes].find(([id, of]) => of === archetype && ids.includes(id))?.[0]}]`
        )
      const ids = await page.$$eval('input[name=most]', (inputs) =>
        inputs.map((input) => (input as HTMLInputElement).value)
      )
      await mark('most', answered % 5 === 0 ? 'right-hand' : answered % 7 === 0 ? 'tech-lead' : 'architect')
      await mark(
        'least',
        answered % 3 === 0
          ? 'solver'
          : answered % 7 === 0
            ? 'architect'
            : answered % 5 === 0
              ? 'tech-lead'
              : 'tech-lead'
      )
      if (answered === 5) await onBlock()
    } else {
      for (const [index, name] of names.entries()) {
        const options = page.locator(`input[name="${name}"]`)
        await options.nth((index * 2 + answered) % (await options.count())).check()
      }
    }
    // As if the page had been open for half a minute.
    await page.$$eval('input[name=shown]', (inputs) => {
      for (const input of inputs as HTMLInputElement[]) input.value = String(Number(input.value) - 30_000)
    })
    await Promise.all([page.waitForNavigation(), page.click('main form .button:not([name])')])
  }
}
