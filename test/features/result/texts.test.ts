import { join } from 'node:path'
import { load } from 'cheerio'
import { expect, test } from 'vitest'
import { newToken } from '../../../src/attempt/tokens.ts'
import { projectDirectory } from '../../../src/config.ts'
import { archetypes } from '../../../src/content/schema.ts'
import type { Result } from '../../../src/database/stores/results.ts'
import { resultPage } from '../../../src/features/result/page.ts'
import type { Scores } from '../../../src/scoring/scores.ts'
import { viewsIn } from '../../../src/web/views/rendering.ts'
import { content } from '../../support/app.ts'

const questionnaire = content.current
const { print } = viewsIn(join(projectDirectory, 'views'), { assets: '/assets', origin: 'http://127.0.0.1' })

/** Every finding that the rules can come to: who leads how firmly, with which share behind. */
const leads = archetypes.flatMap((_, first) => {
  const others = [0, 1, 2, 3].filter((index) => index !== first)
  return [
    ...others.flatMap((second) =>
      [0.93, 0.8].flatMap((p) =>
        [0.26, 0.2].map((share) => lead([first, second], [p, (1 - p) * 0.8], [0.5, share]))
      )
    ),
    ...others.map((second) => lead([first, second], [0.5, 0.4], [0.35, 0.3])),
    lead([first, others[0]!, others[1]!], [0.4, 0.3, 0.2], [0.3, 0.28, 0.22])
  ]
})

function lead(order: number[], first: number[], share: number[]): Pick<Scores, 'profile' | 'leading'> {
  const spread = (values: number[]) => {
    const rest = (1 - values.reduce((sum, value) => sum + value, 0)) / (4 - values.length || 1)
    return [0, 1, 2, 3].map((index) => values[order.indexOf(index)] ?? rest)
  }
  const shares = spread(share)
  const set = first[0]! >= 0.75 ? 1 : first[0]! + first[1]! >= 0.75 ? 2 : first.length
  const kind = set === 1 ? 'single' : set === 2 ? 'blend' : 'open'
  return {
    profile: {
      first: spread(first),
      share: shares,
      range80: shares.map((value) => ({ low: value - 0.05, high: value + 0.05 }))
    } as unknown as Scores['profile'],
    leading: {
      kind,
      certainty: kind !== 'single' ? kind : first[0]! >= 0.9 ? 'clear' : 'likely',
      archetypes: order.slice(0, set),
      probability: 1
    }
  }
}

const verdicts = ['individual-contributor', 'balanced', 'management'] as const
const levels = ['high', 'middle', 'low'] as const
const paths = verdicts.flatMap((verdict) =>
  verdicts.flatMap((measure) =>
    levels.flatMap((pendulum) =>
      levels.map((bothAtOnce, index) => ({
        lean: {
          verdict,
          lean: { 'individual-contributor': -0.6, balanced: 0.05, management: 0.7 }[verdict],
          management: { 'individual-contributor': 0.02, balanced: 0.55, management: 0.98 }[verdict],
          range80: { low: -0.4, high: 0.4 }
        },
        measureSwitch: { measure: { verdict: measure }, rest: { verdict: verdicts[index] } },
        hybrid: { pendulum, 'both-at-once': bothAtOnce }
      }))
    )
  )
)

/** Nothing counted, everything alike, and each kind of work ahead of the others. */
const { kinds, bands } = questionnaire.habits
const habits = [
  ...[bands[0]!, bands.at(-1)!].map((band) => Object.fromEntries(kinds.map(({ id }) => [id, band.id]))),
  ...kinds.map((most) =>
    Object.fromEntries(kinds.map(({ id }) => [id, (id === most.id ? bands.at(-1)! : bands[0]!).id]))
  )
]

const optionsOf = (name: string) => [
  undefined,
  ...questionnaire.context.find(({ id }) => id === name)!.options.map(({ id }) => id)
]
const contexts = optionsOf('company-size').flatMap((size) =>
  optionsOf('planning').map((planning) => ({
    ...(size && { 'company-size': size }),
    ...(planning && { planning })
  }))
)

const blocks = Object.fromEntries(
  questionnaire.blocks.map(({ id, statements }) => [
    id,
    { most: statements[0]!.id, least: statements[1]!.id }
  ])
)
const items = Object.fromEntries([...questionnaire.lean, ...questionnaire.hybrid].map(({ id }) => [id, 3]))
const reader = {
  view: newToken(),
  origin: 'http://127.0.0.1',
  owner: { manage: newToken(), notes: [], typed: { text: '', faults: [] } }
}

function resultOf(
  found: Pick<Scores, 'profile' | 'leading'>,
  path: (typeof paths)[number],
  hours: Record<string, string>,
  context: Record<string, string>,
  parts: Partial<Scores> = {}
): Result {
  const [first, second] = [...found.leading.archetypes, 0, 1].filter((a, i, all) => all.indexOf(a) === i)
  const explanation = {
    why: {
      first: first!,
      second: second!,
      difference: 0.12,
      blocks: questionnaire.blocks.map((_, index) => (index === 3 ? -0.1 : 0.02)),
      duels: []
    },
    flip: { first: second!, changes: [{ block: 2, to: { most: 1, least: 2 } }], smallest: true }
  }
  return {
    questionnaireVersion: questionnaire.version,
    scoringVersion: '1',
    completedOn: '2026-11-24',
    arrangement: [],
    answers: { items, blocks, duels: {}, habits: hours, context },
    seconds: {},
    groupId: null,
    scores: {
      ...found,
      ...path,
      consistency: { reasons: [] },
      noPattern: false,
      ...parts
    } as unknown as Scores,
    explanation: parts.noPattern ? null : explanation
  }
}

function pageOf(...parts: Parameters<typeof resultOf>) {
  return resultPage(resultOf(...parts), questionnaire, content, reader)
}

/** Everything that a reader would see of a page's model. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}

/** What no reader should meet. */
const broken = /[{}]|undefined|NaN|\bnull\b|\[object|\b(\w+) \1\b|\s[,.]|\.\.|^\s|\s$| {2}|^$/i

const firm = /\bclear(ly)?\b|well ahead|nearly all/i
const open = /too close|no clear lead|favour no one|too few to name|neither is far enough/i

test('every finding with every path, habit and workplace reads whole', { timeout: 120_000 }, () => {
  const seen = new Set<string>()
  const wrong = new Set<string>()
  let pages = 0
  for (const found of leads) {
    for (const hours of habits) {
      for (const context of contexts) {
        const path = paths[pages % paths.length]!
        pages += 1
        const { finding, under, sure, places, next } = pageOf(found, path, hours, context)
        for (const text of textsIn([finding, under, sure, places, next])) seen.add(text)
        const claims = [finding, ...under, ...sure].join(' ')
        if (firm.test(claims.replace(/no clear lead/i, '')) && open.test(claims)) wrong.add(claims)
        if (under.length > 2) wrong.add(`More than two sentences: ${under.join(' ')}`)
      }
    }
    for (const path of paths) {
      const { path: section, next } = pageOf(found, path, habits[0]!, {})
      for (const text of textsIn([section.title, section.text, section.measure, section.outcomes, next])) {
        seen.add(text)
      }
      const names = section.outcomes.map(({ name }) => name)
      if (names.length !== new Set(names).size) wrong.add(`Twice: ${names}`)
      if (path.hybrid.pendulum === 'high' && !names.includes('Both, in turn')) wrong.add(`Not: ${names}`)
      if (path.hybrid['both-at-once'] === 'high' && !names.includes('Both at once'))
        wrong.add(`Not: ${names}`)
      if (section.outcomes.length === 0) wrong.add('No outcome')
    }
  }
  expect(pages).toBe(leads.length * habits.length * contexts.length)
  expect([...seen].filter((text) => broken.test(text) && !text.startsWith('/'))).toEqual([])
  expect([...wrong]).toEqual([])
})

test('what is said about a finding fits it', () => {
  for (const found of leads) {
    const { finding, under, sure, next, places } = pageOf(found, paths[0]!, habits[0]!, {
      'company-size': '20-99'
    })
    const claims = [finding, ...under, ...sure].join(' ')
    const names = found.leading.archetypes.map((index) => content.archetypes[archetypes[index as 0]].name)
    const { kind, certainty } = found.leading
    expect(firm.test(finding.replace('No clear lead', '')), finding).toBe(certainty === 'clear')
    expect(open.test(claims), claims).toBe(kind !== 'single')
    if (kind !== 'open') for (const name of names) expect(finding).toContain(name)
    expect(next.tries).toHaveLength(3)
    expect(next.asks).toHaveLength(5)
    expect(new Set([...next.tries, ...next.asks]).size).toBe(8)
    expect(places!.rows.map(({ name }) => name)).toEqual(names.slice(0, 3))
  }
})

test('careless answers are told before anything is claimed, and nobody is named without a pattern', () => {
  for (const found of leads) {
    for (const reason of ['too-fast', 'same-position', 'no-stable-pattern']) {
      const { notes } = pageOf(found, paths[0]!, habits[0]!, {}, {
        consistency: { reasons: [reason] }
      } as never)
      expect(notes).toHaveLength(1)
      expect(notes[0]).toMatch(/^Before you read on/)
    }
    const page = pageOf(found, paths[0]!, habits[0]!, {}, { noPattern: true })
    expect(page).toMatchObject({ notes: [], why: null, flip: null, places: null })
    const claims = [page.finding, ...page.under, ...page.sure].join(' ')
    for (const id of archetypes) expect(claims).not.toContain(content.archetypes[id].name)
  }
})

test('every kind of page is printed whole, for its owner and for others', { timeout: 60_000 }, () => {
  leads.forEach((found, index) => {
    const result = resultOf(
      found,
      paths[(index * 7) % paths.length]!,
      habits[index % habits.length]!,
      contexts[index % contexts.length]!
    )
    for (const someone of [reader, { view: reader.view, origin: reader.origin }]) {
      const html = print('result/result', resultPage(result, questionnaire, content, someone))
      const text = load(html)('main').text()
      expect(text).not.toMatch(/[{}]|undefined|NaN|\[object/)
      expect(text).toContain('What this is not')
    }
  })
})
