import type { OpenAPIHono } from '@hono/zod-openapi';
import type { NeededPermission, RouteCaller } from '../../src/contract/declare-route.ts';
import { rolesWith } from '../../src/domain/approval/role.ts';
import type { ApiEnv } from '../../src/http/api-env.ts';
import { describeApi } from '../../src/http/describe-api.ts';
import type { ApiDocument, ApiOperation } from '../../src/http/describe-api.ts';
import { readDeclaration } from '../../src/http/find-route.ts';

type App = OpenAPIHono<ApiEnv>;

/** One address of the API with something in the place of each parameter, and the body that the contract shows. */
export interface ExampleCall {
  /** As in the contract: `POST /api/v1/plans/{plan}/approvals`. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly contentType: string | null;
  readonly caller: RouteCaller;
  /** For this very address. */
  readonly permission: string | null;
}

/** What is wrong with how the routes under /api declare themselves; empty where nothing is. */
export function routeFaults(app: App): readonly string[] {
  const declared = new Map(
    app.openAPIRegistry.definitions
      .filter((definition) => definition.type === 'route')
      .map(({ route }) => [`${route.method.toUpperCase()} ${route.path}`, readDeclaration(route)]),
  );
  return mountedRoutes(app).flatMap((name) => {
    const declaration = declared.get(name);
    if (declaration === undefined) return [`${name} is not in the registry, so that nobody can read of it`];
    if (declaration === null) return [`${name} declares no permission`];
    if (declaration.tags.length !== 1) return [`${name} belongs to no word`];
    if (declaration['x-caller'] !== 'person') {
      return declaration['x-permission'] === null ? [] : [`${name} has a permission and no person to ask`];
    }
    const nobodys = namedIn(declaration['x-permission']).filter((one) => rolesWith(one).length === 0);
    if (namedIn(declaration['x-permission']).length === 0) return [`${name} declares no permission`];
    return nobodys.map((one) => `${name} needs ${one}, which no role has`);
  });
}

/** Every method and path under /api that something answers, as `POST /api/v1/plans/{plan}`. */
export function mountedRoutes(app: App): readonly string[] {
  const named = app.routes
    .filter(({ method, path }) => path.startsWith('/api/') && !path.includes('*') && method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  return [...new Set(named)];
}

/** A call of every route, one for each value of a parameter that decides the permission. */
export function exampleCalls(app: App): readonly ExampleCall[] {
  const document: ApiDocument = describeApi(app);
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/'))
    .flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) => callsOf(method.toUpperCase(), path, operation)),
    );
}

function callsOf(method: string, path: string, operation: ApiOperation): readonly ExampleCall[] {
  const needed = operation['x-permission'];
  const [content] = Object.entries(operation.requestBody?.content ?? {});
  const query = (operation.parameters ?? []).filter((one) => one.in === 'query' && one.required === true);
  const search = query.map((one) => `${one.name}=${String(one.schema.example)}`).join('&');
  const call = (given: Readonly<Record<string, string>>, permission: string | null): ExampleCall => ({
    route: `${method} ${path}`,
    method,
    path: `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => given[name] ?? exampleOf(operation, name))}${search === '' ? '' : `?${search}`}`,
    contentType: content?.[0] ?? null,
    body: content === undefined ? null : content[1].example === undefined ? 'a:b' : JSON.stringify(content[1].example),
    caller: operation['x-caller'],
    permission,
  });
  if (needed === null || typeof needed === 'string') return [call({}, needed)];
  return Object.entries(needed.values).map(([value, permission]) => call({ [needed.parameter]: value }, permission));
}

function exampleOf(operation: ApiOperation, name: string): string {
  const example = operation.parameters?.find((one) => one.in === 'path' && one.name === name)?.schema.example;
  if (typeof example !== 'string') throw new Error(`the parameter ${name} has no example in the contract`);
  return example;
}

function namedIn(needed: NeededPermission | null): readonly string[] {
  if (needed === null) return [];
  return typeof needed === 'string' ? [needed] : Object.values(needed.values);
}
