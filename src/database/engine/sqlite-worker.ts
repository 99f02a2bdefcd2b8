import { parentPort, workerData } from 'node:worker_threads'
import type { DriverAdapterError, SqlQuery } from '@prisma/driver-adapter-utils'
import { connections } from './sqlite-connections.ts'

/** Which file to open, and with which settings. */
export type Opening = { url: string; pragmas: string }

export type Call =
  | { name: 'queryRaw' | 'executeRaw'; query: SqlQuery }
  | { name: 'executeScript'; script: string }
  | { name: 'dispose' }

export type Answer = { value: unknown } | { cause: DriverAdapterError['cause'] }

const { url, pragmas } = workerData as Opening
const connection = await connections(url, pragmas).connect()

parentPort!.on('message', async (call: Call) => {
  parentPort!.postMessage(await answerTo(call))
})

async function answerTo(call: Call): Promise<Answer> {
  try {
    return { value: await done(call) }
  } catch (error) {
    return { cause: (error as DriverAdapterError).cause }
  }
}

async function done(call: Call): Promise<unknown> {
  switch (call.name) {
    case 'queryRaw':
    case 'executeRaw':
      return connection[call.name](call.query)
    case 'executeScript':
      return connection.executeScript(call.script)
    case 'dispose':
      return connection.dispose()
  }
}
