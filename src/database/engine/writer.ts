import { Unable } from './database-errors.ts'

/**
 * Runs a job in a transaction, after every job before it, and resolves once it is committed. A job that throws is
 * rolled back, rejects here, and leaves its neighbours alone. It may be run twice, if a neighbour in its transaction
 * fails: it must change nothing but the database.
 *
 * Everything that writes goes through one such queue: the SQLite adapter has one connection, and a write issued
 * while somebody else's transaction is open would become part of that transaction and be lost with it, without
 * an error.
 */
export type Write<Transaction> = <Result>(
  job: (transaction: Transaction) => Promise<Result>
) => Promise<Result>

/**
 * Makes a write of work that can be done for several at once, for a fraction of the time of one each: `work` gets
 * what those who wait have handed in, in order, and returns what each of them gets. If it throws, nothing of it stays,
 * and it is done again for each alone.
 */
export type Together<Transaction> = <Input, Output>(
  work: Work<Transaction, Input, Output>
) => (input: Input) => Promise<Output>

type Work<Transaction, Input, Output> = (
  transaction: Transaction,
  inputs: readonly Input[]
) => Promise<readonly Output[]>

/** So many wait, or it has waited so long, that it is better to refuse. Nothing was written. */
export class Overloaded extends Unable {
  override name = 'Overloaded'
}

/** What the queue has done since the start, and how many wait. */
export type Load = { waiting: number; commits: number; writes: number }

type Queue<Transaction> = {
  write: Write<Transaction>
  together: Together<Transaction>
  /** Runs `job` in its turn, outside a transaction. */
  alone<Result>(job: () => Promise<Result>): Promise<Result>
  load(): Load
}

type Savepoints = { $executeRawUnsafe(sql: string): Promise<unknown> }

type Entry<Transaction> = {
  /** Null for a job outside a transaction, which is the `input`. */
  work: Work<Transaction, unknown, unknown> | null
  input: unknown
  resolve(output: unknown): void
  reject(error: unknown): void
}

/** How many share a transaction at most: whoever comes first waits for all of them. */
const most = 100
/** More than this many are never let wait: at a thousand writes a second they would wait for two seconds. */
const bound = 2_000

/**
 * Group commit: those who come while a transaction is under way share the next one, which makes them durable with one
 * sync of the disk. They are answered after the commit. Without load, nobody waits for others.
 */
export function queueOf<Transaction extends Savepoints>(transact: Write<Transaction>): Queue<Transaction> {
  const waiting: Entry<Transaction>[] = []
  let isBusy = false
  let commits = 0
  let writes = 0

  function enter<Output>(work: Entry<Transaction>['work'], input: unknown): Promise<Output> {
    return new Promise((resolve, reject) => {
      if (waiting.length >= bound) return reject(new Overloaded('Too many writes are waiting'))
      waiting.push({ work, input, resolve: resolve as Entry<Transaction>['resolve'], reject })
      if (isBusy) return
      isBusy = true
      // Not at once: requests that arrived in the same moment are about to enter.
      setImmediate(workOff)
    })
  }

  async function workOff() {
    while (waiting.length > 0) {
      const end = waiting.findIndex(({ work }) => work === null)
      const group = waiting.splice(0, Math.min(most, end === -1 ? most : Math.max(1, end)))
      await (group[0]!.work === null ? runAlone(group[0]!) : commit(group))
    }
    isBusy = false
  }

  async function runAlone({ input, resolve, reject }: Entry<Transaction>) {
    await (input as () => Promise<unknown>)().then(resolve, reject)
  }

  async function commit(group: Entry<Transaction>[]) {
    const batches = new Map<NonNullable<Entry<Transaction>['work']>, Entry<Transaction>[]>()
    for (const entry of group) batches.set(entry.work!, [...(batches.get(entry.work!) ?? []), entry])

    const answers: (() => void)[] = []
    let isDone = false
    try {
      await transact(async (transaction) => {
        for (const [work, entries] of batches) answers.push(...(await done(transaction, work, entries)))
        isDone = true
      })
    } catch (error) {
      // If it was the commit that failed, it may have come through, so nothing is done a second time. And who waits for
      // a disk or for a lock in vain would only wait again.
      if (isDone || group.length === 1 || error instanceof Unable)
        for (const { reject } of group) reject(error)
      else await commitApart(group)
      return
    }
    commits += 1
    writes += group.length
    for (const answer of answers) answer()
  }

  /** When something in a group has failed: once more, with a savepoint for each, so that only that fails. */
  async function commitApart(group: Entry<Transaction>[]) {
    const answers: (() => void)[] = []
    try {
      await transact(async (transaction) => {
        for (const entry of group) {
          await transaction.$executeRawUnsafe('SAVEPOINT entry')
          try {
            answers.push(...(await done(transaction, entry.work!, [entry])))
          } catch (error) {
            await transaction.$executeRawUnsafe('ROLLBACK TO SAVEPOINT entry')
            answers.push(() => entry.reject(error))
          }
          await transaction.$executeRawUnsafe('RELEASE SAVEPOINT entry')
        }
      })
    } catch (error) {
      for (const { reject } of group) reject(error)
      return
    }
    commits += 1
    writes += group.length
    for (const answer of answers) answer()
  }

  /** Does the work of some who asked for the same, and returns how to answer each. */
  async function done(
    transaction: Transaction,
    work: Work<Transaction, unknown, unknown>,
    entries: Entry<Transaction>[]
  ): Promise<(() => void)[]> {
    const inputs = entries.map(({ input }) => input)
    const outputs = await work(transaction, inputs)
    return entries.map((entry, index) => () => entry.resolve(outputs[index]))
  }

  return {
    write: (job) => enter(async (transaction) => [await job(transaction)], undefined),
    together: (work) => (input) => enter(work as Work<Transaction, unknown, unknown>, input),
    alone: (job) => enter(null, job),
    load: () => ({ waiting: waiting.length, commits, writes })
  }
}
