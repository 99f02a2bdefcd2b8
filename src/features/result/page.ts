import type { Token } from '../../attempt/tokens.ts'
import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { type Archetype, archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Note, Result } from '../../database/stores/results.ts'
import { longDay } from '../../days.ts'
import type { Scores } from '../../scoring/scores.ts'
import { paths } from '../../web/paths.ts'
import { axis, ticks, wholePercentages } from '../../web/views/charts.ts'
import { referencesIn } from '../../web/views/citations.ts'
import { nextOf, placesOf } from './advice.ts'
import { chance, findingOf, type Ranked, ranked, surenessOf } from './finding.ts'
import { notesOf, type Typed } from './notes.ts'
import { outcomesOf, pathOf } from './path.ts'
import { shareOf } from './share.ts'
import { flipOf, whyOf } from './why.ts'

/** Who reads: anyone with the view link, or the owner, who sees their answers and notes, and can delete. */
export type Reader = { view: Token; origin: string; owner?: { manage: Token; notes: Note[]; typed: Typed } }

export function resultPage(result: Result, questionnaire: Questionnaire, content: Content, reader: Reader) {
  const { scores } = result
  const { finding, under, notes } = findingOf(scores, content)
  const chart = chartOf(scores, content)
  const { owner } = reader
  const outcomes = outcomesOf(scores, content)
  const places = owner ? placesOf(result, questionnaire, content) : null
  const { refer, sources } = referencesIn([outcomes, places], content.sources)
  return {
    title: owner?.typed.faults.length ? `Error: ${finding}` : finding,
    finding,
    notes,
    under,
    day: longDay(result.completedOn),
    version: result.questionnaireVersion,
    chart,
    share: shareOf({ finding, rows: chart.rows }, reader.view),
    sure: surenessOf(result, content),
    flip: flipOf(result, questionnaire, content),
    why: whyOf(result, questionnaire, content),
    path: {
      ...pathOf(scores, content),
      outcomes: outcomes.map((outcome) => ({
        ...outcome,
        week: refer(outcome.week),
        reversible: refer(outcome.reversible)
      }))
    },
    habits: habitsOf(result, questionnaire, content),
    places: places && {
      ...places,
      rows: places.rows.map((row) => ({ ...row, texts: row.texts.map(refer) }))
    },
    next: nextOf(scores, content),
    limits: content.results.limits,
    reading: readingOf(scores, content),
    sources,
    viewUrl: reader.origin + paths.view(reader.view),
    owner: owner
      ? {
          manageUrl: reader.origin + paths.manage(owner.manage),
          download: paths.download(owner.manage),
          deletion: paths.deletion(owner.manage),
          notes: notesOf(owner.notes, owner.typed, owner.manage)
        }
      : null
  }
}

/** The profile as rows of a table that is also the chart; highest share first. */
export function chartOf(scores: Scores, content: Content) {
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

/** Where the hours went: a mirror, without a verdict. */
function habitsOf({ answers }: Result, { habits }: Questionnaire, content: Content) {
  const texts = content.results.habits
  const rows = habits.kinds.map((kind) => {
    const band = habits.bands.find(({ id }) => id === answers.habits[kind.id])
    const { name, try: attempt } = texts.kinds[kind.habit]
    return {
      name,
      try: attempt,
      impact: kind.impact,
      effect: texts.effects[kind.impact],
      band: band?.label ?? '',
      hours: band?.hours ?? 0
    }
  })
  const most = Math.max(...habits.bands.map(({ hours }) => hours))
  const total = rows.reduce((all, { hours }) => all + hours, 0)
  const percent = (wanted: string) => {
    const hours = rows.filter(({ impact }) => impact === wanted).reduce((sum, { hours }) => sum + hours, 0)
    return Math.round((hours / total) * 100)
  }
  const slight = rows.filter(({ impact }) => impact !== 'high')
  const largestSlight = slight.sort((a, b) => b.hours - a.hours)[0]
  return {
    rows: rows.map((row) => ({ ...row, width: axis(0, most)(row.hours) })).sort((a, b) => b.hours - a.hours),
    summary:
      total === 0 ? texts.nothing : fill(texts.summary, { high: percent('high'), low: percent('low') }),
    hint: texts.hint,
    tryTitle: texts.tryTitle,
    attempt: largestSlight && largestSlight.hours > 0 ? largestSlight.try : null
  }
}

/** What to read next: the pages of the leading archetypes, and their comparison. */
function readingOf(scores: Scores, content: Content) {
  const [first, second, third] = ranked(scores, content) as [...Ranked, Ranked[0]]
  const named = scores.leading.archetypes.length === 3 ? [first, second, third] : [first, second]
  const link = ({ id, name }: { id: Archetype; name: string }) => ({
    text: `${name}: what it is, where it exists, how it goes wrong`,
    url: paths.archetype(id)
  })
  return [
    ...named.map(link),
    { text: `${first.name} and ${second.name} compared`, url: paths.comparison(first.id, second.id) },
    { text: 'What each path asks of you', url: paths.path },
    { text: 'Snacking and other habits', url: paths.habits },
    { text: 'What this quiz cannot tell you', url: paths.limits }
  ]
}
