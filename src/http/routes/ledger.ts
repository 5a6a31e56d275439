import type { OpenAPIHono } from '@hono/zod-openapi';
import { ledgerRoutes } from '../../contract/ledger.ts';
import type { ApiEnv } from '../api-env.ts';
import { cursorOf, pageOf, readCursor } from '../cursor.ts';
import type { Services } from '../services.ts';

export function mountLedgerRoutes(app: OpenAPIHono<ApiEnv>, services: Services): void {
  app.openapi(ledgerRoutes.list, async (c) => {
    const { of, event = null, limit, after } = c.req.valid('query');
    const list = `ledger:${of}`;
    const rows = await services.listLedger({ of, event, beforeSeq: readCursor(list, after), limit: limit + 1 });
    const { page, next } = pageOf(rows, limit, (last) => cursorOf(list, last.seq));
    return c.json({ entries: page, next }, 200);
  });
  app.openapi(ledgerRoutes.verify, async (c) => c.json(await services.verifyLedger(), 200));
  app.openapi(ledgerRoutes.erase, async (c) =>
    c.json({ erased: await services.erasePersonal(c.req.valid('json')) }, 200),
  );
}
