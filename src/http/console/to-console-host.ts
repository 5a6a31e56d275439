import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from '../api-env.ts';
import type { Services } from '../services.ts';

/**
 * Sends a browser that opened the console at 127.0.0.1 to `localhost`: passkeys belong to a name, and the cookie lies
 * there. Any other host is somebody's proxy and is left alone.
 */
export function toConsoleHost({ consoleOrigin }: Pick<Services, 'consoleOrigin'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { hostname, pathname, search } = new URL(c.req.url);
    const isByNumber = /^127(\.[0-9]{1,3}){3}$/.test(hostname) || hostname === '[::1]';
    if (c.req.method !== 'GET' || !isByNumber || !consoleOrigin.startsWith('http://localhost')) return next();
    return c.redirect(`${consoleOrigin}${pathname}${search}`, 302);
  };
}
