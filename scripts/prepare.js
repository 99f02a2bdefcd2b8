// Brings a checkout up to date: packages, Prisma client, build, browser. `npm start` and `npm test` call it first.
// It runs before anything is installed, so everything it loads uses Node's built-ins only.

const oldestNode = [20, 19]

const usage = `Usage: node scripts/prepare.js [--build | --generate | --browser | --postgres | --tests]
  (nothing), --build   install, generate the Prisma client, build dist/
  --generate           install, generate the Prisma client
  --browser            the same, and make sure that a Chromium can be driven
  --postgres           the same as --generate, and make the PostgreSQL of the tests ready
  --tests              all of this`

/** @param {string} version such as 20.19.0 */
function isTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}

/**
 * What each command line asks for besides installing, in order.
 * @param {typeof import('./stages.js')} stages
 * @returns {Record<string, import('./stages.js').Stage[]>}
 */
function plans({ browser, build, generate, postgres }) {
  return {
    '': [generate, build],
    '--build': [generate, build],
    '--generate': [generate],
    '--browser': [generate, browser],
    '--postgres': [generate, postgres],
    '--tests': [generate, build, browser, postgres]
  }
}

async function prepare() {
  if (isTooOld(process.versions.node)) {
    throw new Error(`Node ${oldestNode.join('.')} or newer is needed; this is ${process.version}.`)
  }
  // Loaded only now: an older Node might not even understand these files.
  const stages = await import('./stages.js')
  const plan = plans(stages)[process.argv.slice(2).join(' ')]
  if (!plan) throw new Error(usage)
  await stages.bringUpToDate(plan)
}

for (const [signal, exitCode] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143]
])) {
  // An exit, unlike a signal, lets the lock and the running command be cleaned up.
  process.once(signal, () => process.exit(exitCode))
}

prepare().catch((error) => {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exit(1)
})
