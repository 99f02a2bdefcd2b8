import type { Content } from '../../content/load.ts'
import { archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Attempt } from '../../database/stores/attempts.ts'
import { paths } from '../../web/paths.ts'
import type { Duration } from './duration.ts'

/** What this browser has here already. */
type Known = { draft?: { attempt: Attempt; questionnaire: Questionnaire }; result?: string }

export function homePage(content: Content, duration: Duration, { draft, result }: Known) {
  return {
    title: 'Which staff archetype fits you, and which path',
    description:
      'A free quiz for senior engineers: which of the four staff archetypes is nearest to you, whether you lean to making or managing, and how sure that is.',
    canonical: paths.home,
    duration,
    draft: draft
      ? {
          answered: answeredIn(draft.attempt),
          questions: questionsIn(draft.questionnaire),
          isInGroup: draft.attempt.groupId !== null
        }
      : null,
    result: result ?? null,
    cards: archetypes.map((id) => {
      const { name, definition } = content.archetypes[id]
      return { id, name, definition, url: paths.archetype(id) }
    })
  }
}

function answeredIn({ answers }: Attempt): number {
  return [answers.items, answers.blocks, answers.habits].reduce(
    (sum, group) => sum + Object.keys(group).length,
    0
  )
}

function questionsIn({ lean, hybrid, blocks, habits }: Questionnaire): number {
  return lean.length + hybrid.length + blocks.length + habits.kinds.length
}
