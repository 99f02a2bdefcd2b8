import type { Content } from '../../../../content/load.ts'
import type { Questionnaire } from '../../../../content/schema.ts'
import type { Calibration } from '../../../../database/stores/calibrations.ts'
import { type Day, longDay } from '../../../../days.ts'
import { ENOUGH_TAKERS } from '../../../../scoring/calibration/recalibration.ts'
import { about } from '../../../../statistics/counts.ts'
import { peopleForStatements } from '../../../../statistics/statements.ts'
import type { Cell } from '../../../../statistics/suppression.ts'
import { paths } from '../../../../web/paths.ts'
import { axis } from '../../../../web/views/charts.ts'
import { whole } from '../cells.ts'
import { urlOf } from '../filters.ts'
import { effectFigures, statementFigures } from './figures.ts'

type Asked = {
  questionnaire: Questionnaire
  content: Content
  last: Calibration | null
  /** How many people the statistics of statements are about, to the ten below; 0 for too few to say. */
  measured: number
  minimum: number
  day: Day
}

export function calibrationPage({ questionnaire, content, last, measured, minimum, day }: Asked) {
  const { version } = questionnaire
  return {
    title: 'Calibration',
    version,
    option: version === content.current.version ? '' : ` --version ${version}`,
    command:
      version === content.current.version ? 'npm run calibrate' : `npm run calibrate -- --version ${version}`,
    next: laterThan([...content.questionnaires.keys()].at(-1)!, day),
    from: ENOUGH_TAKERS,
    isEnough: measured >= ENOUGH_TAKERS,
    soFar: measured > 0 ? `about ${whole(measured)}` : `fewer than ${Math.max(peopleForStatements, minimum)}`,
    minimum,
    estimate: last && estimateOf(last, questionnaire, content, minimum),
    csvUrl: urlOf(paths.calibrationCsv, { version }),
    jsonUrl: urlOf(paths.calibrationJson, { version })
  }
}

function estimateOf(last: Calibration, questionnaire: Questionnaire, content: Content, minimum: number) {
  const { people, available, estimatedOn, ship, gain } = last
  const figures = statementFigures(last, questionnaire)
  const effect = effectFigures(last, minimum)
  const reach = Math.max(0.5, ...figures.map(({ logits }) => Math.abs(logits)))
  const at = axis(-reach, reach)
  const share = (cell: Cell) =>
    cell.kind === 'shown' ? percent(cell.count / people) : `fewer than ${minimum} people`
  return {
    day: longDay(estimatedOn),
    people: whole(about(people)),
    available: available > people ? whole(about(available)) : null,
    ship,
    factor: Math.exp(gain).toFixed(2),
    otherLeading: share(effect.otherLeading),
    otherFirst: share(effect.otherFirst),
    meanChange: (100 * effect.meanChange).toFixed(1),
    mix: effect.mix.map(({ archetype, before, after }) => ({
      archetype,
      name: content.archetypes[archetype].name,
      before: percent(before),
      after: percent(after),
      // Of what is printed, so that the columns agree.
      change: signed(Math.round(1000 * after) / 10 - Math.round(1000 * before) / 10, 1)
    })),
    middle: at(0),
    isCalibrated: questionnaire.attractiveness !== null,
    rows: figures.map(({ text, situation, archetype, inUse, logits, most }) => ({
      text,
      situation,
      archetype,
      archetypeName: content.archetypes[archetype].name,
      look: logits < 0 ? 'outline' : `f-${archetype}`,
      bar: at(Math.min(0, logits)),
      width: axis(0, 2 * reach)(Math.abs(logits)),
      inUse: signed(inUse, 2),
      logits: signed(logits, 2),
      most: `${Math.round(100 * most)} %`
    }))
  }
}

/** A name for a new version: this month, or the month after the newest version, if that is later. */
function laterThan(newest: string, day: Day): string {
  const [year, month] = newest.split('-').map(Number)
  const after = new Date(Date.UTC(year!, month!)).toISOString().slice(0, 7)
  return day.slice(0, 7) > after ? day.slice(0, 7) : after
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return Number(text) === 0 ? text : `${value > 0 ? '+' : '−'}${text}`
}
