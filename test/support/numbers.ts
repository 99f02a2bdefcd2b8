/**
 * How much is tried where more would find more: enough in `npm test`, and much in `npm run test:reliability`, which also
 * holds times to their limits and has the machine for itself.
 */
export const isLong = process.env.LONG === 'true'

const { KILL_CYCLES, PROCESS_KILL_CYCLES, POSTGRES_KILL_CYCLES, FUZZ_REQUESTS, DEPLOYMENTS } = process.env

export const numbers = {
  killCycles: Number(KILL_CYCLES ?? (isLong ? 25 : 1)),
  /** Of one of several processes on PostgreSQL, and of PostgreSQL under them. */
  processKillCycles: Number(PROCESS_KILL_CYCLES ?? (isLong ? 10 : 1)),
  postgresKillCycles: Number(POSTGRES_KILL_CYCLES ?? (isLong ? 5 : 1)),
  fuzzRequests: Number(FUZZ_REQUESTS ?? (isLong ? 20_000 : 3_000)),
  damagedConnections: isLong ? 2_000 : 200,
  slowSockets: isLong ? 900 : 660,
  /** Who answer at once when a server is killed, and when one of several is. */
  takersAtOnce: isLong ? 16 : 8,
  takersOfSeveral: isLong ? 8 : 4,
  /** Of each load, and of more than can be done. */
  seconds: isLong ? 20 : 1,
  overloadSeconds: isLong ? 10 : 1,
  /** Commits whose syncs are counted. */
  commits: 100,
  /** Made up at random, in which it is tried to single people out. */
  deployments: Number(DEPLOYMENTS ?? (isLong ? 8 : 2)),
  /** Who take the whole quiz in each of the ways in which takers are counted. */
  takers: isLong ? 200 : 40,
  /** Of answers by chance, each of which is checked by scoring what it says anew. */
  explanations: isLong ? 500 : 100,
  /** Fillings of a database with made-up takers, of each number of these. */
  fillings: isLong ? 30 : 2,
  crowds: isLong ? [500, 2_000, 5_000] : [1_000]
}
