import type { Content } from '../../content/load.ts'
import { fill } from '../../content/result-texts.ts'
import { type Archetype, archetypes, type Questionnaire } from '../../content/schema.ts'
import type { Result } from '../../database/results.ts'
import type { Scores } from '../../scoring/scores.ts'
import { axis, ticks, wholePercentages } from '../../web/charts.ts'
import { longDay } from '../../web/days.ts'
import { paths } from '../../web/paths.ts'
import type { Token } from '../../web/tokens.ts'
import { nextOf, placesOf } from './advice.ts'
import { chance, findingOf, type Ranked, ranked, surenessOf } from './finding.ts'
import { pathOf } from './path.ts'

/** Who reads: anyone with the view link, or the owner, who also sees the private link and can delete. */
export type Reader = { view: Token; manage?: Token; origin: string }

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
