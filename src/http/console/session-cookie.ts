import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ApiEnv } from '../api-env.ts';

const plainName = 'allclear_session';

/** RFC 6265bis section 4.1.3.2: a `__Host-` cookie is sent to this host alone, and no other host can set it. */
function nameFor(origin: string): string {
  return isSecure(origin) ? `__Host-${plainName}` : plainName;
}

function isSecure(origin: string): boolean {
  return origin.startsWith('https:');
}

/** Null where there is none that could be one of ours. */
export function readSessionCookie(c: Context<ApiEnv>, origin: string): string | null {
  const secret = getCookie(c, nameFor(origin)) ?? '';
  return /^acs_[0-9a-f]{64}$/.test(secret) ? secret : null;
}

/** Read by no script, and sent with no request that begins on another site. */
export function setSessionCookie(c: Context<ApiEnv>, origin: string, secret: string, expiresAt: Date): void {
  setCookie(c, nameFor(origin), secret, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: isSecure(origin),
    expires: expiresAt,
  });
}

export function dropSessionCookie(c: Context<ApiEnv>, origin: string): void {
  deleteCookie(c, nameFor(origin), { path: '/', secure: isSecure(origin) });
}
