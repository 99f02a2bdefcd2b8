import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Result } from '../../database/stores/results.ts'
import type { AnswerChange } from '../../scoring/explain/flip.ts'
import { wholeParts } from '../../web/views/charts.ts'

/** How many blocks are shown that speak for the archetype ahead, and how many against it. */
const FOR = 3
const AGAINST = 1

/** Which answers put one archetype ahead of the next, in points of the share; null where nothing is ahead. */
export function whyOf({ explanation, answers }: Result, questionnaire: Questionnaire, content: Content) {
  if (!explanation) return null
  const texts = content.results.why
  const { first, second, blocks, duels } = explanation.why
  const names = { first: nameOf(first, content), second: nameOf(second, content) }
  // In tenths of a point, so that what is printed adds up as well.
  const tenths = wholeParts([...blocks, ...duels].map((part) => 1000 * (part ?? 0)))
  const statement = statementsIn(questionnaire, content)
  const sets = questionnaire.blocks.map(({ id, situation }, index) => {
    const { most, least } = answers.blocks[id]!
    return {
      situation,
      marks: [
        { name: 'Most', given: statement(most) },
        { name: 'Least', given: statement(least) }
      ],
      tenths: tenths[index]!
    }
  })
  const sorted = sets.toSorted((a, b) => b.tenths - a.tenths)
  const speakFor = sorted.filter(({ tenths }) => tenths > 0).slice(0, FOR)
  const speakAgainst = sorted.filter(({ tenths }) => tenths < 0).slice(-AGAINST)
  const shown = [...speakFor, ...speakAgainst]
  const total = sum(tenths)
  return {
    title: fill(total === 0 ? texts.titleLevel : texts.title, names),
    lead: fill(texts.lead, names),
    rows: shown.map(({ tenths, ...set }) => ({ ...set, points: points(tenths) })),
    rest: fill(duels.length > 0 ? texts.restWithDuels : texts.rest, { n: sets.length - shown.length }),
    restPoints: points(total - sum(shown.map(({ tenths }) => tenths))),
    total: fill(texts.total, names),
    totalPoints: points(total),
    note: texts.note
  }
}

/** The fewest other answers that would have put another archetype first; null where nothing is in front. */
export function flipOf({ explanation, answers }: Result, questionnaire: Questionnaire, content: Content) {
  if (!explanation?.flip) return null
  const { first, changes, smallest } = explanation.flip
  const texts = content.results.flip
  const duels = Object.values(answers.duels)
  const statement = statementsIn(questionnaire, content)

  function changeOf(change: AnswerChange) {
    if ('duel' in change) {
      const { winner, loser } = duels[change.duel]!
      return { situation: texts.duel, marks: [mark(texts.most, loser, winner)] }
    }
    const { id, situation, statements } = questionnaire.blocks[change.block]!
    const idOf = (index: number | null) =>
      statements.find(({ archetype }) => archetype === archetypes[index as 0 | 1 | 2 | 3])!.id
    const { most, least } = answers.blocks[id]!
    const marks = [
      mark(texts.most, idOf(change.to.most), most),
      mark(texts.least, idOf(change.to.least), least)
    ]
    return { situation, marks: marks.filter(({ changed }) => changed) }
  }

  function mark(name: string, other: string, given: string) {
    return { name, other: statement(other), given: statement(given), changed: other !== given }
  }

  const fewest = smallest ? (changes.length === 1 ? texts.one : texts.two) : texts.more
  return {
    text: fill(fewest, { other: nameOf(first, content), n: changes.length }),
    twice: texts.twice,
    changes: changes.map(changeOf)
  }
}

/** A statement by its id, with the name of the archetype that it stands for. */
function statementsIn({ blocks }: Questionnaire, content: Content) {
  const all = new Map(blocks.flatMap(({ statements }) => statements.map((one) => [one.id, one])))
  return (id: string) => {
    const { text, archetype } = all.get(id)!
    return { text, archetype: content.archetypes[archetype].name }
  }
}

function nameOf(index: number, content: Content): string {
  return content.archetypes[archetypes[index as 0 | 1 | 2 | 3]].name
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Tenths of a point as points, with a real minus sign. */
function points(tenths: number): string {
  const size = (Math.abs(tenths) / 10).toFixed(1)
  return tenths === 0 ? size : `${tenths < 0 ? '−' : '+'}${size}`
}
