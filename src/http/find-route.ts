import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { RouteDeclaration } from '../contract/declare-route.ts';
import type { Permission } from '../domain/approval/role.ts';
import type { ApiEnv } from './api-env.ts';

export type FoundRoute =
  /** Nothing is at this address. */
  | { readonly kind: 'absent' }
  /** Something answers there and does not say who may call it. */
  | { readonly kind: 'undeclared' }
  | {
      readonly kind: 'declared';
      readonly declaration: RouteDeclaration;
      /** For this very address; null where there is none to ask, or a parameter has a value that names none. */
      readonly permission: Permission | null;
    };

/** Finds the declaration of the route that is going to answer, before it does and before a body is read. */
export function makeFindRoute(app: OpenAPIHono<ApiEnv>): (c: Context<ApiEnv>) => FoundRoute {
  let declared: ReadonlyMap<string, RouteDeclaration> | undefined;
  return (c) => {
    // Routes are mounted after the middleware that asks for them.
    declared ??= declarationsOf(app);
    const route = matchedRoutes(c).find(({ method, path }) => method !== 'ALL' && !path.includes('*'));
    if (route === undefined) return { kind: 'absent' };
    const declaration = declared.get(`${route.method} ${route.path}`);
    if (declaration === undefined) return { kind: 'undeclared' };
    return { kind: 'declared', declaration, permission: permissionOf(declaration, route.path, c.req.path) };
  };
}

function declarationsOf(app: OpenAPIHono<ApiEnv>): ReadonlyMap<string, RouteDeclaration> {
  const found = new Map<string, RouteDeclaration>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const { method, path } = definition.route;
    const declaration = readDeclaration(definition.route);
    const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
    if (declaration !== null) found.set(`${method.toUpperCase()} ${pattern}`, declaration);
  }
  return found;
}

/** What a route of the contract declares of itself; null for one that was made without `needs` or `takesFrom`. */
export function readDeclaration(route: object): RouteDeclaration | null {
  return 'x-caller' in route && 'x-permission' in route ? (route as RouteDeclaration) : null;
}

function permissionOf(declaration: RouteDeclaration, pattern: string, path: string): Permission | null {
  const needed = declaration['x-permission'];
  if (needed === null || typeof needed === 'string') return needed;
  const value = path.split('/')[pattern.split('/').indexOf(`:${needed.parameter}`)] ?? '';
  return Object.hasOwn(needed.values, value) ? (needed.values[value] ?? null) : null;
}
