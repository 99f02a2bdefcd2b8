import { Worker } from 'node:worker_threads'
import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet
} from '@prisma/driver-adapter-utils'
import type { Answer, Call, Opening } from './sqlite-worker.ts'

/**
 * A connection that lives in a thread of its own, so that pages are read while SQLite waits for the disk. To Prisma it
 * is an adapter like any other.
 */
export function inThread(opening: Opening): SqlDriverAdapterFactory {
  const identity = { provider: 'sqlite', adapterName: 'better-sqlite3 in a thread' } as const
  return { ...identity, connect: async () => connectionIn(opening, identity) }
}

function connectionIn(
  opening: Opening,
  identity: Pick<SqlDriverAdapter, 'provider' | 'adapterName'>
): SqlDriverAdapter {
  const worker = new Worker(new URL('./sqlite-worker.js', import.meta.url), { workerData: opening })
  const asked: { resolve(value: never): void; reject(error: unknown): void }[] = []

  /** Answers come in the order of the questions: the thread does one thing after the other. */
  function ask<Value>(call: Call): Promise<Value> {
    return new Promise((resolve, reject) => {
      asked.push({ resolve, reject })
      worker.postMessage(call)
    })
  }
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = asked.shift()!
    if ('cause' in answer) reject(new DriverAdapterError(answer.cause))
    else resolve(answer.value as never)
  })
  // Without it nothing can be written any more: the process ends, and is started again by whoever looks after it.
  worker.on('error', (error) => {
    for (const { reject } of asked.splice(0)) reject(error)
    throw error
  })

  const queryable = {
    ...identity,
    queryRaw: (query: SqlQuery) => ask<SqlResultSet>({ name: 'queryRaw', query }),
    executeRaw: (query: SqlQuery) => ask<number>({ name: 'executeRaw', query })
  }
  return {
    ...queryable,
    executeScript: (script) => ask({ name: 'executeScript', script }),
    async startTransaction() {
      // Locked from the start: a transaction that has read before it writes fails if a command wrote in between.
      await ask({ name: 'executeScript', script: 'BEGIN IMMEDIATE' })
      return {
        ...queryable,
        options: { usePhantomQuery: false },
        // Prisma sends COMMIT and ROLLBACK itself.
        commit: async () => {},
        rollback: async () => {}
      }
    },
    async dispose() {
      await ask({ name: 'dispose' })
      await worker.terminate()
    }
  }
}
