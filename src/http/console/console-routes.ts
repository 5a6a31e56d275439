import { Hono } from 'hono';
import type { ApiEnv } from '../api-env.ts';
import type { ConsoleFiles } from './console-files.ts';
import { consoleHeaders } from './console-headers.ts';
import { addMissingHeaders, missingPage } from './missing-page.ts';

/** An asset's name holds a digest of its content, so what was fetched once is good for ever. */
const forEver = 'public, max-age=31536000, immutable';

/**
 * `/console`: files that are the same for everybody, and hold nothing of the installation. Whatever is below it and not
 * an asset gets the one page, whose script reads the address. Mounted after the routes that the server answers itself.
 */
export function makeConsoleRoutes(files: ConsoleFiles): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  if (files.kind === 'missing') {
    app.use(addMissingHeaders);
    app.get('*', (c) => c.html(missingPage(files.why), 503));
    return app;
  }

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(consoleHeaders)) c.header(name, value);
  });
  app.get('/assets/:name', (c) => {
    const asset = files.assets.get(c.req.param('name'));
    // Not the page: a script that is gone must not be answered by HTML.
    if (asset === undefined) return c.text('There is no such file.', 404, { 'Cache-Control': 'no-store' });
    const { gzip } = asset;
    const takesGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
    return c.body(gzip !== null && takesGzip ? gzip : asset.bytes, 200, {
      'Content-Type': asset.contentType,
      'Cache-Control': forEver,
      ...(gzip === null ? {} : { Vary: 'Accept-Encoding' }),
      ...(gzip !== null && takesGzip ? { 'Content-Encoding': 'gzip' } : {}),
    });
  });
  app.get('*', (c) => c.html(files.page, 200, { 'Cache-Control': 'no-store' }));
  return app;
}
