/**
 * How much is tried: a little in `npm test`, and much in `npm run test:reliability`, which also holds times to their
 * limits and has the machine for itself.
 */
export const isLong = process.env.LONG === 'true'

const { KILL_CYCLES, PROCESS_KILL_CYCLES, POSTGRES_KILL_CYCLES, FUZZ_REQUESTS } = process.env

export const numbers = {
  killCycles: Number(KILL_CYCLES ?? (isLong ? 25 : 3)),
  /** Of one of several processes on PostgreSQL, and of PostgreSQL under them. */
  processKillCycles: Number(PROCESS_KILL_CYCLES ?? (isLong ? 10 : 1)),
  postgresKillCycles: Number(POSTGRES_KILL_CYCLES ?? (isLong ? 5 : 1)),
  fuzzRequests: Number(FUZZ_REQUESTS ?? (isLong ? 20_000 : 3_000)),
  damagedConnections: isLong ? 2_000 : 400,
  slowSockets: isLong ? 900 : 660,
  /** Of each load, and of more than can be done. */
  seconds: isLong ? 20 : 1,
  overloadSeconds: isLong ? 10 : 1,
  /** Fillings of a database with made-up takers, of each number. */
  seeds: isLong ? 30 : 3,
  takers: isLong ? [500, 2_000, 5_000] : [1_000],
  /** Commits whose syncs are counted. */
  commits: 100
}
