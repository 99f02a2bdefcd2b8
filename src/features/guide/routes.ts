import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import type { Content } from '../../content/load.ts'
import { archetypes, type Page } from '../../content/schema.ts'
import type { ReadyBytes } from '../../web/http/precompressed.ts'
import { paths } from '../../web/paths.ts'
import type { Render, Share } from '../../web/views/rendering.ts'
import { exampleNumbers } from './example.ts'
import { archetypePage, archetypesPage, comparePage, prosePage } from './page.ts'

type Dependencies = {
  content: Content
  render: Render
  share: Share
  numbers: Record<string, string | number>
}

/** Everything that is only read. `numbers` fill the {slots} of the pages that state what this server does. */
export function reading({ content, render, share, numbers }: Dependencies) {
  const open = { config: { access: 'public' as const } }

  return async (app: FastifyInstance) => {
    const pages: Record<string, ReadyBytes> = {
      [paths.archetypes]: share('reading/archetypes', () => archetypesPage(content)),
      // Scored when somebody first asks, as it takes longer than a start may.
      [paths.howItWorks]: prose(paths.howItWorks, content.pages['how-it-works'], () =>
        exampleNumbers(content)
      ),
      [paths.path]: prose(paths.path, content.pages.path),
      [paths.habits]: prose(paths.habits, content.pages.habits),
      [paths.limits]: prose(paths.limits, content.pages.limits),
      [paths.privacy]: prose(paths.privacy, content.pages.privacy),
      [paths.accessibility]: prose(paths.accessibility, content.pages.accessibility)
    }
    for (const id of archetypes) {
      pages[paths.archetype(id)] = share('reading/archetype', () => archetypePage(content, id))
    }
    for (const [url, page] of Object.entries(pages)) {
      app.get(url, open, (_request, reply) => {
        reply.sendReady(page)
      })
    }

    const comparisons = new Map<string, ReadyBytes>()
    app.get(paths.compare, open, async ({ query }, reply) => {
      const { data: chosen } = Comparison.safeParse(query)
      if (!chosen) return render(reply.code(400), 'reading/compare', comparePage(content, null))
      const both = `${chosen.a} ${chosen.b}`
      const page = comparisons.get(both) ?? share('reading/compare', () => comparePage(content, chosen))
      comparisons.set(both, page)
      return reply.sendReady(page)
    })
  }

  function prose(url: string, page: Page, example: () => Record<string, string | number> = () => ({})) {
    return share('reading/prose', () => prosePage(content, page, url, { ...numbers, ...example() }))
  }
}

const Comparison = z.object({
  a: z.enum(archetypes).default('tech-lead'),
  b: z.enum(archetypes).default('architect')
})
