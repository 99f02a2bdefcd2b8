import { archetypes, Kind, type Questionnaire } from '../schema.ts'
import type { Finding } from './finding.ts'
import { limits } from './limits.ts'

/** What the shapes of schema.ts cannot see, because it holds between files or between many entries. */
export function structureFaults(questionnaire: Questionnaire): Finding[] {
  return [
    ...blockFaults(questionnaire),
    ...repeatedIds(questionnaire),
    ...repeatedTexts(questionnaire),
    ...keyingFaults(questionnaire),
    ...habitFaults(questionnaire),
    ...contextFaults(questionnaire)
  ]
}

type File = 'blocks' | 'path' | 'habits' | 'context'

const fileOf = ({ version }: Questionnaire, file: File) => `questionnaires/${version}/${file}.yaml`

function blockFaults(questionnaire: Questionnaire): Finding[] {
  const { blocks } = questionnaire
  const file = fileOf(questionnaire, 'blocks')
  const count =
    blocks.length === limits.blocks
      ? []
      : [{ file, path: [], reason: `has ${blocks.length} blocks, not ${limits.blocks}` }]
  const places = archetypes.flatMap((archetype) => {
    const times = [0, 1, 2, 3].map(
      (place) => blocks.filter(({ statements }) => statements[place]?.archetype === archetype).length
    )
    const uneven = Math.max(...times) - Math.min(...times) > 1
    const reason = `${archetype} stands first, second, third and last ${times.join(', ')} times, not equally often`
    return uneven ? [{ file, path: [], reason }] : []
  })
  return [...count, ...places]
}

/** Everything that has an id of its own, and where it stands. */
function named({ blocks, lean, hybrid, habits, context }: Questionnaire) {
  const at = (file: File, ...path: PropertyKey[]) => ({ file, path })
  return [
    ...blocks.flatMap(({ id, statements }, b) => [
      { id, ...at('blocks', b, 'id') },
      ...statements.map(({ id }, s) => ({ id, ...at('blocks', b, 'statements', s, 'id') }))
    ]),
    ...lean.map(({ id }, index) => ({ id, ...at('path', 'lean', index, 'id') })),
    ...hybrid.map(({ id }, index) => ({ id, ...at('path', 'hybrid', index, 'id') })),
    ...habits.kinds.map(({ id }, index) => ({ id, ...at('habits', 'kinds', index, 'id') })),
    ...context.map(({ id }, index) => ({ id, ...at('context', index, 'id') }))
  ]
}

function repeatedIds(questionnaire: Questionnaire): Finding[] {
  const all = named(questionnaire)
  return all.flatMap(({ id, file, path }, index) => {
    const first = all.findIndex((other) => other.id === id)
    const reason = `“${id}” is the id of something in ${all[first]?.file}.yaml already`
    return first < index ? [{ file: fileOf(questionnaire, file), path, reason }] : []
  })
}

function repeatedTexts(questionnaire: Questionnaire): Finding[] {
  const all = questionnaire.blocks.flatMap(({ statements }, b) =>
    statements.map(({ id, text }, s) => ({
      id,
      text: text.toLowerCase(),
      path: [b, 'statements', s, 'text']
    }))
  )
  return all.flatMap(({ id, text, path }, index) => {
    const first = all.findIndex((other) => other.text === text)
    const reason = `“${id}” says the same as “${all[first]?.id}”`
    return first < index ? [{ file: fileOf(questionnaire, 'blocks'), path, reason }] : []
  })
}

/** Items keyed to one side only would score a habit of marking that side. The eight together: see schema.ts. */
function keyingFaults(questionnaire: Questionnaire): Finding[] {
  const { lean, hybrid } = questionnaire
  const file = fileOf(questionnaire, 'path')
  const measure = lean.filter((item) => item.measure).map(({ management }) => management)
  const measures = hybrid.map((item) => item.measures)
  const rules = [
    {
      path: 'lean',
      kept: new Set(measure).size === 2,
      reason: `the items with “measure” have management on both sides, not ${measure.join(', ') || 'nowhere'}`
    },
    {
      path: 'hybrid',
      kept: new Set(hybrid.map((item) => item.hybrid)).size === 2,
      reason: 'the two items have the hybrid on different sides'
    },
    {
      path: 'hybrid',
      kept: new Set(measures).size === 2,
      reason: `one item measures pendulum and one both-at-once, not ${measures.join(', ')}`
    }
  ]
  return rules.filter(({ kept }) => !kept).map(({ path, reason }) => ({ file, path: [path], reason }))
}

function habitFaults(questionnaire: Questionnaire): Finding[] {
  const { kinds, bands } = questionnaire.habits
  const file = fileOf(questionnaire, 'habits')
  const times = Kind.shape.habit.options.map((habit) => ({
    habit,
    count: kinds.filter((kind) => kind.habit === habit).length
  }))
  return [
    ...times
      .filter(({ count }) => count !== 1)
      .map(({ habit, count }) => ({
        file,
        path: ['kinds'],
        reason: `asks for “${habit}” ${count} times, not once`
      })),
    ...bands.flatMap(({ id, hours }, index) =>
      index > 0 && hours <= bands[index - 1]!.hours
        ? [{ file, path: ['bands', index, 'hours'], reason: `“${id}” is not more than the band before it` }]
        : []
    )
  ]
}

function contextFaults(questionnaire: Questionnaire): Finding[] {
  return questionnaire.context.flatMap(({ options }, q) => {
    const labels = options.map(({ label }) => label.toLowerCase())
    return options.flatMap(({ label }, o) =>
      labels.indexOf(label.toLowerCase()) < o
        ? [
            {
              file: fileOf(questionnaire, 'context'),
              path: [q, 'options', o, 'label'],
              reason: `“${label}” can be chosen twice`
            }
          ]
        : []
    )
  })
}
