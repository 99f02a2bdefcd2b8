import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Content } from '../../content/load.ts'
import { archetypes } from '../../content/schema.ts'
import { NotFound } from '../../web/errors.ts'
import { paths } from '../../web/paths.ts'
import type { Render } from '../../web/views.ts'
import { exampleNumbers } from './example.ts'
import { archetypePage, archetypesPage, comparePage, prosePage } from './page.ts'

type Dependencies = { content: Content; render: Render; numbers: Record<string, string | number> }

/** Everything that is only read. `numbers` fill the {slots} of the pages that state what this server does. */
export function reading({ content, render, numbers }: Dependencies) {
  const open = { config: { access: 'public' as const } }

  return async (app: FastifyInstance) => {
    app.get(paths.archetypes, open, async (_request, reply) =>
      render(reply, 'reading/archetypes', archetypesPage(content))
    )

    app.get('/archetypes/:id', open, async ({ params }, reply) => {
      const parsed = z.object({ id: z.enum(archetypes) }).safeParse(params)
      if (!parsed.success) throw new NotFound()
      return render(reply, 'reading/archetype', archetypePage(content, parsed.data.id))
    })

    app.get(paths.compare, open, async ({ query }, reply) => {
      const parsed = Comparison.safeParse(query)
      if (!parsed.success) return render(reply.code(400), 'reading/compare', comparePage(content, null))
      return render(reply, 'reading/compare', comparePage(content, parsed.data))
    })

    for (const [url, page] of [
      [paths.path, content.pages.path],
      [paths.habits, content.pages.habits],
      [paths.limits, content.pages.limits],
      [paths.privacy, content.pages.privacy],
      [paths.accessibility, content.pages.accessibility]
    ] as const) {
      app.get(url, open, async (_request, reply) =>
        render(reply, 'reading/prose', prosePage(content, page, url, numbers))
      )
    }

    // Scored when somebody first asks, as it takes longer than a page may, and kept.
    let example: Record<string, string | number> | undefined
    app.get(paths.howItWorks, open, async (_request, reply) => {
      example ??= exampleNumbers(content)
      const page = prosePage(content, content.pages['how-it-works'], paths.howItWorks, {
        ...numbers,
        ...example
      })
      return render(reply, 'reading/prose', page)
    })
  }
}

const Comparison = z.object({
  a: z.enum(archetypes).default('tech-lead'),
  b: z.enum(archetypes).default('architect')
})
