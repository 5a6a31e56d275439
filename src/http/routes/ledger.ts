import type { OpenAPIHono } from '@hono/zod-openapi';
import { ledgerRoutes } from '../../contract/ledger.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

export function mountLedgerRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(ledgerRoutes.verify, async (c) => c.json(await services.verifyLedger(), 200));
  app.openapi(ledgerRoutes.erase, async (c) =>
    c.json({ erased: await services.erasePersonal(c.req.valid('json')) }, 200),
  );
}
