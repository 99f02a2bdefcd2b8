/**
 * Runs a job in a transaction of its own, after every job before it, and resolves once it is committed. A job
 * that throws is rolled back, rejects here, and leaves its neighbours alone.
 *
 * Everything that writes goes through one such queue: the SQLite adapter has one connection, and a write issued
 * while somebody else's transaction is open would become part of that transaction and be lost with it, without
 * an error.
 */
export type Write<Transaction> = <Result>(
  job: (transaction: Transaction) => Promise<Result>
) => Promise<Result>

type Queue<Transaction> = Write<Transaction> & {
  /** Runs `job` in its turn, outside a transaction. */
  alone<Result>(job: () => Promise<Result>): Promise<Result>
}

/** A queue of jobs, each of which `transact` runs in a transaction. */
export function queueOf<Transaction>(transact: Write<Transaction>): Queue<Transaction> {
  let last: Promise<unknown> = Promise.resolve()

  function alone<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = last.then(job)
    last = result.catch(() => {})
    return result
  }

  return Object.assign(
    <Result>(job: (transaction: Transaction) => Promise<Result>) => alone(() => transact(job)),
    {
      alone
    }
  )
}
