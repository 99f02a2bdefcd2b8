import { join, relative } from 'node:path'
import { archetypes, type Questionnaire } from '../content/schema.ts'
import { longDay } from '../days.ts'
import type { Found } from './calibrate-questionnaire.ts'
import { markdown, percent } from './tables.ts'

/** How many of the statements are printed; the admin page has them all. */
const SHOWN = 8

/** What `npm run calibrate` prints. */
export function calibrationReport(found: Found, questionnaire: Questionnaire, minimum: number): string {
  const { people, available, estimatedOn, isNew } = found
  const number = (value: number) => value.toLocaleString('en-GB')
  const of = available > people ? `, a fair sample of the ${number(available)} whose answers can be used` : ''
  return [
    `Questionnaire ${questionnaire.version}, estimated on ${longDay(estimatedOn)} from ${number(people)} people${of}.`,
    'People who answered in haste, or on one position, are left out.',
    ...(isNew
      ? []
      : [
          `This is the last estimate: another takes at least ${minimum} people more or fewer than it was made from.`
        ]),
    '',
    worthOf(found),
    '',
    `The ${SHOWN} statements that are furthest from being as attractive as the others of their set, in logits:`,
    '',
    statementsTable(found, questionnaire),
    '',
    ...effectLines(found)
  ].join('\n')
}

/** How a version is written. */
export const howToWrite = `
npm run calibrate -- --write 2027-03 writes it as a new version, under a name of yours.`

/** Where the new version lies, and what is to be done with it. */
export function writtenText(version: string, contentDirectory: string): string {
  const place = relative(process.cwd(), join(contentDirectory, 'questionnaires', version))
  return `
Wrote ${place}: the same questions, with attractiveness.yaml beside them. Nobody is asked it yet.

Next:
  1. npm run content:check says whether it still measures.
  2. npm run content:publish -- ${version} lists it; takers are asked it, and scored with it, from the next start on.

Results that are there already stay as they are.`
}

/** Whether the ship rule holds, and why. */
function worthOf({ gain, ship }: Found): string {
  const factor = Math.exp(gain).toFixed(3)
  return ship
    ? `Worth a new version: answers that it had not seen are ${factor} times as likely with it, person by person.`
    : `Not worth a new version: answers that it had not seen are predicted no better with it (${factor} times as likely).`
}

function statementsTable({ attractiveness }: Found, { blocks }: Questionnaire): string {
  const statements = blocks.flatMap((block) => block.statements)
  const size = (id: string) => Math.abs(attractiveness[id]!)
  const furthest = statements.toSorted((one, other) => size(other.id) - size(one.id)).slice(0, SHOWN)
  return markdown({
    title: '',
    head: ['statement', 'logits', 'archetype'],
    body: furthest.map(({ id, text, archetype }) => [text, signed(attractiveness[id]!), archetype])
  })
}

function effectLines({ effect, people }: Found): string[] {
  const { otherLeading, otherFirst, meanChange, before, after } = effect
  return [
    'If the results of these people were scored with it, which they will not be:',
    `  ${percent(otherLeading / people)} would be told another archetype, or others beside it; ${percent(otherFirst / people)} would have another one in front;`,
    `  the chance of the one in front would change by ${(100 * meanChange).toFixed(1)} points on average.`,
    '',
    'The mix of these people, as mean chances of being first:',
    '',
    markdown({
      title: '',
      head: ['archetype', 'as scored', 'with it'],
      body: archetypes.map((id, a) => [id, percent(before[a as 0]), percent(after[a as 0])])
    })
  ]
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`.replace('-', '−')
}
