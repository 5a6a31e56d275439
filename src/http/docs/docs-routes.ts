import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../api-env.ts';
import type { ApiLimits } from '../api-limits.ts';
import { describeApi } from '../describe-api.ts';
import { describeConduct } from '../describe-conduct.ts';
import type { ApiDocument } from '../describe-api.ts';
import { addStrictHeaders } from '../page-headers.ts';
import { docsPage } from './docs-page.ts';
import { docsStyle } from './docs-style.ts';

/** `/openapi.json` and `/docs`: without a token, since they tell nothing of the installation. Mounted after every route. */
export function mountDocs(app: OpenAPIHono<ApiEnv>, limits: ApiLimits): void {
  let described: ApiDocument | undefined;
  let page: string | undefined;
  // The same for everybody and for as long as this process runs: made once.
  const document = (): ApiDocument => (described ??= describeConduct(describeApi(app)));

  app.get('/openapi.json', (c) => {
    limits.takeOpen(c.get('clientAddress'));
    return c.json(document());
  });

  app.use('/docs', addStrictHeaders(docsStyle));
  app.get('/docs', async (c) => {
    limits.takeOpen(c.get('clientAddress'));
    page ??= String(await docsPage(document()));
    return c.html(page);
  });
}
