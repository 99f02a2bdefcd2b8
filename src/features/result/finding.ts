import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { archetypes } from '../../content/schema.ts'
import type { Result } from '../../database/stores/results.ts'
import { byProbability } from '../../scoring/profile/leading.ts'
import type { Scores } from '../../scoring/scores.ts'

/** Above this share an archetype is picked more often than by chance: then it counts as a side. */
export const chance = 0.25

/** Archetypes by probability of being first, with what their sentences need. */
export function ranked({ profile }: Scores, content: Content) {
  return byProbability(profile.first).map((index) => {
    const id = archetypes[index]
    return {
      id,
      index,
      name: content.archetypes[id].name,
      ...content.results.archetypes[id],
      share: profile.share[index],
      range: profile.range80[index]
    }
  })
}

export type Ranked = [ReturnType<typeof ranked>[number], ReturnType<typeof ranked>[number]]

/** The finding in one line, what is said under it, and what must be said before it. */
export function findingOf(scores: Scores, content: Content) {
  const texts = content.results
  const { leading, consistency, noPattern } = scores
  const [first, second] = ranked(scores, content) as Ranked
  const slots = { first: first.name, second: second.name, aSecond: `${second.article} ${second.name}` }
  const notes = []
  if (consistency.reasons.includes('too-fast')) notes.push(texts.notes.fast)
  if (consistency.reasons.includes('same-position')) notes.push(texts.notes.position)
  if (consistency.reasons.includes('no-stable-pattern')) notes.push(texts.notes.contradictory)

  if (noPattern) {
    return { finding: texts.finding.noPattern, under: [texts.under.noPattern], notes: [] }
  }
  if (leading.kind === 'single') {
    const side = second.share >= chance
    const clear = leading.certainty === 'clear'
    const line = clear ? (side ? 'clearWithSide' : 'clear') : side ? 'likelyWithSide' : 'likely'
    return {
      finding: fill(texts.finding[line], slots),
      under: [first.drawn, side ? second.also : texts.under.single],
      notes
    }
  }
  if (leading.kind === 'blend') {
    return { finding: fill(texts.finding.blend, slots), under: [first.drawn, second.also], notes }
  }
  const names = leading.archetypes.map((index) => content.archetypes[archetypes[index as 0 | 1 | 2 | 3]].name)
  return {
    finding: texts.finding.three,
    under: [
      fill(texts.under.three, { names: listed(names) }),
      notes.length > 0 ? texts.under.openCareless : texts.under.open
    ],
    notes
  }
}

/** Names as a sentence lists them: A, B and C. */
function listed(names: string[]): string {
  return new Intl.ListFormat('en-GB').format(names)
}

/** How sure the finding is, in numbers and in words. */
export function surenessOf({ scores, answers }: Result, content: Content): string[] {
  const texts = content.results.sure
  const { leading, profile, noPattern } = scores
  if (noPattern) return [texts.noPattern]
  const [first, second] = ranked(scores, content) as Ranked
  const ofHundred = (index: 0 | 1 | 2 | 3) => {
    const n = Math.round(profile.first[index] * 100)
    return n >= 100 ? 'nearly all' : n < 1 ? 'hardly any' : `about ${n}`
  }
  const slots = {
    first: first.name,
    second: second.name,
    n: ofHundred(first.index),
    m: ofHundred(second.index)
  }
  const apart = first.range.low > second.range.high
  const order = leading.kind === 'open' ? [] : [fill(apart ? texts.apart : texts.overlap, slots)]
  const sharpened = Object.keys(answers.duels).length > 0 ? [texts.duels] : []
  return [fill(texts[leading.kind], slots), ...order, ...sharpened, texts.limits]
}
