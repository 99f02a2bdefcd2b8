import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { type Archetype, archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Result } from '../../database/results.ts'
import { byProbability } from '../../scoring/leading.ts'
import type { Scores } from '../../scoring/scores.ts'
import { axis, ticks, wholePercentages } from '../../web/charts.ts'
import { citing } from '../../web/citations.ts'
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
    places: placesOf(result, questionnaire, content),
    next: nextOf(scores, content),
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
    measure: measureTextOf(measureSwitch, content),
    outcomes: outcomesOf({ lean, hybrid }, content),
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
function outcomesOf({ lean, hybrid }: Pick<Scores, 'lean' | 'hybrid'>, content: Content) {
  const cite = citing(content.sources)
  const { outcomes } = content.results.paths
  const keys: (keyof typeof outcomes)[] = [lean.verdict]
  if (hybrid.pendulum === 'high') keys.push('pendulum')
  if (hybrid['both-at-once'] === 'high') keys.push('both-at-once')
  if (keys.length === 1 && lean.verdict === 'balanced') keys.push('not-now')
  return keys.map((key) => {
    const { name, week, before, reversible } = outcomes[key]
    return { name, week: cite(week), before, reversible: cite(reversible) }
  })
}

/** What fits, beside what tends to exist where the taker works; null where nothing was told about that. */
function placesOf({ scores, answers }: Result, questionnaire: Questionnaire, content: Content) {
  const { sizes, planning } = content.results.places
  const size = answers.context['company-size']
  const planned = answers.context.planning
  const cite = citing(content.sources)
  const named = scores.noPattern ? [] : scores.leading.archetypes.slice(0, 2)
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
      texts: [bySize, byPlanning].filter((text) => text !== undefined).map(cite),
      neighbour: neighbour
        ? { name: content.archetypes[neighbour].name, url: paths.archetype(neighbour) }
        : null
    }
  })
  return told.length > 0 && rows.length > 0 ? { told: told.join(' '), rows } : null
}

/** Three things to try and five questions for one's manager, chosen by profile and path. */
function nextOf({ leading, lean, noPattern }: Scores, content: Content) {
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
  const total = rows.reduce((all, { hours }) => all + hours, 0)
  const percent = (wanted: string) => {
    const hours = rows.filter(({ impact }) => impact === wanted).reduce((sum, { hours }) => sum + hours, 0)
    return Math.round((hours / total) * 100)
  }
  const slight = rows.filter(({ impact }) => impact !== 'high')
  const largestSlight = slight.sort((a, b) => b.hours - a.hours)[0]
  return {
    rows: rows
      .map((row) => ({ ...row, width: axis(0, most || 1)(row.hours) }))
      .sort((a, b) => b.hours - a.hours),
    summary:
      total === 0 ? texts.nothing : fill(texts.summary, { high: percent('high'), low: percent('low') }),
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
