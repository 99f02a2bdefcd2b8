import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof newMetrics>

type RouteCounts = { method: string; route: string; byStatus: Map<number, number> }

/** Counts of one process, for whoever watches it. Nothing in them leads to a person: no address, no link, no URL. */
export function newMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const routes: RouteCounts[] = []
  new Counter({
    name: 'http_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    registers,
    collect() {
      this.reset()
      for (const { method, route, byStatus } of routes) {
        for (const [status, count] of byStatus) this.inc({ method, route, status }, count)
      }
    }
  })
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, where that is not the same for everybody.',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers
  })
  const drafts = new Counter({ name: 'bearings_drafts_total', help: 'Attempts that were begun.', registers })
  const completions = new Counter({
    name: 'bearings_completions_total',
    help: 'Attempts that were completed.',
    registers
  })

  /**
   * Counts the requests to one route. Plain numbers, which become labels when somebody reads them: for answers that are
   * ready, more would take a noticeable part of the time.
   */
  function requestsTo(method: string, route: string) {
    const byStatus = new Map<number, number>()
    routes.push({ method, route, byStatus })
    const time = seconds.labels(method, route)
    return (reply: FastifyReply) => {
      byStatus.set(reply.statusCode, (byStatus.get(reply.statusCode) ?? 0) + 1)
      if (!reply.isShared) time.observe(reply.elapsedTime / 1000)
    }
  }

  return {
    begun: () => drafts.inc(),
    completed: () => completions.inc(),

    requestsTo,
    /** Counts a request that leads nowhere: whatever its URL, all of them together. */
    lost: requestsTo('any', 'none'),

    /** Tells a number that somebody else keeps, as it is when the metrics are read; one that only grows is a `_total`. */
    follow(name: string, help: string, read: () => number) {
      const Kind = name.endsWith('_total') ? Counter : Gauge
      new Kind({
        name,
        help,
        registers,
        collect() {
          this.reset()
          this.inc(read())
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
