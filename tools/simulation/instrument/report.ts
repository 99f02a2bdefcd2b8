import { markdown, percent, type Table } from '../../../src/cli/tables.ts'
import {
  calibrationTable,
  consistencyTable,
  crowdsTable,
  pathTable,
  requirementsTable,
  tieBreakerTable,
  toldTable
} from '../tables.ts'
import { PEOPLE_PER_CROWD } from './mix.ts'
import { CONDITIONS, longerPickOne, PEOPLE_PER_QUESTIONNAIRE, RETEST_EVERY, type Settings } from './plan.ts'
import { requirements } from './requirements.ts'
import type { Simulation } from './simulation.ts'

/** What was simulated, and how long its scores took on the machine that wrote the report. */
export type Provenance = {
  command: string
  questionnaire: string
  scoring: string
  node: string
  scores: number
  medianMicroseconds: number
}

/** The tables for a terminal. */
export function tablesOf(simulation: Simulation): Table[] {
  return [
    calibrationTable(simulation),
    toldTable(simulation),
    tieBreakerTable(simulation),
    consistencyTable(simulation),
    pathTable(simulation),
    crowdsTable(simulation),
    requirementsTable(requirements(simulation.rows, simulation.crowds))
  ]
}

/** The whole report. Apart from its last section it depends on the settings and versions only. */
export function instrumentReport(simulation: Simulation, provenance: Provenance): string {
  const { settings } = simulation
  const sections = [
    introduction(simulation, provenance),
    made(settings),
    section(calibrationTable(simulation), calibrationText(settings)),
    section(toldTable(simulation), toldText),
    section(tieBreakerTable(simulation), tieBreakerText),
    section(consistencyTable(simulation), consistencyText(simulation)),
    section(pathTable(simulation), pathText),
    section(crowdsTable(simulation), crowdsText),
    section(requirementsTable(requirements(simulation.rows, simulation.crowds)), requirementsText),
    limits(settings),
    time(provenance)
  ]
  return `${sections.join('\n\n')}\n`
}

function section(table: Table, text: string): string {
  return `## ${table.title}\n\n${text}\n\n${markdown(table)}`
}

function introduction(
  { settings, clickers }: Simulation,
  { command, questionnaire, scoring }: Provenance
): string {
  const { seed, takers, sets } = settings
  return `# The instrument, tried on made-up people

Written by \`${command}\`. Do not edit it; run that again.

| | |
| --- | --- |
| questionnaire | ${questionnaire}, ${sets} sets of four statements |
| scoring | version ${scoring}, as the product uses it |
| seed | ${seed} |
| people | ${thousands(takers)} in each of ${CONDITIONS.length} rows, and ${thousands(clickers.takers)} blind clickers |
| questionnaires | ${thousands(takers / PEOPLE_PER_QUESTIONNAIRE)} in each row, for ${PEOPLE_PER_QUESTIONNAIRE} people each |
| retests | ${thousands(takers / RETEST_EVERY)} in each row |

Nobody in this report is real. We invent people whose archetype we know, let them answer by chance as the model
says people do, score them, and compare. [The method](method.md) explains every term. What such a trial cannot show
stands [at the end](#what-this-cannot-show), and matters more than any figure before it.`
}

function made({ sets, takers }: Settings): string {
  const points = (196 * Math.sqrt(0.25 / takers)).toFixed(1)
  return `## How the people are made

- **s** says how pronounced profiles are: four pulls with this spread, less their mean. Of two archetypes whose pulls
  differ by 1, the stronger is picked 73 times in 100.
- **noise** says how unequal the statements of a set are: each has an attractiveness of its own with this spread,
  drawn anew for every questionnaire. The scoring does not know it and takes all statements for equal.
- **marks**: *in turn*, MOST is picked first and LEAST then from the other three, as the scoring assumes. *At once*, a
  person forms one impression of each statement and marks the best and the worst; there the scoring is slightly
  wrong about people, as it may well be about you.
- **Pick one** is the rival that asks for MOST only: in the same ${sets} sets, and in ${longerPickOne(sets)}, which we
  reckon to take as long as ${sets} with both marks. **Plain counts** are MOST minus LEAST; ties are broken by lot.

A share of one half of ${thousands(takers)} people is known to within ${points} points, 19 times in 20.`
}

function calibrationText({ takers }: Settings): string {
  return `*Found* is how often the archetype that comes out first is the true one. *ECE* is how far stated and true
chances are apart: people are sorted by P(first) of their first archetype and cut into ten groups of
${thousands(takers / 10)}; in each, the mean of what was stated is compared with how often it was right, and the ten
distances are averaged. Chance alone makes that more than zero: *its floor* is what perfectly honest probabilities
would show with as many people. *Brier* is the mean of the squared errors of the four P(first), added up (0 is perfect,
0.75 says one in four to each). *80 % ranges* is how many of the ranges of the shares hold the true share.

Neither the model nor the second mark is there for the name alone: plain counts name the same archetype nearly always,
and as many minutes of picking find the right one nearly as often.`
}

const toldText = `One archetype is named (*single*) if its P(first) is at least 75 %; two (*blend*) or more (*open*)
if it takes as many. In brackets: how often the true first archetype is among those named. The other columns are
about people who take the quiz twice, unchanged and without remembering: how often *another* archetype comes out
*first*, by the model, by plain counts and by a pick-one quiz, and how often the two results name *opposite
singles*.`

const tieBreakerText = `Whoever is below 75 % after the last set is offered six duels between the two likeliest
archetypes. These figures are for everybody: those who play all six, and those who were not offered any. In
brackets: how often the single archetype is the true one. The duels use statements again, so a statement that is
too attractive counts again: with noise 0.8 and flat profiles the probabilities end up too high.`

function consistencyText({ clickers }: Simulation): string {
  const { single, blend, open } = clickers.told
  return `*AUC* is the chance that the log Bayes factor of a person is above that of somebody who clicks blindly.
The columns after it say who is shown a note. The last line is for blind clickers: ${percent(single)} of them would be
told a single archetype, ${percent(blend)} a blend and ${percent(open)} no clear lead. Whoever marks the same place on
the screen in every set always gets a note; here every mark falls on a shuffled place, and the note is an accident.`
}

const pathText = `People with a known pull towards management (spread 1, in points of the scale) answer the eight items
with noise of spread 1 and a habit of ticking one side of spread 0.4. The path does not depend on s or the noise above.
*A side named* is how often the chance reaches 90 %; *the wrong side* is a share of those. The second line is why half
of the items have management on the left: the same people, with all of it on the right.`

const crowdsText = `What an admin is shown of many people together: for how many each archetype is truly first. Each crowd is
${thousands(PEOPLE_PER_CROWD)} people who answer a questionnaire of its own, in which of all statements one is mis-keyed, one too attractive
and one measures nothing, and in the last line one archetype is ahead of the others for everybody. *Mean P(first)* and
*estimate*: 19 shares in 20 are nearer to the truth than this, in points; some of it is chance. The estimate is described in
[the method](method.md); its range is to allow for that much. *Ranges* is how many of the ranges, meant for 95 %, hold the truth.`

const requirementsText = `The command ends with an error if one of these fails. The calibration error is that of P(first)
after the last set.`

function limits({ sets }: Settings): string {
  return `## What this cannot show

- **That the archetypes exist, or predict anything.** Four of them are built into every made-up person. A trial like
  this shows that the sums are honest if people are as assumed; no more.
- **That people are as assumed.** s, noise, habits and the way of marking are guesses. Here every statement speaks for
  exactly one archetype, sets do not influence one another, nobody tires, flatters, skips a mark or misreads. Answers
  of real people will show which row is nearest to them, or that none is.
- **That these twelve sets are good.** No sentence of the questionnaire was used, only its length and the sides of
  its path items. How attractive its statements really are is unknown until people have answered.
- **What answers can never tell.** If the statements of one archetype are more attractive on the whole, that looks
  exactly like people who lean that way. No amount of answers separates the two; only careful writing, and people who
  judge the statements by themselves, can help.
- **Anything between people.** Shares add up to 100 within a person. “More Architect than Solver” can be said of
  you; “more Architect than Ann” cannot, by this or any other way of scoring such choices.
- **How often real people get the same result again.** The retests here contain chance only. Memory would make real
  ones agree more often, real change less often.
- **Minutes.** That ${longerPickOne(sets)} picks take as long as ${sets} sets with two marks is a planning value from other tests, not a
  measurement. The note about answers that come too fast was not tried: nothing here has a
  duration.`
}

function time({ scores, medianMicroseconds, node }: Provenance): string {
  return `## Time per score

Measured, not computed, so it differs from run to run: a median of ${Math.round(medianMicroseconds)} µs over
${thousands(scores)} scores, on Node ${node}, with every processor at work. \`npm run bench\` measures it undisturbed.`
}

function thousands(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}
