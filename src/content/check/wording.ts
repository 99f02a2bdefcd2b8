import { archetypes, type Block, type Questionnaire } from '../schema.ts'
import { secondClaimIn } from './clauses.ts'
import type { Finding } from './finding.ts'
import { anyOf, labelWords, limits, valueWords } from './limits.ts'
import { readingEase } from './readability.ts'

export const wordsIn = (text: string) => text.trim().split(/\s+/).length

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** How long and how easy the statements of a block are. */
export function measuresOf({ statements }: Block) {
  const words = statements.map(({ text }) => wordsIn(text))
  return {
    words,
    mean: mean(words),
    spread: Math.max(...words) - Math.min(...words),
    ease: readingEase(statements.map(({ text }) => text))
  }
}

/** Words in a statement of each archetype, on average. */
export function meanWords({ blocks }: Questionnaire): number[] {
  const statements = blocks.flatMap((block) => block.statements)
  return archetypes.map((archetype) =>
    mean(statements.filter((statement) => statement.archetype === archetype).map(({ text }) => wordsIn(text)))
  )
}

const folderOf = ({ version }: Questionnaire) => `questionnaires/${version}`

/** What breaks a rule of wording. */
export function wordingFaults(questionnaire: Questionnaire): Finding[] {
  const file = `${folderOf(questionnaire)}/blocks.yaml`
  const means = meanWords(questionnaire)
  const apart = Math.max(...means) - Math.min(...means)
  const between = archetypes.map((archetype, a) => `${archetype} ${means[a]?.toFixed(1)}`).join(', ')
  return [
    ...questionnaire.blocks.flatMap((block, b) => [
      ...block.statements.flatMap(({ id, text }, s) =>
        faultsOfStatement(text).map((fault) => ({
          file,
          path: [b, 'statements', s, 'text'],
          reason: `“${id}” ${fault}`
        }))
      ),
      ...faultsOfBlock(block).map((reason) => ({ file, path: [b], reason: `“${block.id}” ${reason}` }))
    ]),
    ...(apart > limits.betweenArchetypes
      ? [{ file, path: [], reason: `one archetype has longer statements than another: ${between} words` }]
      : []),
    ...otherTexts(questionnaire).flatMap(({ file, path, text }) =>
      faultsOfText(text).map((reason) => ({ file, path, reason }))
    )
  ]
}

/** What keeps to the rules and could still be easier. */
export function wordingWarnings(questionnaire: Questionnaire): Finding[] {
  const file = `${folderOf(questionnaire)}/blocks.yaml`
  return questionnaire.blocks.flatMap(({ statements }, b) =>
    statements.flatMap(({ id, text }, s) => {
      const ease = readingEase([text])
      const hard = ease >= limits.easeOfOne && ease < limits.ease
      const reason = `“${id}” is harder to read than it might be: ease ${ease.toFixed(0)}`
      return hard ? [{ file, path: [b, 'statements', s, 'text'], reason }] : []
    })
  )
}

function faultsOfBlock(block: Block): string[] {
  const { mean, spread, ease } = measuresOf(block)
  return [
    ...labelOrValueIn(block.situation),
    ...(mean > limits.meanOfBlock
      ? [`has statements of ${mean.toFixed(2)} words on average; ${limits.meanOfBlock} is the most`]
      : []),
    ...(spread > limits.spreadOfBlock
      ? [`has statements that differ by ${spread} words; ${limits.spreadOfBlock} is the most`]
      : []),
    ...(ease < limits.ease
      ? [`is hard to read: ease ${ease.toFixed(0)}; ${limits.ease} is the least for a block`]
      : [])
  ]
}

function faultsOfStatement(text: string): string[] {
  const second = secondClaimIn(text)
  return [
    ...faultsOfText(text),
    ...(/\b(?:I|me|my|us|we)\b/.test(text) ? [] : ['does not speak of the taker (I, me, my, us, we)']),
    ...(second ? [second] : [])
  ]
}

function faultsOfText(text: string): string[] {
  const ease = readingEase([text])
  return [
    ...(wordsIn(text) > limits.words ? [`has ${wordsIn(text)} words; ${limits.words} is the most`] : []),
    ...labelOrValueIn(text),
    ...(ease < limits.easeOfOne
      ? [`is hard to read: ease ${ease.toFixed(0)}; ${limits.easeOfOne} is the least`]
      : [])
  ]
}

function labelOrValueIn(text: string): string[] {
  const label = anyOf(labelWords).exec(text)?.[0]
  const value = anyOf(valueWords).exec(text)?.[0]
  return [
    ...(label ? [`gives an archetype away: “${label}”`] : []),
    ...(value ? [`says how good it is: “${value}”`] : [])
  ]
}

/** The sentences of the path items and the habits, which keep to the rules for single sentences. */
function otherTexts(questionnaire: Questionnaire) {
  const { lean, hybrid, habits } = questionnaire
  const folder = folderOf(questionnaire)
  return [
    ...Object.entries({ lean, hybrid }).flatMap(([list, items]) =>
      items.flatMap((item, index) =>
        (['left', 'right'] as const).map((side) => ({
          file: `${folder}/path.yaml`,
          path: [list, index, side, 'text'],
          text: item[side].text
        }))
      )
    ),
    ...habits.kinds.map(({ text }, index) => ({
      file: `${folder}/habits.yaml`,
      path: ['kinds', index, 'text'],
      text
    }))
  ]
}
