import type { Context, MiddlewareHandler } from 'hono';
import type { Caller } from '../app/operator/authenticate-token.ts';
import { rolesWith } from '../domain/approval/role.ts';
import type { Permission } from '../domain/approval/role.ts';
import { mayCall, scopeText } from '../domain/approval/token-scope.ts';
import { assertNever } from '../domain/shared/assert-never.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { ApiEnv } from './api-env.ts';
import type { ApiLimits, TokenInHand } from './api-limits.ts';
import { isPersonsAct } from './console/session-caller.ts';
import { readSessionCookie } from './console/session-cookie.ts';
import { requireOwnPage } from './console/session-origin.ts';
import type { FoundRoute } from './find-route.ts';
import type { Services } from './services.ts';

export interface RequireCallerDeps {
  readonly services: Services;
  readonly limits: ApiLimits;
  readonly findRoute: (c: Context<ApiEnv>) => FoundRoute;
}

/**
 * Stands before every route of the API, also before those that are not there: a stranger cannot even learn which are.
 * It asks who calls, how often, and whether role and token carry what the route declares; only then is a body read. A
 * route that declares nothing is refused to everybody. What takes two people is held by approvals all the same.
 */
export function requireCaller({ services, limits, findRoute }: RequireCallerDeps): MiddlewareHandler<ApiEnv> {
  async function admitPerson(c: Context<ApiEnv>, found: FoundRoute): Promise<void> {
    const permission = found.kind === 'declared' ? found.permission : null;
    const isHalt = permission === 'halt';
    const caller = await findCaller(c, isHalt);
    c.set('operator', caller.operator);
    c.set('caller', caller);
    if (found.kind !== 'absent') refuseUnless(c, permission);
  }

  /** A token in the header wins: what it means does not depend on which cookies a browser sends along. */
  async function findCaller(c: Context<ApiEnv>, isHalt: boolean): Promise<Caller> {
    const secret = c.req.header('authorization') === undefined ? readSessionCookie(c, services.consoleOrigin) : null;
    // Whoever was known lately may halt also while the database is away (I11).
    if (secret === null) {
      const given = tokenInHand(c, limits, isHalt);
      return lookUp(given, () =>
        isHalt ? services.authenticateToHalt(given.token) : services.authenticate(given.token),
      );
    }
    const given = { token: secret, address: c.get('clientAddress'), isHalt };
    requireOwnPage(c, services.consoleOrigin);
    return lookUp(given, () =>
      isHalt ? services.authenticateSessionToHalt(secret) : services.authenticateSession(secret, isPersonsAct(c)),
    );
  }

  async function admitService(c: Context<ApiEnv>): Promise<void> {
    const given = tokenInHand(c, limits, false);
    if (services.isServiceToken(given.token)) return;
    // Not limited while its token is right: each refusal would keep a holder from choosing a password.
    limits.takeFailure(given);
    throw new Failure('unauthenticated', 'This is not the token of the service. See ALLCLEAR_SERVICE_TOKEN.');
  }

  async function lookUp(given: TokenInHand, authenticate: () => Promise<Caller>): Promise<Caller> {
    const counted = limits.beforeLookUp(given);
    try {
      const caller = await authenticate();
      counted.succeeded();
      return caller;
    } catch (error) {
      if (error instanceof Failure && error.code === 'unauthenticated') counted.failed();
      throw error;
    }
  }

  return async (c, next) => {
    const found = findRoute(c);
    const caller = found.kind === 'declared' ? found.declaration['x-caller'] : 'person';
    switch (caller) {
      case 'person':
        await admitPerson(c, found);
        return next();
      case 'service':
        await admitService(c);
        return next();
      case 'signature':
        limits.takeSigned(c.get('clientAddress'));
        return next();
      case 'anyone':
        limits.takeOpen(c.get('clientAddress'));
        return next();
      default:
        return assertNever(caller);
    }
  };
}

/** `Failure('forbidden')` unless both the caller's role and the token's scope carry the permission. Null is no. */
export function refuseUnless(c: Context<ApiEnv>, permission: Permission | null): void {
  const { operator, scope } = c.get('caller');
  const { role } = operator;
  if (permission === null) {
    throw new Failure('forbidden', 'Nobody may call this: it declares no permission. Nothing was done.', { role });
  }
  if (mayCall(role, scope, permission)) return;
  const roles = rolesWith(permission);
  const facts = { role, scope: scopeText(scope), needs: permission, roles };
  if (mayCall(role, ['full'], permission)) {
    if (scope.includes('identified')) {
      throw new Failure(
        'forbidden',
        `Your role (${role}) may do this (${permission}), a sign-in without your passkey may not. Sign in with it. Nothing was done.`,
        facts,
      );
    }
    throw new Failure(
      'forbidden',
      `Your role (${role}) may do this, your token may not: its scope is "${facts.scope}", and this needs ${permission}. ` +
        'Nothing was done.',
      facts,
    );
  }
  throw new Failure(
    'forbidden',
    `Your role is ${role}; this needs ${permission}, which belongs to: ${roles.join(', ')}. Nothing was done.`,
    facts,
  );
}

/** The token of `Authorization: Bearer <token>` (RFC 6750 section 2.1); never taken from a URL. */
function tokenInHand(c: Context<ApiEnv>, limits: ApiLimits, isHalt: boolean): TokenInHand {
  const address = c.get('clientAddress');
  const token = /^Bearer ([A-Za-z0-9._~+/-]{1,500}=*)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (token === undefined) {
    const given = { token: '', address, isHalt };
    limits.takeFailure(given);
    throw new Failure(
      'unauthenticated',
      'The request names nobody. Send "Authorization: Bearer <token>"; the command line does so with --as NAME.',
    );
  }
  return { token, address, isHalt };
}
