import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import { healthRoutes } from '../contract/health.ts';
import { metricsRoutes } from '../contract/metrics.ts';
import { Failure } from '../domain/shared/failure.ts';
import { answerFailure } from './answer-failure.ts';
import type { ApiEnv, HttpLog } from './api-env.ts';
import { tagAnswers } from './entity-tag.ts';
import { makeEventStreams } from './events/event-streams.ts';
import { explainInvalid } from './explain-invalid.ts';
import { honourKey } from './honour-key.ts';
import type { ConsoleFiles } from './console/console-files.ts';
import { makeConsoleRoutes } from './console/console-routes.ts';
import { makeFeedbackRoutes } from './feedback-routes.ts';
import { limitBody } from './limit-body.ts';
import { makeRequestNote } from './note-request.ts';
import type { SeenRequest } from './note-request.ts';
import { nowherePage } from './public/desk-page.ts';
import { makeDeskRoutes } from './public/desk-routes.ts';
import { makeNoticeRoutes } from './public/notice-routes.ts';
import { pageHeaders } from './public/page-layout.ts';
import { readerOf } from './public/page-reader.ts';
import { makeRecoveryRoutes } from './public/recovery-routes.ts';
import { makeStatementRoutes } from './public/statement-routes.ts';
import { makeStatementShelf } from './public/statement-shelf.ts';
import { makeStatusRoutes } from './public/status-routes.ts';
import { makeWellKnownRoutes } from './public/well-known-routes.ts';
import { makeApiLimits } from './api-limits.ts';
import { makeClientAddress } from './client-address.ts';
import { makeFindRoute } from './find-route.ts';
import { refuseWhileBehind } from './refuse-while-behind.ts';
import { requireCaller } from './require-caller.ts';
import { makeHaltPage } from './console/halt-page-routes.ts';
import { makeOidcRoutes } from './console/oidc-routes.ts';
import { mountPasskeyRoutes } from './console/passkey-routes.ts';
import { mountSessionRoutes } from './console/session-routes.ts';
import { toConsoleHost } from './console/to-console-host.ts';
import { mountDocs } from './docs/docs-routes.ts';
import { mountApprovalRoutes } from './routes/approval.ts';
import { mountAppealRoutes } from './routes/appeal.ts';
import { mountCorrectionRoutes } from './routes/correction.ts';
import { mountDeploymentRoutes } from './routes/deployment.ts';
import { mountDrillRoutes } from './routes/drill.ts';
import { mountEvidenceRoutes } from './routes/evidence.ts';
import { mountExplainRoutes } from './routes/explain.ts';
import { mountRetractionRoutes } from './routes/retraction.ts';
import { mountStatementRoutes } from './routes/statement.ts';
import { mountLedgerRoutes } from './routes/ledger.ts';
import { mountLossRoutes } from './routes/loss.ts';
import { mountOperatorRoutes } from './routes/operator.ts';
import { mountOverviewRoutes } from './routes/overview.ts';
import { mountPasswordCheckRoutes } from './routes/password-check.ts';
import { mountPlanRoutes } from './routes/plan.ts';
import { mountRetentionRoutes } from './routes/retention.ts';
import { mountReviewRoutes } from './routes/review.ts';
import { mountRolloutRoutes } from './routes/rollout.ts';
import { mountSubjectRoutes } from './routes/subject.ts';
import { mountSuppressionRoutes } from './routes/suppression.ts';
import type { Services } from './services.ts';

/** The figures of the server, for operators. */
interface ShownMetrics {
  readonly contentType: string;
  scrape(): Promise<string>;
}

export interface HttpOptions {
  readonly log: HttpLog;
  /** None: there is no /metrics. */
  readonly metrics?: ShownMetrics;
  readonly onRequest?: (request: SeenRequest) => void;
  /** Addresses and CIDRs whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies?: readonly string[];
  /** What limits on the API count by. */
  readonly monotonicMs?: () => number;
  /** Ends the streams of events when the server is told to stop. */
  readonly stopping?: AbortSignal;
  /** None: nothing is at /console. */
  readonly console?: ConsoleFiles;
}

/** A person with a browser who typed an address or followed one that was cut; a program asks for something else. */
function wantsPage({ req }: Context<ApiEnv>): boolean {
  const isRead = req.method === 'GET' || req.method === 'HEAD';
  return isRead && !req.path.startsWith('/api/') && (req.header('accept') ?? '').includes('text/html');
}

/** The API under /api/v1, its description at /openapi.json, the public pages, /healthz and /readyz. It knows use cases only, and no secret but what it is shown. */
export function makeHttpApp(
  services: Services,
  {
    log,
    metrics,
    onRequest,
    stopping,
    console,
    trustedProxies = [],
    monotonicMs = () => performance.now(),
  }: HttpOptions,
): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new Failure('usage', explainInvalid(result.target, result.error.issues));
    },
  });

  const clientAddressOf = makeClientAddress(trustedProxies);
  const limits = makeApiLimits(monotonicMs);
  const note = makeRequestNote(log, onRequest);

  app.onError((error, c) => answerFailure(error, c, log));
  app.notFound((c) =>
    wantsPage(c)
      ? c.html(nowherePage(readerOf(c, services)), 404, pageHeaders)
      : answerFailure(new Failure('not-found', `There is nothing at this address.`), c, log),
  );

  app.use(async (c, next) => {
    const requestId = randomUUID();
    const startedMs = performance.now();
    c.set('requestId', requestId);
    c.set('clientAddress', clientAddressOf(c));
    c.header('X-Request-Id', requestId);
    await next();
    note(requestId, startedMs, { method: c.req.method, route: routePath(c, -1), status: c.res.status });
  });

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.openapi(healthRoutes.ready, async (c) => {
    limits.takeOpen(c.get('clientAddress'));
    await services.ready();
    return c.json({ status: 'ready' as const, deployment: services.deployment.deployment }, 200);
  });

  const callers = requireCaller({ services, limits, findRoute: makeFindRoute(app) });
  if (metrics !== undefined) {
    app.use('/metrics', callers);
    app.openapi(metricsRoutes.read, async (c) =>
      c.text(await metrics.scrape(), 200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }),
    );
  }

  app.use('/api/*', callers, limitBody(), refuseWhileBehind(services), honourKey(services, log), async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  app.use('/api/v1/plans/:plan', tagAnswers());
  app.use('/api/v1/retractions/:subject', tagAnswers());
  mountDeploymentRoutes(app, services);
  mountOperatorRoutes(app, services);
  mountSessionRoutes(app, services);
  mountApprovalRoutes(app, services);
  mountPasskeyRoutes(app, services);
  mountEvidenceRoutes(app, services, log);
  mountPlanRoutes(app, services, log);
  mountReviewRoutes(app, services);
  mountRolloutRoutes(app, services, makeEventStreams(services, log, stopping));
  mountOverviewRoutes(app, services);
  mountSuppressionRoutes(app, services);
  mountDrillRoutes(app, services);
  mountAppealRoutes(app, services);
  mountCorrectionRoutes(app, services);
  mountRetractionRoutes(app, services, log);
  mountExplainRoutes(app, services);
  mountStatementRoutes(app, services);
  mountLedgerRoutes(app, services);
  mountLossRoutes(app, services);
  mountRetentionRoutes(app, services);
  mountSubjectRoutes(app, services);
  mountPasswordCheckRoutes(app, services);
  mountDocs(app, limits);
  app.use('/console/*', toConsoleHost(services));
  app.route('/auth/oidc', makeOidcRoutes(services, limits, log));
  app.route('/console/halt', makeHaltPage(services, limits, log));
  app.route('/', makeFeedbackRoutes(services));
  app.route('/notices', makeNoticeRoutes(services, log));
  app.route('/recover', makeRecoveryRoutes(services, log));
  const shelf = makeStatementShelf(services);
  app.route('/statement', makeStatementRoutes(services, shelf, log));
  app.route('/', makeStatusRoutes(services, shelf, log));
  app.route('/', makeDeskRoutes(services, log));
  app.route('/.well-known', makeWellKnownRoutes(services));
  if (console !== undefined) app.route('/console', makeConsoleRoutes(console));
  return app;
}
