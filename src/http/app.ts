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
import { refuseWhileBehind } from './refuse-while-behind.ts';
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
import type { Services } from './services.ts';

export interface HttpOptions {
  readonly log: HttpLog;
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
export function makeHttpApp(services: Services, { log }: HttpOptions): OpenAPIHono<ApiEnv> {
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
    const fields = { requestId, method: c.req.method, route: routePath(c, -1), status: c.res.status };
    log.info({ ...fields, ms: Math.round(performance.now() - startedMs) }, 'request');
  });

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.openapi(healthRoutes.ready, async (c) => {
    await services.ready();
    return c.json({ status: 'ready' as const, deployment: services.deployment.deployment }, 200);
  });

  app.use('/api/*', requireCaller(services), limitBody(), refuseWhileBehind(services), async (c, next) => {
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
  mountPasswordCheckRoutes(app, services);
  // The document is generated from the very routes that answer, so that it cannot say anything else.
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', openApiDocument);
  app.route('/notices', makeNoticeRoutes(services, log));
  app.route('/statement', makeStatementRoutes(services, log));
  app.route('/.well-known', makeWellKnownRoutes(services));
  return app;
}
