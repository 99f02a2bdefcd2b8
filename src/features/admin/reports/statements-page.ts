import type { Content } from '../../../content/load.ts'
import { archetypes, type Questionnaire } from '../../../content/schema.ts'
import type { Statements } from '../../../database/stores/aggregates.ts'
import type { ItemFlag } from '../../../statistics/item-statistics.ts'
import { type Estimate, peopleForStatements } from '../../../statistics/statements.ts'
import { paths } from '../../../web/paths.ts'
import { axis } from '../../../web/views/charts.ts'
import { exported, printed, whole } from './cells.ts'
import type { Field } from './csv.ts'
import { urlOf } from './filters.ts'

/** What the statements can be sorted by. */
export const orders = ['set', 'most', 'worst', 'rest', 'position'] as const
type Order = (typeof orders)[number]

type Found = {
  figures: Statements
  /** How many people the published figures hold, careless ones included. */
  published: number
  questionnaire: Questionnaire
  content: Content
  sort: Order
  minimum: number
}
type Statement = NonNullable<Statements['statements']>[number]
type Mark = keyof Statement['told']

const orderNames: Record<Order, string> = {
  set: 'Flagged first, then set',
  most: 'Most',
  worst: 'Least',
  rest: 'Fit',
  position: 'Effect of the place'
}

/** Comparisons that put first what an author should look at first. */
const comparisons: Record<Order, (one: Statement, other: Statement) => number> = {
  set: (one, other) => Number(other.flags.length > 0) - Number(one.flags.length > 0),
  most: (one, other) => (shareOf(other, 'most') ?? 0) - (shareOf(one, 'most') ?? 0),
  worst: (one, other) => (shareOf(other, 'least') ?? 0) - (shareOf(one, 'least') ?? 0),
  rest: (one, other) => (one.itemRest ?? -2) - (other.itemRest ?? -2),
  position: (one, other) =>
    Math.abs(other.positionEffect?.value ?? 0) - Math.abs(one.positionEffect?.value ?? 0)
}

const signNames: Record<Statements['careless'][number]['sign'], string> = {
  'left-out': 'Answered faster than anybody can read, or marked the same place again and again',
  'no-stable-pattern': 'No pattern beyond chance'
}

/** Why a statement should be looked at again, and what to do about it. */
function flagText(flag: ItemFlag, { archetype, bestOther }: Statement, content: Content) {
  const own = content.archetypes[archetype as 'solver'].name
  const other = bestOther ? content.archetypes[archetypes[bestOther.archetype]!].name : ''
  const texts: Record<ItemFlag, { reason: string; advice: string }> = {
    unrelated: {
      reason: 'Does not go with its archetype',
      advice: `Who marks it Most does not mark ${own} more often elsewhere. Say something that people close to ${own} would say and others would not.`
    },
    'mis-keyed': {
      reason: `Goes better with ${other}`,
      advice: `Who marks it Most marks ${other} elsewhere, more than ${own}. Reword it, or give it to ${other}.`
    },
    'too-attractive': {
      reason: 'Too attractive',
      advice:
        'More than 45 % mark it Most, whoever they are. Add what it costs, or make the other three as appealing.'
    },
    'too-repellent': {
      reason: 'Too repellent',
      advice:
        'More than 45 % mark it Least, whoever they are. Take out what nobody wants to be, or soften it.'
    }
  }
  return texts[flag]
}

export function statementsPage(found: Found) {
  const { figures, questionnaire, content, sort, published, minimum } = found
  const { version } = questionnaire
  const statements = sorted(found)
  const reach = Math.max(
    0.5,
    ...statements.flatMap((one) => [shareOf(one, 'most') ?? 0, shareOf(one, 'least') ?? 0])
  )
  const at = axis(-reach, reach)
  const { reliability } = figures
  return {
    title: 'Statements',
    version,
    sort,
    minimum,
    measured: whole(figures.measured),
    from: Math.max(peopleForStatements, minimum),
    isEmpty: figures.statements === null,
    reliability: reliability && {
      value: decimal(reliability.value),
      low: decimal(reliability.low),
      high: decimal(reliability.high)
    },
    careless: figures.careless.map(({ sign, people }) => ({
      name: signNames[sign],
      people: printed(people, minimum),
      share: people.kind === 'shown' && published > 0 && percent(people.count / published)
    })),
    orders: orders.map((order) => ({
      name: orderNames[order],
      url: urlOf(paths.statements, { version, sort: order }),
      isCurrent: order === sort
    })),
    chart: { left: at(-0.25), middle: at(0), right: at(0.25) },
    rows: statements.map((statement) => ({
      ...namesOf(statement, questionnaire, content),
      archetype: statement.archetype,
      flags: statement.flags.map((flag) => flagText(flag, statement, content)),
      most: percentOf(statement, 'most', minimum),
      least: percentOf(statement, 'least', minimum),
      bars: {
        least: at(-(shareOf(statement, 'least') ?? 0)),
        leastWidth: lengthOf(shareOf(statement, 'least') ?? 0, reach),
        mostWidth: lengthOf(shareOf(statement, 'most') ?? 0, reach)
      },
      bestMinusWorst: points(statement.bestMinusWorst),
      positionEffect: points(statement.positionEffect),
      rest: statement.itemRest === null ? '–' : decimal(statement.itemRest),
      seconds: statement.medianSeconds === null ? '–' : `${Math.round(statement.medianSeconds)} s`
    })),
    csvUrl: urlOf(paths.statementsCsv, { version, sort }),
    jsonUrl: urlOf(paths.statementsJson, { version, sort })
  }
}

/** The page's figures for programs: shares from 0 to 1, in the order of the page. */
export function statementsExport(found: Found) {
  const { figures, questionnaire, content, published, minimum } = found
  const { reliability } = figures
  return {
    questionnaire: questionnaire.version,
    measured: figures.measured,
    reliability: reliability && rounded(reliability),
    careless: figures.careless.map(({ sign, people }) => ({
      sign,
      people: exported(people, minimum),
      share: people.kind === 'shown' && published > 0 ? four(people.count / published) : null
    })),
    statements: sorted(found).map((statement) => {
      const { id, block, archetype, flags, itemRest, medianSeconds } = statement
      return {
        statement: id,
        set: block,
        archetype,
        text: namesOf(statement, questionnaire, content).text,
        people: statement.answered,
        most: estimateOf(statement, 'most', minimum),
        least: estimateOf(statement, 'least', minimum),
        bestMinusWorst: rounded(statement.bestMinusWorst),
        positionEffect: rounded(statement.positionEffect),
        itemRest: itemRest === null ? null : four(itemRest),
        medianSeconds: medianSeconds === null ? null : Math.round(medianSeconds),
        flags: flags.map((flag) => flagText(flag, statement, content).reason)
      }
    })
  }
}

/** The same as rows, the first of them with the names of the columns. */
export function statementsTable(statements: ReturnType<typeof statementsExport>['statements']): Field[][] {
  const estimates = ['most', 'least', 'bestMinusWorst', 'positionEffect'] as const
  return [
    [
      ...['statement', 'set', 'archetype', 'text', 'people'],
      ...estimates.flatMap((name) => [name, `${name} low`, `${name} high`]),
      ...['itemRest', 'medianSeconds', 'flags']
    ],
    ...statements.map((statement) => [
      statement.statement,
      statement.set,
      statement.archetype,
      statement.text,
      statement.people,
      ...estimates.flatMap((name) => [statement[name].value, statement[name].low, statement[name].high]),
      statement.itemRest,
      statement.medianSeconds,
      statement.flags.join('; ')
    ])
  ]
}

function sorted({ figures, sort }: Found): Statement[] {
  return (figures.statements ?? []).toSorted(comparisons[sort])
}

/** The share that marked a statement so; null where it is hidden. What is shown, and how it is sorted, follows from it. */
function shareOf(statement: Statement, mark: Mark): number | null {
  return statement.told[mark].kind === 'shown' ? statement[mark].share : null
}

function percentOf(statement: Statement, mark: Mark, minimum: number): string {
  const share = shareOf(statement, mark)
  return share === null ? printed(statement.told[mark], minimum) : percent(share)
}

/** A share with its range, or where it is hidden, in words why. */
function estimateOf(statement: Statement, mark: Mark, minimum: number) {
  const value = shareOf(statement, mark)
  if (value === null) return { value: exported(statement.told[mark], minimum), low: null, high: null }
  return rounded({ ...statement[mark], value })
}

function namesOf({ id, block, archetype }: Statement, { blocks }: Questionnaire, content: Content) {
  const { situation, statements } = blocks.find((one) => one.id === block)!
  return {
    text: statements.find((one) => one.id === id)!.text,
    set: situation,
    archetypeName: content.archetypes[archetype as 'solver'].name
  }
}

/** How long a bar is on an axis from −reach to reach. */
function lengthOf(share: number, reach: number): string {
  return axis(0, 2 * reach)(share)
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

/** A difference of shares in percentage points, with its range. */
function points(estimate: Estimate | null) {
  if (estimate === null) return null
  const { value, low, high } = estimate
  return { value: signed(value), low: signed(low), high: signed(high) }
}

function signed(share: number): string {
  const whole = Math.round(100 * share)
  return whole > 0 ? `+${whole}` : `${whole}`.replace('-', '−')
}

/** Two decimals as statisticians write what lies between −1 and 1: .81 */
function decimal(value: number): string {
  return value
    .toFixed(2)
    .replace(/^(-?)0/, '$1')
    .replace('-', '−')
}

function rounded(estimate: Estimate | null) {
  if (estimate === null) return { value: null, low: null, high: null }
  const { value, low, high } = estimate
  return { value: four(value), low: four(low), high: four(high) }
}

function four(value: number): number {
  return Math.round(10_000 * value) / 10_000
}
