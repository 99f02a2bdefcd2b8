import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import type { Scores } from '../../scoring/scores.ts'
import { axis, ticks } from '../../web/views/charts.ts'

/** The lean between making and managing, with its ruler. */
export function pathOf({ lean, measureSwitch, hybrid }: Scores, content: Content) {
  const texts = content.results.path
  const at = axis(-1, 1)
  const { low, high } = lean.range80
  return {
    ...texts[lean.verdict],
    chance: fill(lean.verdict === 'balanced' ? texts.chanceOpen : texts.chance, {
      n: Math.min(99, Math.max(1, Math.round(lean.management * 100)))
    }),
    measure: measureTextOf(measureSwitch, content),
    pendulum: texts.pendulum[hybrid.pendulum],
    bothAtOnce: texts['both-at-once'][hybrid['both-at-once']],
    ruler: {
      x: at(lean.lean),
      from: at(low),
      width: axis(0, 2)(high - low),
      middle: at(0),
      ticks: ticks(-1, 1, 0.1, 0.5),
      lean: signed(lean.lean),
      low: signed(low),
      high: signed(high)
    }
  }
}

/** What the questions on judging oneself say, beside the others; null in a questionnaire without them. */
function measureTextOf({ measure, rest }: Scores['measureSwitch'], content: Content): string | null {
  return measure && rest ? content.results.paths.measure[measure.verdict][rest.verdict] : null
}

/** The directions that the answers hold open, each with what it would change and what to ask first. */
export function outcomesOf({ lean, hybrid }: Pick<Scores, 'lean' | 'hybrid'>, content: Content) {
  const { outcomes } = content.results.paths
  const keys: (keyof typeof outcomes)[] = [lean.verdict]
  if (hybrid.pendulum === 'high') keys.push('pendulum')
  if (hybrid['both-at-once'] === 'high') keys.push('both-at-once')
  if (keys.length === 1 && lean.verdict === 'balanced') keys.push('not-now')
  return keys.map((key) => outcomes[key])
}

/** −100 (all individual contributor) to +100 (all management), with a real minus sign. */
function signed(value: number): string {
  const whole = Math.round(value * 100)
  return whole === 0 ? '0' : `${whole < 0 ? '−' : '+'}${Math.abs(whole)}`
}
