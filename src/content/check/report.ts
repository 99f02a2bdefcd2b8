import { archetypes, type Block } from '../schema.ts'
import type { Checked } from './check.ts'
import { type Desirability, enoughJudges } from './desirability.ts'
import { type Finding, lineOf } from './finding.ts'
import { limits } from './limits.ts'
import { readingEase } from './readability.ts'
import { meanWords, measuresOf } from './wording.ts'

const names = (values: readonly number[], digits: number) =>
  archetypes.map((archetype, a) => `${archetype} ${values[a]?.toFixed(digits)}`).join(', ')

/** What content:check prints. */
export function reportOf(checked: Checked[]): string {
  return checked.map((one) => sectionOf(one).join('\n')).join('\n\n')
}

function sectionOf(checked: Checked): string[] {
  const { questionnaire, status, faults, warnings, balance, desirability } = checked
  const { version, blocks } = questionnaire
  const statements = blocks.flatMap((block) => block.statements)
  const ease = readingEase(statements.map(({ text }) => text))
  return [
    `Questionnaire ${version} (${status})`,
    '',
    row('Block', 'Words', 'Mean', 'Spread', 'Ease'),
    ...blocks.map((block, index) => blockRow(block, index, checked)),
    row(
      'Limit',
      String(limits.words),
      limits.meanOfBlock.toFixed(2),
      String(limits.spreadOfBlock),
      String(limits.ease)
    ),
    '',
    `Words of a statement: ${names(meanWords(questionnaire), 2)}. Reading ease of all: ${ease.toFixed(0)}.`,
    '',
    'Balance: which archetype comes first for simulated takers, in % (ties shared):',
    ...balance.overall.map(
      ({ name, n, percent, margin }) =>
        `  ${`${n} ${name}`.padEnd(18)}${names(percent, 1)} (chance: 25 ± ${margin.toFixed(1)})`
    ),
    balance.faults.length === 0
      ? '  No block or place favours one; each archetype and each pair can be reached; path items lean nowhere.'
      : `  ${balance.faults.length} faults of balance, listed below.`,
    '',
    `Desirability: ${saidBy(desirability)}`,
    '',
    ...listed('Warnings', warnings),
    ...listed('Faults', faults),
    verdict(checked)
  ]
}

function row(name: string, words: string, mean: string, spread: string, ease: string, notes = ''): string {
  return `  ${name.padEnd(22)}${words.padEnd(14)}${mean.padStart(5)}${spread.padStart(8)}${ease.padStart(6)}  ${notes}`.trimEnd()
}

function blockRow(block: Block, index: number, { questionnaire, faults, warnings }: Checked): string {
  const { words, mean, spread, ease } = measuresOf(block)
  const file = `questionnaires/${questionnaire.version}/blocks.yaml`
  const here = (findings: Finding[]) =>
    findings.filter((one) => one.file === file && one.path[0] === index).length
  const notes = [counted(here(faults), 'fault'), counted(here(warnings), 'warning')]
    .filter(Boolean)
    .join(', ')
  return row(block.id, words.join(' '), mean.toFixed(2), String(spread), ease.toFixed(0), notes)
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`
}

function saidBy({ judges, begun, warnings }: Desirability): string {
  const unfinished = begun > 0 ? `; ${begun} more have begun` : ''
  if (judges === 0)
    return `no ratings by real people yet${unfinished} (npm run content:judge; ${enoughJudges} judges are needed)`
  if (judges < enoughJudges)
    return `too few ratings by real people yet: ${judges} of ${enoughJudges} judges${unfinished}`
  const found = counted(warnings.length, 'difference') || 'no difference'
  return `${found} beyond |d| = 0.4 and beyond chance, by ${judges} judges${unfinished}`
}

function listed(title: string, findings: Finding[]): string[] {
  return findings.length === 0 ? [] : [`${title}:`, ...findings.map((finding) => `  ${lineOf(finding)}`), '']
}

function verdict({ questionnaire, status, faults, warnings }: Checked): string {
  const { version } = questionnaire
  const warned = counted(warnings.length, 'warning')
  if (faults.length > 0)
    return `Verdict: ${version} has ${counted(faults.length, 'fault')} and must not be asked.`
  if (status === 'superseded')
    return `Verdict: ${version} is not asked any more${warned && `, and would get ${warned} today`}.`
  const next = status === 'not published' ? ` Offer it with: npm run content:publish -- ${version}` : ''
  return `Verdict: ${version} is in order${warned && `, with ${warned}`}.${next}`
}
