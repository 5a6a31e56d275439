import type { OpenAPIHono } from '@hono/zod-openapi';
import type { RouteCaller, RouteDeclaration } from '../contract/declare-route.ts';
import { failureTable } from '../contract/failure-table.ts';
import { problem, problemType } from '../contract/problem.ts';
import type { FailureCode } from '../domain/shared/failure.ts';
import type { ApiEnv } from './api-env.ts';
import { problemsOfConduct } from './describe-conduct.ts';

/** JSON Schema 2020-12, as far as our own schemas use it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
  readonly default?: unknown;
  readonly example?: unknown;
}

export interface ApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface MediaType {
  readonly schema?: JsonSchema;
  readonly example?: unknown;
}

export interface ApiAnswer {
  readonly description: string;
  readonly content?: Readonly<Record<string, MediaType>>;
  readonly 'x-codes'?: readonly FailureCode[];
}

export interface ApiOperation extends RouteDeclaration {
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, ApiAnswer>>;
}

/** OpenAPI 3.1.0, as `/openapi.json` shows it and `/docs` reads it. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
}

const about = {
  openapi: '3.1.0',
  info: {
    title: 'Allclear',
    version: '1',
    description: 'Refusals are RFC 9457 problems whose `code` stands in docs/reference/errors.md.',
  },
};

/** What can happen to any call, by who makes it. */
const problemsOfCaller: Readonly<Record<RouteCaller, readonly FailureCode[]>> = {
  person: ['usage', 'unauthenticated', 'forbidden', 'too-many-requests', 'database-unavailable', 'internal'],
  service: ['usage', 'unauthenticated', 'too-many-requests', 'internal'],
  signature: ['usage', 'unauthenticated', 'too-many-requests', 'database-unavailable', 'internal'],
  anyone: ['too-many-requests', 'internal'],
};

const securityOfCaller: Readonly<Record<RouteCaller, readonly object[]>> = {
  person: [{ token: [] }, { session: [] }],
  service: [{ serviceToken: [] }],
  signature: [],
  anyone: [],
};

/** Describes the very routes that answer, so that the description cannot say anything else; it names no installation. */
export function describeApi(app: OpenAPIHono<ApiEnv>): ApiDocument {
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'allclear_session',
    description: 'Of the console; `__Host-allclear_session` over HTTPS. Beside GET it takes X-Allclear-Console: 1.',
  });
  registry.registerComponent('securitySchemes', 'serviceToken', { type: 'http', scheme: 'bearer' });
  registry.register('Problem', problem);
  // The generator's own type knows neither our extensions nor that every route has a summary.
  const document = app.getOpenAPI31Document(about) as unknown as ApiDocument;
  const paths = Object.entries(document.paths).map(([path, operations]) => {
    const described = Object.entries(operations).map(([method, operation]) => {
      const operationId = operationIdOf(method, path);
      const security = securityOfCaller[operation['x-caller']];
      const responses = { ...operation.responses, ...problemsOf(operation, problemsOfConduct(method, path)) };
      return [method, { ...operation, operationId, security, responses }] as const;
    });
    return [path, Object.fromEntries(described)] as const;
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

const problemSchema: JsonSchema = { $ref: '#/components/schemas/Problem' };

function problemsOf(operation: ApiOperation, ofConduct: readonly FailureCode[]): Readonly<Record<string, ApiAnswer>> {
  const codes = [...new Set([...problemsOfCaller[operation['x-caller']], ...operation['x-problems'], ...ofConduct])];
  const byStatus = Map.groupBy(codes, (code) => failureTable[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      String(status),
      {
        description: same.map((code) => `${code}: ${failureTable[code].title}`).join(' '),
        content: { [problemType]: { schema: problemSchema } },
        'x-codes': same,
      },
    ]),
  );
}

/** `post /api/v1/plans/{plan}/approvals` is `postPlansPlanApprovals`: stable as long as the address is. */
function operationIdOf(method: string, path: string): string {
  const words = path.replace('/api/v1', '').split(/[^A-Za-z0-9]+/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
