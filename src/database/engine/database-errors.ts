import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils'

/**
 * The database cannot do now what it can at other times: its disk is full or fails, somebody else keeps it locked, too
 * many wait. Nothing was written, unless it was the commit that failed.
 */
export class Unable extends Error {
  override name = 'Unable'
  /** What a visitor is told: the service is busy. */
  readonly statusCode = 503
}

/** The database cannot be used as it is set up. */
export class Unsuitable extends Error {
  override name = 'Unsuitable'
}

/** The same connections, whose errors `told` sees before Prisma does, which would say them in a dozen ways. */
export function telling<Factory extends SqlDriverAdapterFactory>(
  factory: Factory,
  told: (error: unknown) => never
): Factory {
  function telling<Queryable extends SqlQueryable>(queryable: Queryable): Queryable {
    const queryRaw = queryable.queryRaw.bind(queryable)
    const executeRaw = queryable.executeRaw.bind(queryable)
    queryable.queryRaw = (query: SqlQuery) => queryRaw(query).catch(told)
    queryable.executeRaw = (query: SqlQuery) => executeRaw(query).catch(told)
    return queryable
  }

  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const connection = telling(await connect())
    const start = connection.startTransaction.bind(connection)
    connection.startTransaction = (isolation) => start(isolation).then(telling, told)
    return connection
  }
  return factory
}
