import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { type Archetype, archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Result } from '../../database/results.ts'
import { byProbability } from '../../scoring/leading.ts'
import type { Scores } from '../../scoring/scores.ts'
import { axis, ticks, wholePercentages } from '../../web/charts.ts'
import { longDay } from '../../web/days.ts'
import { paths } from '../../web/paths.ts'
import type { Token } from '../../web/tokens.ts'

/** Who reads: anyone with the view link, or the owner, who also sees the private link and can delete. */
export type Reader = { view: Token; manage?: Token; origin: string }

/** Above this share an archetype is picked more often than by chance: then it counts as a side. */
const chance = 0.25

export function resultPage(result: Result, questionnaire: Questionnaire, content: Content, reader: Reader) {
  const { scores } = result
  const { finding, under, notes } = findingOf(scores, content)
  return {
    title: finding,
    finding,
    notes,
    under,
    day: longDay(result.completedOn),
    version: result.questionnaireVersion,
    chart: chartOf(scores, content),
    sure: surenessOf(result, content),
    path: pathOf(scores, content),
    habits: habitsOf(result, questionnaire, content),
    limits: content.results.limits,
    reading: readingOf(scores, content),
    viewUrl: reader.origin + paths.view(reader.view),
    owner: reader.manage
      ? {
          manageUrl: reader.origin + paths.manage(reader.manage),
          download: paths.download(reader.manage),
          deletion: paths.deletion(reader.manage)
        }
      : null
  }
}

/** Archetypes by probability of being first, with what their sentences need. */
function ranked({ profile }: Scores, content: Content) {
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

type Ranked = [ReturnType<typeof ranked>[number], ReturnType<typeof ranked>[number]]

/** The finding in one line, what is said under it, and what must be said before it. */
function findingOf(scores: Scores, content: Content) {
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
    return {
      finding: fill(texts.finding.blend, slots),
      under: [first.drawn, second.also, texts.under.blend],
      notes
    }
  }
  const spread = leading.archetypes.length === 3 ? texts.finding.three : texts.finding.four
  return { finding: spread, under: [texts.under.open], notes }
}

/** The profile as rows of a table that is also the chart; highest share first. */
function chartOf(scores: Scores, content: Content) {
  const { share, range80 } = scores.profile
  const whole = wholePercentages(share)
  const end = Math.max(60, ...range80.map(({ high }) => Math.ceil(high * 10) * 10))
  const at = axis(0, end)
  const rows = archetypes.map((id, index) => {
    const { low, high } = range80[index as 0 | 1 | 2 | 3]
    return {
      id,
      name: content.archetypes[id].name,
      url: paths.archetype(id),
      share: whole[index] ?? 0,
      low: Math.round(low * 100),
      high: Math.round(high * 100),
      x: at((share[index] ?? 0) * 100),
      from: at(low * 100),
      width: at((high - low) * 100)
    }
  })
  return {
    rows: rows.sort((a, b) => b.share - a.share),
    ticks: ticks(0, end, 5, 10),
    chance: at(chance * 100)
  }
}

/** How sure the finding is, in numbers and in words. */
function surenessOf({ scores, answers }: Result, content: Content): string[] {
  const texts = content.results.sure
  const { leading, profile } = scores
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

/** The lean between making and managing, with its ruler. */
function pathOf({ lean, measureSwitch, hybrid }: Scores, content: Content) {
  const texts = content.results.path
  const at = axis(-1, 1)
  const { low, high } = lean.range80
  return {
    ...texts[lean.verdict],
    chance: fill(texts.chance, { n: Math.min(99, Math.max(1, Math.round(lean.management * 100))) }),
    measure: measureOf(measureSwitch, content),
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

/** Whether the way one judges oneself and what one would rather do point the same way. */
function measureOf({ measure, rest }: Scores['measureSwitch'], content: Content): string | null {
  const texts = content.results.path.measure
  if (!measure || !rest) return null
  if (measure.verdict === rest.verdict) return texts.same
  return fill(texts.apart, { measure: texts[measure.verdict], rest: texts[rest.verdict] })
}

/** −100 (all individual contributor) to +100 (all management), with a real minus sign. */
function signed(value: number): string {
  const whole = Math.round(value * 100)
  return whole === 0 ? '0' : `${whole < 0 ? '−' : '+'}${Math.abs(whole)}`
}

/** Where the hours went: a mirror, without a verdict. */
function habitsOf({ answers }: Result, { habits }: Questionnaire, content: Content) {
  const texts = content.results.habits
  const rows = habits.kinds.map((kind) => {
    const band = habits.bands.find(({ id }) => id === answers.habits[kind.id])
    const { name, try: attempt } = texts.kinds[kind.habit]
    return { name, try: attempt, impact: kind.impact, band: band?.label ?? '', hours: band?.hours ?? 0 }
  })
  const most = Math.max(...rows.map(({ hours }) => hours))
  const sum = (wanted: string) =>
    rows.filter(({ impact }) => impact === wanted).reduce((total, { hours }) => total + hours, 0)
  const total = rows.reduce((all, { hours }) => all + hours, 0)
  const slight = rows.filter(({ impact }) => impact !== 'high')
  const largestSlight = slight.sort((a, b) => b.hours - a.hours)[0]
  return {
    rows: rows
      .map((row) => ({ ...row, width: axis(0, most || 1)(row.hours) }))
      .sort((a, b) => b.hours - a.hours),
    summary: total === 0 ? texts.nothing : fill(texts.summary, { high: sum('high'), low: sum('low'), total }),
    hint: texts.hint,
    tryTitle: texts.tryTitle,
    attempt: largestSlight && largestSlight.hours > 0 ? largestSlight.try : null
  }
}

/** What to read next: the pages of the leading archetypes, and their comparison. */
function readingOf(scores: Scores, content: Content) {
  const [first, second] = ranked(scores, content) as Ranked
  const link = (id: Archetype) => ({ name: content.archetypes[id].name, url: paths.archetype(id) })
  return { first: link(first.id), second: link(second.id), compare: paths.comparison(first.id, second.id) }
}

/** Everything stored about a result, for its owner, with the questions' own words. */
export function downloadOf(result: Result, questionnaire: Questionnaire, content: Content) {
  const { answers } = result
  const all = questionnaire.blocks.flatMap(({ statements }) => statements)
  const textOf = (id?: string) => all.find((statement) => statement.id === id)?.text ?? null
  const poles = [
    'much more left',
    'a little more left',
    'in between',
    'a little more right',
    'much more right'
  ]
  return {
    product: 'Staff Bearings',
    finding: findingOf(result.scores, content).finding,
    completedOn: result.completedOn,
    questionnaireVersion: result.questionnaireVersion,
    scoringVersion: result.scoringVersion,
    archetypeOrder: archetypes,
    scores: result.scores,
    blocks: questionnaire.blocks.map(({ id, situation }) => ({
      id,
      situation,
      most: textOf(answers.blocks[id]?.most),
      least: textOf(answers.blocks[id]?.least)
    })),
    items: [...questionnaire.lean, ...questionnaire.hybrid].map(({ id, stem, left, right }) => ({
      id,
      question: stem,
      left: left.text,
      right: right.text,
      answer: poles[(answers.items[id] ?? 0) - 1] ?? null
    })),
    habits: questionnaire.habits.kinds.map(({ id, text }) => ({
      id,
      kind: text,
      answer: questionnaire.habits.bands.find((band) => band.id === answers.habits[id])?.label ?? null
    })),
    sixMore: Object.values(answers.duels).map(({ winner, loser }) => ({
      chosen: textOf(winner),
      over: textOf(loser)
    })),
    context: answers.context,
    secondsPerPage: result.seconds,
    orderShown: result.arrangement
  }
}
