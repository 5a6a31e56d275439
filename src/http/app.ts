import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import { routePath } from 'hono/route';
import { healthRoutes } from '../contract/health.ts';
import { Failure } from '../domain/shared/failure.ts';
import { answerFailure } from './answer-failure.ts';
import type { ApiEnv, HttpLog } from './api-env.ts';
import { explainInvalid } from './explain-invalid.ts';
import { limitBody } from './limit-body.ts';
import { makeNoticeRoutes } from './public/notice-routes.ts';
import { makeStatementRoutes } from './public/statement-routes.ts';
import { makeWellKnownRoutes } from './public/well-known-routes.ts';
import { requireCaller } from './require-caller.ts';
import { mountCorrectionRoutes } from './routes/correction.ts';
import { mountDeploymentRoutes } from './routes/deployment.ts';
import { mountEvidenceRoutes } from './routes/evidence.ts';
import { mountExplainRoutes } from './routes/explain.ts';
import { mountRetractionRoutes } from './routes/retraction.ts';
import { mountStatementRoutes } from './routes/statement.ts';
import { mountLedgerRoutes } from './routes/ledger.ts';
import { mountOperatorRoutes } from './routes/operator.ts';
import { mountPasswordCheckRoutes } from './routes/password-check.ts';
import { mountPlanRoutes } from './routes/plan.ts';
import { mountRetentionRoutes } from './routes/retention.ts';
import { mountRolloutRoutes } from './routes/rollout.ts';
import { mountSubjectRoutes } from './routes/subject.ts';
import type { Services } from './services.ts';

/** The figures of the server, for operators. */
interface ShownMetrics {
  readonly contentType: string;
  scrape(): Promise<string>;
}

export interface SeenRequest {
  readonly method: string;
  /** The pattern and not the path. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface HttpOptions {
  readonly log: HttpLog;
  /** None: there is no /metrics. */
  readonly metrics?: ShownMetrics;
  readonly onRequest?: (request: SeenRequest) => void;
}

const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'Allclear',
    version: '1',
    description: 'Refusals are RFC 9457 problems whose `code` stands in docs/reference/errors.md.',
  },
  security: [{ token: [] }],
};

/** The API under /api/v1, its description at /openapi.json, the public pages, /healthz and /readyz. It knows use cases only, and no secret but what it is shown. */
export function makeHttpApp(services: Services, { log, metrics, onRequest }: HttpOptions): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new Failure('usage', explainInvalid(result.target, result.error.issues));
    },
  });

  app.onError((error, c) => answerFailure(error, c, log));
  app.notFound((c) => answerFailure(new Failure('not-found', `There is nothing at this address.`), c, log));

  app.use(async (c, next) => {
    const requestId = randomUUID();
    const startedMs = performance.now();
    c.set('requestId', requestId);
    c.header('X-Request-Id', requestId);
    await next();
    // The pattern and not the path: a path may hold a notice number.
    const seen = { method: c.req.method, route: routePath(c, -1), status: c.res.status };
    const ms = performance.now() - startedMs;
    log.info({ requestId, ...seen, ms: Math.round(ms) }, 'request');
    onRequest?.({ ...seen, seconds: ms / 1_000 });
  });

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.openapi(healthRoutes.ready, async (c) => {
    await services.ready();
    return c.json({ status: 'ready' as const, deployment: services.deployment.deployment }, 200);
  });

  // Counts of people and halts tell a thief how it goes: an operator's token, also for whoever comes by a proxy from here.
  if (metrics !== undefined)
    app.get('/metrics', requireCaller(services), async (c) =>
      c.body(await metrics.scrape(), 200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }),
    );

  app.use('/api/*', requireCaller(services), limitBody(), async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  mountDeploymentRoutes(app, services);
  mountOperatorRoutes(app, services);
  mountEvidenceRoutes(app, services, log);
  mountPlanRoutes(app, services, log);
  mountRolloutRoutes(app, services);
  mountCorrectionRoutes(app, services);
  mountRetractionRoutes(app, services);
  mountExplainRoutes(app, services);
  mountStatementRoutes(app, services);
  mountLedgerRoutes(app, services);
  mountRetentionRoutes(app, services);
  mountSubjectRoutes(app, services);
  mountPasswordCheckRoutes(app, services);
  // The document is generated from the very routes that answer, so that it cannot say anything else.
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', openApiDocument);
  app.route('/notices', makeNoticeRoutes(services, log));
  app.route('/statement', makeStatementRoutes(services, log));
  app.route('/.well-known', makeWellKnownRoutes(services));
  return app;
}
