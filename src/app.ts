import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import compress from '@fastify/compress'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyReply } from 'fastify'
import { concluding, concludingInThreads } from './attempt/scoring-pool.ts'
import { pageNames } from './attempt/steps.ts'
import { type Config, projectDirectory } from './config.ts'
import { type Content, questionnaireOf } from './content/load.ts'
import { archetypes } from './content/schema.ts'
import type { Database } from './database/engine/client.ts'
import { adminsIn } from './database/stores/admins.ts'
import { aggregatesIn } from './database/stores/aggregates.ts'
import { attemptsIn } from './database/stores/attempts.ts'
import { auditIn, byServer } from './database/stores/audit.ts'
import { calibrationsIn } from './database/stores/calibrations.ts'
import { deletionsIn } from './database/stores/deletions.ts'
import { statisticsIn } from './database/stores/durations.ts'
import { groupsIn } from './database/stores/groups.ts'
import { loginFailuresIn } from './database/stores/login-failures.ts'
import { firstTally } from './database/stores/rebuild-tallies.ts'
import { responsesIn } from './database/stores/responses.ts'
import { resultsIn, type TallyOf } from './database/stores/results.ts'
import { sessionsIn } from './database/stores/sessions.ts'
import { dayOf } from './days.ts'
import { admin } from './features/admin/routes.ts'
import { reading } from './features/guide/routes.ts'
import { sharing } from './features/home/discovery.ts'
import { home } from './features/home/routes.ts'
import { backupDays, draftDays, forgetOld, resultMonths } from './features/operations/retention.ts'
import { ops } from './features/operations/routes.ts'
import { quiz } from './features/quiz/routes.ts'
import { resultCard } from './features/result/card.ts'
import { result } from './features/result/routes.ts'
import { ENOUGH_TAKERS } from './scoring/calibration/recalibration.ts'
import { scorer as scorerOf } from './scoring/scores.ts'
import { tallyOf } from './statistics/tally.ts'
import { assets, assetsUrl } from './web/http/assets.ts'
import { errors } from './web/http/errors.ts'
import { logger, PrivateLog } from './web/http/logging.ts'
import { countRequests, newMetrics } from './web/http/metrics.ts'
import { overload } from './web/http/overload.ts'
import { personalPages } from './web/http/personal-pages.ts'
import { readyReplies } from './web/http/precompressed-replies.ts'
import { cookieNamed, security, securityHeaders } from './web/http/security.ts'
import { cardsIn } from './web/views/cards.ts'
import { viewsIn } from './web/views/rendering.ts'

/** Numbers of requests, no two alike while the names of the processes differ: random ones take longer. */
function numbered(process: string): () => string {
  let requests = 0
  return () => `${process}-${++requests}`
}

/** Puts the application together. It owns nothing that is passed in: whoever opened the database closes it. */
export async function buildApp(config: Config, database: Database, content: Content) {
  const publicDirectory = join(projectDirectory, 'public')
  const { print, render, share } = viewsIn(join(projectDirectory, 'views'), {
    assets: assetsUrl(publicDirectory),
    origin: config.publicUrl
  })
  const renderCard = cardsIn(print, publicDirectory, config.publicUrl)
  const metrics = newMetrics()
  metrics.follow('bearings_writes_total', 'Writes that were committed.', () => database.load().writes)
  metrics.follow(
    'bearings_commits_total',
    'Commits; each holds one write or more.',
    () => database.load().commits
  )
  metrics.follow('bearings_writes_waiting', 'Writes that wait.', () => database.load().waiting)
  const app = Fastify({
    trustProxy: config.trustProxy,
    logger: logger(config.logLevel),
    logController: new PrivateLog(),
    // One of its own for each request would take a tenth of the time of a page that is ready: lines name their request.
    childLoggerFactory: (logger) => logger,
    genReqId: numbered(randomBytes(6).toString('base64url')),
    // Without the two, it would load its own: a twentieth of a start.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    bodyLimit: 32 * 1024,
    routerOptions: { maxParamLength: 64 },
    // Slow or silent clients are cut off: without a proxy in front, nobody else does it.
    requestTimeout: 15_000,
    connectionTimeout: 20_000,
    keepAliveTimeout: 5_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 },
    // No limit of requests to a connection: whose next one is on its way already would get an empty 503.
    forceCloseConnections: 'idle',
    // A URL that cannot be read, or with an endless parameter, is like any other that leads nowhere.
    frameworkErrors: (_error, _request, reply) => {
      const lost = (reply as FastifyReply).code(404).headers(securityHeaders(config))
      metrics.lost(lost)
      render(lost, 'errors/not-found', {})
    }
  })

  const counted: TallyOf = (result) =>
    tallyOf(result, questionnaireOf(content, result.questionnaireVersion), archetypes)
  const attempts = attemptsIn(database, counted)
  const results = resultsIn(database, counted)
  const groups = groupsIn(database)
  const deletions = deletionsIn(database)
  const statistics = statisticsIn(database)
  const scorer = scorerOf(archetypes)
  // Threads of Node 20 run what is built only.
  const threads = import.meta.url.endsWith('.js') ? concludingInThreads(config.contentDirectory) : null
  const takerCookie = cookieNamed('bearings', { https: config.https, sameSite: 'lax' })
  const adminCookie = cookieNamed('bearings-admin', { https: config.https, sameSite: 'strict' })

  // Whoever comes after these is cut off at once; a proxy in front needs a tenth of them.
  app.server.maxConnections = 1_000

  await app.register(security, config)
  await app.register(countRequests, { metrics })
  await app.register(errors, { print, render })
  await app.register(formbody)

  // What is the same for everybody is sent as ready bytes; what comes after it, compressed each time.
  await app.register(readyReplies, { headers: securityHeaders(config) })
  await app.register(personalPages, { headers: securityHeaders(config) })
  await app.register(assets(publicDirectory))
  await app.register(
    reading({
      content,
      render,
      share,
      numbers: {
        draftDays,
        resultMonths,
        backupDays,
        minimumGroup: config.minimumCell,
        calibrationPeople: ENOUGH_TAKERS
      }
    })
  )
  await app.register(sharing({ content, print, renderCard, origin: config.publicUrl }))
  // No page holds both a secret and something that another site could put there, so that sizes betray nothing
  // (the BREACH attack).
  await app.register(compress, { encodings: ['gzip'], globalDecompression: false })
  await app.register(
    ops({
      isReady: () => database.rows('SELECT 1 FROM "Questionnaire" LIMIT 1'),
      metrics,
      watched: { token: config.metricsToken, isLocal: config.isLocal }
    })
  )
  await app.register(
    home({
      attempts,
      results,
      statistics,
      content,
      pages: pageNames(content.current),
      cookie: takerCookie,
      render,
      share
    })
  )

  // All that comes after it takes work, of which there is only so much at once.
  await app.register(overload, { headers: securityHeaders(config), print })
  await app.register(
    quiz({
      attempts,
      results,
      groups,
      content,
      scorer,
      conclude: threads?.conclude ?? concluding(content, scorer),
      cookie: takerCookie,
      counts: metrics,
      minimum: config.minimumCell,
      print,
      render
    })
  )
  await app.register(result({ results, groups, content, print, render, origin: config.publicUrl }))
  await app.register(resultCard({ results, content, renderCard }))
  await app.register(
    admin({
      admins: adminsIn(database),
      sessions: sessionsIn(database),
      failures: loginFailuresIn(database),
      audit: auditIn(database),
      groups,
      aggregates: aggregatesIn(database, config.minimumCell, {
        findings: [...archetypes, 'blend', 'open', 'no-pattern'],
        paths: ['individual-contributor', 'balanced', 'management'],
        archetypes
      }),
      calibrations: calibrationsIn(database, config.minimumCell),
      responses: responsesIn(database, config.minimumCell),
      requireTotp: config.requireTotp,
      minimum: config.minimumCell,
      pagesOf: pageNames,
      content,
      cookie: adminCookie,
      render
    })
  )

  app.addHook('onReady', () => firstTally(database, counted))
  const tidy = async () => {
    const now = Date.now()
    await forgetOld({ attempts, results, deletions }, dayOf(now), byServer(now))
    await database.compact()
  }
  app.addHook('onReady', tidy)
  const daily = setInterval(() => tidy().catch((error) => app.log.error(error)), 24 * 60 * 60 * 1000).unref()
  app.addHook('onClose', async () => {
    clearInterval(daily)
    await threads?.close()
  })

  return app
}

/** Takes the place of Fastify's compilers of schemas: forms are checked with zod. */
function noSchemas(): never {
  throw new Error('Routes have no schema')
}
