import { rolesWith } from '../domain/approval/role.ts';
import type { Permission, Role } from '../domain/approval/role.ts';
import type { FailureCode } from '../domain/shared/failure.ts';

/** Who a route believes: a person by their token, the service by its own, a signature in the body, or nobody at all. */
export type RouteCaller = 'person' | 'service' | 'signature' | 'anyone';

/** One permission, or one for each value of a parameter of the path. */
export type NeededPermission =
  | Permission
  | { readonly parameter: string; readonly values: Readonly<Record<string, Permission>> };

/** What every route says of itself beside its shape. It stands in /openapi.json and in /docs, and the server enforces it. */
export interface RouteDeclaration {
  /** The glossary word that it belongs to. */
  tags: string[];
  readonly 'x-caller': RouteCaller;
  /** Null where the caller is no person: then there is no role to ask. */
  readonly 'x-permission': NeededPermission | null;
  readonly 'x-roles': readonly Role[];
  /** The same on the command line; null where it has no verb. */
  readonly 'x-command': string | null;
  /** Refusals of its own, beside those that every route has. */
  readonly 'x-problems': readonly FailureCode[];
}

interface About {
  readonly word: string;
  readonly command?: string;
  readonly problems?: readonly FailureCode[];
}

/** A route for people: their role and their token have to carry this permission. */
export function needs(permission: NeededPermission, about: About): RouteDeclaration {
  const named = typeof permission === 'string' ? [permission] : Object.values(permission.values);
  return declare('person', permission, [...new Set(named.flatMap(rolesWith))], about);
}

/** A route for somebody who is no person with a role. */
export function takesFrom(caller: Exclude<RouteCaller, 'person'>, about: About): RouteDeclaration {
  return declare(caller, null, [], about);
}

function declare(
  caller: RouteCaller,
  permission: NeededPermission | null,
  roles: readonly Role[],
  { word, command, problems }: About,
): RouteDeclaration {
  return {
    tags: [word],
    'x-caller': caller,
    'x-permission': permission,
    'x-roles': roles,
    'x-command': command ?? null,
    'x-problems': problems ?? [],
  };
}
