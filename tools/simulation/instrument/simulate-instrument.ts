import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { progressOn } from '../../../src/cli/progress.ts'
import { markdown } from '../../../src/cli/tables.ts'
import { projectDirectory } from '../../../src/config.ts'
import { loadContent } from '../../../src/content/load.ts'
import { SCORING_VERSION } from '../../../src/scoring/version.ts'
import { median } from '../measures.ts'
import { PEOPLE_PER_STEP } from './plan.ts'
import { instrumentReport, tablesOf } from './report.ts'
import { requirements, TAKERS_FOR_REQUIREMENTS } from './requirements.ts'
import { simulate } from './simulation.ts'
import { runInWorkers } from './workers.ts'

/**
 * `npm run simulate:instrument -- --seed 7 --takers 16000` tries the scoring on made-up people, prints what came
 * of it, and writes docs/instrument-report.md. It fails if the instrument does not keep what it promises.
 */
const DEFAULT = { seed: 20261123, takers: 16_000 }
const MOST_TAKERS = 100_000

const { seed, takers } = options()
const { current } = loadContent(join(projectDirectory, 'content'))
const settings = { seed, takers, sets: current.blocks.length }
const sides = current.lean.map(({ management }) => management)

const microseconds: Float64Array[] = []
const simulation = await simulate(settings, sides, async (steps) => {
  const show = progressOn(process.stderr, steps.length, performance.now())
  const finished = await runInWorkers(steps, (done) => show(done, performance.now()))
  microseconds.push(...finished.map((step) => step.microseconds))
  return finished.map(({ result }) => result)
})
const times = microseconds.flatMap((each) => [...each])
const provenance = {
  command: `npm run simulate:instrument -- --seed ${seed} --takers ${takers}`,
  questionnaire: current.version,
  scoring: SCORING_VERSION,
  node: process.versions.node,
  scores: times.length,
  medianMicroseconds: median(times)
}

for (const table of tablesOf(simulation)) console.log(`\n${table.title}\n\n${markdown(table)}`)
console.log(`\nA score took ${Math.round(provenance.medianMicroseconds)} µs (median of ${times.length}).`)
await writeFile(join(projectDirectory, 'docs/instrument-report.md'), instrumentReport(simulation, provenance))
console.log('Wrote docs/instrument-report.md')

const broken = requirements(simulation.rows, simulation.crowds).filter(({ holds }) => !holds)
if (takers < TAKERS_FOR_REQUIREMENTS) {
  console.log(`Too few takers to tell chance from a fault: nothing was required of the figures.`)
} else if (broken.length > 0) {
  for (const { what } of broken) console.error(`Does not hold: ${what}`)
  process.exitCode = 1
}

function options(): typeof DEFAULT {
  const { values } = parsed()
  const seed = Number(values.seed ?? DEFAULT.seed)
  const takers = Number(values.takers ?? DEFAULT.takers)
  if (!Number.isSafeInteger(seed)) fail('The seed is a whole number: --seed 7')
  if (!(takers > 0 && takers <= MOST_TAKERS)) fail('Say how many takers a row has: --takers 16000')
  return { seed, takers: PEOPLE_PER_STEP * Math.ceil(takers / PEOPLE_PER_STEP) }
}

function parsed() {
  try {
    return parseArgs({ options: { seed: { type: 'string' }, takers: { type: 'string' } } })
  } catch (error) {
    fail((error as Error).message)
  }
}

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
