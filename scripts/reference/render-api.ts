import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { markdownTable, page } from './markdown.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly description?: string;
  readonly additionalProperties?: Schema | boolean;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
  readonly description?: string;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
    readonly description?: string;
  }[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Deeper than this an answer is shown by its kind only: the schema itself is in /openapi.json. */
const shownDepth = 2;

export async function render(): Promise<string> {
  const document = await readDocument();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return page('API', 'the routes of `src/contract`', [
    'The routes as the server itself describes them (OpenAPI 3.1 at `/openapi.json`). Every route under `/api/v1` wants',
    '`Authorization: Bearer TOKEN`; refusals are problem documents (RFC 9457) whose `code` stands in [errors](errors.md).',
    '',
    ...markdownTable(
      ['Route', 'What it does'],
      operations.map(({ path, method, operation }) => [
        `[\`${method} ${path}\`](#${anchorOf(method, path)})`,
        operation.summary ?? '',
      ]),
    ),
    ...operations.flatMap(({ path, method, operation }) => describe(method, path, operation)),
  ]);
}

/** The very routes that answer, mounted over services that are never called. */
async function readDocument(): Promise<OpenApiDocument> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const app = makeHttpApp(neverCalled() as Services, { log: silent });
  const answer = await app.request('/openapi.json');
  if (!answer.ok) throw new Error(`/openapi.json answered ${answer.status}`);
  return (await answer.json()) as OpenApiDocument;
}

/** Mounting reads settings and binds functions; whatever it asks for is there, and does nothing. */
function neverCalled(): object {
  return new Proxy(() => undefined, { get: (_, name) => (name === Symbol.toPrimitive ? () => '' : neverCalled()) });
}

function anchorOf(method: string, path: string): string {
  return `${method} ${path}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

function describe(method: string, path: string, operation: Operation): readonly string[] {
  const lines = ['', `## ${method} ${path}`, '', `${operation.summary ?? ''}.`];
  if (operation.description !== undefined) lines.push('', operation.description);
  const parameters = operation.parameters ?? [];
  if (parameters.length > 0) {
    const rows = parameters.map((one) => [
      `\`${one.name}\``,
      one.in,
      inWords(one.schema),
      one.required === true ? 'required' : '',
      one.description ?? one.schema?.description ?? '',
    ]);
    lines.push('', ...markdownTable(['Parameter', 'In', 'Type', '', 'Meaning'], rows));
  }
  for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {})) {
    lines.push('', `Takes \`${type}\`:`, '', ...shape(schema, 0));
  }
  for (const [status, { description, content = {} }] of Object.entries(operation.responses ?? {})) {
    lines.push('', `Answers ${status}: ${description ?? ''}`);
    for (const { schema } of Object.values(content)) lines.push('', ...shape(schema, 0));
  }
  return lines;
}

/** The fields of an object as a list; what is nested is indented. */
function shape(schema: Schema | undefined, depth: number): string[] {
  const properties = objectOf(schema);
  if (schema === undefined || properties === null) return depth === 0 ? [`- ${inWords(schema)}`] : [];
  return Object.entries(properties.properties ?? {}).flatMap(([name, field]) => {
    const optional = properties.required?.includes(name) === true ? '' : ', optional';
    const words = field.description === undefined ? '' : `: ${field.description}`;
    const line = `${'  '.repeat(depth)}- \`${name}\` ${inWords(field)}${optional}${words}`;
    return depth + 1 < shownDepth ? [line, ...shape(field, depth + 1)] : [line];
  });
}

function objectOf(schema: Schema | undefined): Schema | null {
  if (schema === undefined) return null;
  if (schema.properties !== undefined) return schema;
  if (schema.items !== undefined) return objectOf(schema.items);
  const options = (schema.anyOf ?? schema.allOf ?? []).filter((one) => one.type !== 'null');
  return options.length === 1 ? objectOf(options[0]) : null;
}

function inWords(schema: Schema | undefined): string {
  if (schema === undefined) return 'anything';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' or ');
  if (schema.items !== undefined) return `list of ${inWords(schema.items)}`;
  const options = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (options !== undefined) return [...new Set(options.map(inWords))].join(' or ');
  if (typeof schema.additionalProperties === 'object') return `map to ${inWords(schema.additionalProperties)}`;
  if (schema.type === undefined) return 'anything';
  return typeof schema.type === 'string' ? schema.type : schema.type.join(' or ');
}
