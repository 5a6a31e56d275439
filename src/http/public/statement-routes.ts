import { Hono } from 'hono';
import type { WrittenStatement } from '../../app/statement/write-statement.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { ApiEnv, HttpLog } from '../api-env.ts';
import { makeRequestLimit } from '../request-limit.ts';
import type { Services } from '../services.ts';
import { notCheckedPage } from './check-page.ts';
import { addPageHeaders } from './page-layout.ts';
import { readerOf } from './page-reader.ts';
import { statementRate } from './page-rates.ts';
import { noStatementPage, statementPage } from './statement-page.ts';
import { steadily } from './steady-answer.ts';

/** A press day brings thousands of readers a minute, and each statement walks a ledger: all read one of this age. */
const freshMs = 30_000;
/** Plans of one deployment that are read about at once. */
const maxKept = 50;

/** `/statement/:plan`. A GET like any other: it changes nothing. */
export function makeStatementRoutes(services: Services, log: HttpLog): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const limit = makeRequestLimit(statementRate, () => performance.now());
  const kept = new Map<PlanId, { readonly atMs: number; readonly statement: Promise<WrittenStatement | null> }>();

  /** One writing at a time per plan, whoever asks. A failure is not kept. */
  function statementOf(plan: PlanId): Promise<WrittenStatement | null> {
    const nowMs = performance.now();
    const known = kept.get(plan);
    if (known !== undefined && nowMs - known.atMs < freshMs) return known.statement;
    const statement = services.publicStatement(plan);
    kept.delete(plan);
    kept.set(plan, { atMs: nowMs, statement });
    statement.catch(() => kept.delete(plan));
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return statement;
  }

  app.use(addPageHeaders);
  app.get('/:plan', async (c) => {
    const reader = readerOf(c, services);
    const plan = c.req.param('plan');
    if (!isTypedId('plan', plan)) return c.html(noStatementPage(reader), 404);
    const wait = limit.take(c.get('clientAddress'));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return c.html(notCheckedPage(reader, '', 'too-many'), 429);
    }
    try {
      const statement = await steadily(() => statementOf(plan));
      return statement === null
        ? await c.html(noStatementPage(reader), 404)
        : await c.html(statementPage(reader, statement));
    } catch (error) {
      // Numbers that the ledger does not vouch for are not published.
      log.error({ err: error, requestId: c.get('requestId'), plan }, 'a public statement could not be written');
      return c.html(notCheckedPage(reader, '', 'failed'), 503);
    }
  });

  return app;
}
