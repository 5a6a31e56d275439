import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Failure } from '../domain/shared/failure.ts';
import type { ApiEnv } from './api-env.ts';

const kibibyte = 1_024;
/** Bodies are ids, counts and one signed statement. */
const ordinaryBytes = 64 * kibibyte;
/** A withdrawal may name 100,000 accounts by ids of some dozen characters. */
const withdrawalBytes = 16 * 1_024 * kibibyte;

/** Bounds every body but that of an import, which is streamed in constant memory however long it is. */
export function limitBody(): MiddlewareHandler<ApiEnv> {
  const ordinary = limitTo(ordinaryBytes);
  const withdrawal = limitTo(withdrawalBytes);
  return async (c, next) => {
    if (c.req.method === 'POST' && c.req.path === '/api/v1/evidence') return next();
    return /^\/api\/v1\/evidence\/[^/]+\/withdrawal/.test(c.req.path) ? withdrawal(c, next) : ordinary(c, next);
  };
}

function limitTo(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Failure('usage', `The body is larger than ${maxSize / kibibyte} KiB. Nothing was done.`);
    },
  });
}
