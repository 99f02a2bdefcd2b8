import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof newMetrics>

/** Counts of one process, for whoever watches it. Nothing in them leads to a person: no address, no link, no URL. */
export function newMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by method, pattern of the route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers
  })
  const drafts = new Counter({ name: 'bearings_drafts_total', help: 'Attempts that were begun.', registers })
  const completions = new Counter({
    name: 'bearings_completions_total',
    help: 'Attempts that were completed.',
    registers
  })

  /** Counts the requests to one route: their labels are put together once for each status. */
  function requestsTo(method: string, route: string) {
    const byStatus = new Map<number, (seconds: number) => void>()
    return (reply: FastifyReply) => {
      const observe =
        byStatus.get(reply.statusCode) ?? seconds.labels(method, route, `${reply.statusCode}`).observe
      byStatus.set(reply.statusCode, observe)
      observe(reply.elapsedTime / 1000)
    }
  }

  return {
    begun: () => drafts.inc(),
    completed: () => completions.inc(),

    requestsTo,
    /** Counts a request that leads nowhere: whatever its URL, all of them together. */
    lost: requestsTo('any', 'none'),

    /** Tells a number that somebody else keeps, as it is when the metrics are read. */
    follow(name: string, help: string, read: () => number) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        }
      })
    },

    contentType: registry.contentType,
    /** All of them, in the text format of Prometheus. */
    text: () => registry.metrics()
  }
}

/** Counts every request under the pattern of its route; those that lead nowhere share one label. */
export const countRequests = fp(async (app: FastifyInstance, { metrics }: { metrics: Metrics }) => {
  app.addHook('onRoute', (route: RouteOptions) => {
    const count = metrics.requestsTo([route.method].flat().join(' '), route.url)
    const own = [route.onResponse ?? []].flat()
    route.onResponse = [
      (_request, reply, done) => {
        count(reply)
        done()
      },
      ...own
    ]
  })

  app.addHook('onResponse', (request: FastifyRequest, reply, done) => {
    if (request.is404) metrics.lost(reply)
    done()
  })
})
