import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { archetypes } from '../../content/schema.ts'
import { lean } from '../../scoring/path/lean.ts'
import { byProbability, leadingSet } from '../../scoring/profile/leading.ts'
import { profileEngine } from '../../scoring/profile/profile.ts'
import type { Response } from '../../scoring/profile/response.ts'

/**
 * The made-up taker, scored as every taker is: after each set (share3 is the share after three sets, and so on),
 * always of the archetype that is in front in the end, and on the path.
 */
export function exampleNumbers({ example, archetypes: texts }: Content): Record<string, string | number> {
  const engine = profileEngine()
  const choices = example.sets.map(({ most, least }) => ({
    most: archetypes.indexOf(most),
    least: archetypes.indexOf(least)
  }))
  const after = (sets: number): Response => ({
    choices: choices.map((choice, index) => (index < sets ? choice : null))
  })
  const [front] = byProbability(engine.score(after(choices.length)).first)
  const slots: Record<string, string | number> = { front: texts[archetypes[front]].name }

  for (let sets = 1; sets <= choices.length; sets++) {
    const { share, range80, first } = engine.score(after(sets))
    const { certainty, archetypes: leading } = leadingSet(first)
    const [one, other] = leading.map((index) => texts[archetypes[index as 0 | 1 | 2 | 3]].name)
    slots[`marked${sets}`] = archetypes
      .map((id) => ({ id, times: example.sets.slice(0, sets).filter(({ most }) => most === id).length }))
      .filter(({ times }) => times > 0)
      .sort((a, b) => b.times - a.times)
      .map(({ id, times }) => `${texts[id].name} ${times}`)
      .join(', ')
    slots[`share${sets}`] = ofHundred(share[front])
    slots[`low${sets}`] = ofHundred(range80[front].low)
    slots[`high${sets}`] = ofHundred(range80[front].high)
    slots[`first${sets}`] = ofHundred(first[front])
    slots[`found${sets}`] = fill(example.found[certainty], { one: one!, other: other ?? '' })
  }

  const path = lean(example.path)
  return {
    ...slots,
    lean: signed(path.lean),
    leanLow: signed(path.range80.low),
    leanHigh: signed(path.range80.high),
    maker: ofHundred(1 - path.management)
  }
}

function ofHundred(share: number): number {
  return Math.round(share * 100)
}

function signed(lean: number): string {
  return String(ofHundred(lean)).replace('-', '−')
}
