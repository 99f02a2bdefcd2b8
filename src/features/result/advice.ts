import type { Content } from '../../content/load.ts'
import { archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Result } from '../../database/stores/results.ts'
import type { Scores } from '../../scoring/scores.ts'
import { paths } from '../../web/paths.ts'

/** What fits, beside what tends to exist where the taker works; null where nothing was told about that. */
export function placesOf({ scores, answers }: Result, questionnaire: Questionnaire, content: Content) {
  const { sizes, planning } = content.results.places
  const size = answers.context['company-size']
  const planned = answers.context.planning
  const named = scores.noPattern ? [] : scores.leading.archetypes.slice(0, 3)
  const told = questionnaire.context
    .filter(({ id }) => id === 'company-size' || id === 'planning')
    .flatMap(({ id, question, options }) =>
      options
        .filter((option) => option.id === answers.context[id])
        .map(({ label }) => `${question} ${label}.`)
    )
  const rows = named.map((index) => {
    const id = archetypes[index as 0 | 1 | 2 | 3]
    const bySize = size === undefined ? undefined : sizes[size]?.[id]
    const byPlanning = planned === undefined ? undefined : planning[planned]?.[id]
    const neighbour = bySize?.neighbour
    return {
      name: content.archetypes[id].name,
      url: paths.archetype(id),
      exists: bySize?.exists ?? null,
      texts: [bySize, byPlanning].filter((text) => text !== undefined),
      neighbour: neighbour
        ? { name: content.archetypes[neighbour].name, url: paths.archetype(neighbour) }
        : null
    }
  })
  return told.length > 0 && rows.length > 0 ? { told: told.join(' '), rows } : null
}

/** Three things to try and five questions for one's manager, chosen by profile and path. */
export function nextOf({ leading, lean, noPattern }: Scores, content: Content) {
  const { archetypes: byArchetype, paths: byPath, open } = content.results.next
  const path = byPath[lean.verdict]
  const named = leading.archetypes.map((index) => byArchetype[archetypes[index as 0 | 1 | 2 | 3]])
  const [first, second] = noPattern || leading.kind === 'open' ? [open] : named
  const profile = first ?? open
  return {
    tries: [...(second ? [profile.try[0], second.try[0]] : profile.try.slice(0, 2)), path.try[0]],
    asks: [
      ...(second ? [...profile.ask.slice(0, 2), second.ask[0]] : profile.ask.slice(0, 3)),
      ...path.ask.slice(0, 2)
    ]
  }
}
