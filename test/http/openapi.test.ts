import { describe, expect, it } from 'vitest';
import { failureTable } from '../../src/contract/failure-table.ts';
import { permissions, roles } from '../../src/domain/approval/role.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { openTestCli } from '../cli/cli-world.ts';
import { mountedRoutes } from './api-routes.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';

const app = makeHttpApp(fakeServices(), { log: rememberingLog() });

type Json = Readonly<Record<string, unknown>>;

async function readDocument(): Promise<Json> {
  return (await (await app.request('/openapi.json')).json()) as Json;
}

/** The fields that OpenAPI 3.1.0 gives each object (section 4.8); `x-` may be added everywhere. */
const fieldsOf = {
  document: ['openapi', 'info', 'servers', 'paths', 'webhooks', 'components', 'security', 'tags', 'externalDocs'],
  operation: [
    'tags',
    'summary',
    'description',
    'operationId',
    'parameters',
    'requestBody',
    'responses',
    'deprecated',
    'security',
    'servers',
    'callbacks',
  ],
  parameter: [
    'name',
    'in',
    'description',
    'required',
    'deprecated',
    'schema',
    'example',
    'examples',
    'style',
    'explode',
  ],
  body: ['description', 'content', 'required'],
  response: ['description', 'headers', 'content', 'links'],
  media: ['schema', 'example', 'examples', 'encoding'],
} as const;

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];
/** Keywords of 3.0 that 3.1 dropped. */
const dropped = ['nullable', 'x-nullable'];

/** What OpenAPI 3.1 and JSON Schema 2020-12 would not take, with the place. */
class Reading {
  readonly faults: string[] = [];
  private readonly document: Json;
  private readonly ids = new Set<unknown>();

  constructor(document: Json) {
    this.document = document;
  }

  fault(at: string, isFault: boolean, what: string): void {
    if (isFault) this.faults.push(`${at}: ${what}`);
  }

  fields(at: string, value: Json, allowed: readonly string[]): void {
    for (const name of Object.keys(value)) {
      this.fault(at, !name.startsWith('x-') && !allowed.includes(name), `has no field ${name}`);
    }
  }

  whole(): readonly string[] {
    const { document } = this;
    this.fields('document', document, fieldsOf.document);
    this.fault('openapi', !/^3\.1\.\d+$/.test(String(document['openapi'])), 'is no 3.1');
    const info = document['info'] as Json;
    this.fault('info', typeof info['title'] !== 'string' || typeof info['version'] !== 'string', 'lacks a field');
    const components = document['components'] as Json;
    for (const [kind, named] of Object.entries(components)) {
      for (const [name, value] of Object.entries(named as Json)) {
        this.fault(`components/${kind}`, !/^[a-zA-Z0-9._-]+$/.test(name), `names ${name}`);
        if (kind === 'schemas') this.schema(`components/schemas/${name}`, value);
      }
    }
    const paths = document['paths'] as Json;
    this.fault('paths', Object.keys(paths).length === 0, 'is empty');
    const shapes = Object.keys(paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'));
    this.fault('paths', new Set(shapes).size !== shapes.length, 'has two templates of one shape');
    for (const [path, item] of Object.entries(paths)) {
      this.fault(path, !path.startsWith('/'), 'does not begin with /');
      for (const [method, operation] of Object.entries(item as Json)) {
        this.fault(path, !methods.includes(method), `has no method ${method}`);
        this.operation(`${method} ${path}`, path, operation as Json);
      }
    }
    return this.faults;
  }

  private operation(at: string, path: string, operation: Json): void {
    this.fields(at, operation, fieldsOf.operation);
    this.fault(at, this.ids.has(operation['operationId']), 'has the operationId of another');
    this.ids.add(operation['operationId']);
    this.fault(at, typeof operation['summary'] !== 'string' || operation['summary'] === '', 'has no summary');
    const parameters = (operation['parameters'] ?? []) as readonly Json[];
    const places = parameters.map((one) => `${String(one['in'])} ${String(one['name'])}`);
    this.fault(at, new Set(places).size !== places.length, 'has a parameter twice');
    const templated = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${String(name)}`);
    const inPath = places.filter((place) => place.startsWith('path '));
    this.fault(at, templated.toSorted().join() !== inPath.toSorted().join(), 'has other parameters than its path');
    for (const one of parameters) {
      const here = `${at} parameter ${String(one['name'])}`;
      this.fields(here, one, fieldsOf.parameter);
      this.fault(here, !['query', 'header', 'path', 'cookie'].includes(String(one['in'])), 'is nowhere');
      this.fault(here, one['in'] === 'path' && one['required'] !== true, 'in the path is not required');
      this.schema(here, one['schema']);
    }
    const body = operation['requestBody'] as Json | undefined;
    if (body !== undefined) {
      this.fields(`${at} body`, body, fieldsOf.body);
      this.content(`${at} body`, body['content']);
    }
    const responses = (operation['responses'] ?? {}) as Json;
    this.fault(at, Object.keys(responses).length === 0, 'has no responses');
    for (const [status, response] of Object.entries(responses)) {
      const here = `${at} ${status}`;
      this.fault(here, !/^([1-5]\d\d|[1-5]XX|default)$/.test(status), 'is no status');
      this.fields(here, response as Json, fieldsOf.response);
      this.fault(here, typeof (response as Json)['description'] !== 'string', 'has no description');
      if ((response as Json)['content'] !== undefined) this.content(here, (response as Json)['content']);
    }
    const schemes = (this.document['components'] as Json)['securitySchemes'] as Json;
    for (const one of operation['security'] as readonly Json[]) {
      for (const name of Object.keys(one)) this.fault(at, !(name in schemes), `has no security scheme ${name}`);
    }
  }

  private content(at: string, content: unknown): void {
    for (const [type, media] of Object.entries(content as Json)) {
      this.fault(at, !/^[\w.+*-]+\/[\w.+*-]+$/.test(type), `has no media type ${type}`);
      this.fields(`${at} ${type}`, media as Json, fieldsOf.media);
      if ((media as Json)['schema'] !== undefined) this.schema(at, (media as Json)['schema']);
    }
  }

  private schema(at: string, given: unknown): void {
    this.fault(at, typeof given !== 'object' || given === null, 'has no schema');
    const schema = (given ?? {}) as Json;
    for (const name of dropped) this.fault(at, name in schema, `uses ${name} of 3.0`);
    if (typeof schema['$ref'] === 'string') this.fault(at, !this.leadsSomewhere(schema['$ref']), 'refers to nothing');
    for (const type of [schema['type'] ?? []].flat()) {
      this.fault(at, !types.includes(String(type)), `is of no type ${String(type)}`);
    }
    const choices = schema['enum'];
    this.fault(at, choices !== undefined && (!Array.isArray(choices) || choices.length === 0), 'lists no values');
    const exclusive = schema['exclusiveMinimum'] ?? schema['exclusiveMaximum'] ?? 0;
    this.fault(at, typeof exclusive !== 'number', 'has a bound that is no number, as in 3.0');
    const properties = (schema['properties'] ?? {}) as Json;
    for (const name of (schema['required'] ?? []) as readonly string[]) {
      this.fault(at, !(name in properties), `requires ${name}, which it does not describe`);
    }
    for (const [name, one] of Object.entries(properties)) this.schema(`${at} ${name}`, one);
    for (const word of ['items', 'additionalProperties', 'not']) {
      if (typeof schema[word] === 'object') this.schema(`${at} ${word}`, schema[word]);
    }
    for (const word of ['oneOf', 'anyOf', 'allOf']) {
      for (const [no, one] of ((schema[word] ?? []) as readonly unknown[]).entries())
        this.schema(`${at} ${word} ${no}`, one);
    }
  }

  private leadsSomewhere(ref: string): boolean {
    let found: unknown = this.document;
    for (const step of ref.replace(/^#\//, '').split('/')) found = (found as Json | undefined)?.[step];
    return ref.startsWith('#/') && found !== undefined;
  }
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1, so that a program can read it', async () => {
    expect(new Reading(await readDocument()).whole()).toEqual([]);
  });

  it('would be found broken, if it were', async () => {
    const text = JSON.stringify(await readDocument());
    const broken = [
      text.replace('"3.1.0"', '"3.0.3"'),
      text.replace('"in":"path"', '"in":"url"'),
      text.replace('#/components/schemas/Problem', '#/components/schemas/Problems'),
      text.replace('"type":"boolean"', '"type":"bool"'),
      text.replace('"required":["total"]', '"required":["sum"]'),
      text.replace('"serviceToken":[]', '"password":[]'),
      text.replace('"type":["string","null"]', '"type":"string","nullable":true'),
    ];
    for (const one of broken) {
      expect(one).not.toBe(text);
      expect(new Reading(JSON.parse(one) as Json).whole()).not.toEqual([]);
    }
  });

  it('says of each route who may call it, and with which refusals', async () => {
    const { paths } = (await readDocument()) as { paths: Record<string, Record<string, Record<string, unknown>>> };
    const halt = paths['/api/v1/halts']!['post']!;
    expect(halt).toMatchObject({ 'x-caller': 'person', 'x-permission': 'halt', 'x-roles': roles });
    expect(Object.keys(halt['responses'] as object)).toEqual(expect.arrayContaining(['200', '401', '403', '429']));
    expect(paths['/api/v1/plans/{plan}/corrections/{kind}']!['post']).toMatchObject({
      'x-permission': { parameter: 'kind', values: { late: 'correction.send-late' } },
    });
  });

  it('does not promise that a repeated halt does nothing, and names what a key or a tag can refuse', async () => {
    const { paths } = (await readDocument()) as { paths: Record<string, Record<string, Json>> };
    const keyOf = (path: string): string => {
      const parameters = paths[path]!['post']!['parameters'] as readonly Json[];
      return String(parameters.find((one) => one['name'] === 'Idempotency-Key')?.['description']);
    };
    const codesOf = (path: string): readonly unknown[] =>
      Object.values(paths[path]!['post']!['responses'] as Record<string, Json>).flatMap(
        (answer) => (answer['x-codes'] ?? []) as readonly unknown[],
      );
    expect(keyOf('/api/v1/halts')).toMatch(/^Taken and not looked at\./);
    expect(codesOf('/api/v1/halts')).not.toContain('key-reused');
    expect(keyOf('/api/v1/plans/{plan}/rollout')).toContain('does nothing');
    expect(codesOf('/api/v1/plans/{plan}/rollout')).toEqual(
      expect.arrayContaining(['precondition-failed', 'key-reused', 'request-running']),
    );
    expect(codesOf('/api/v1/plans')).toContain('outcome-unknown');
    expect(Object.keys(paths['/api/v1/plans/{plan}']!['get']!['responses'] as object)).toContain('304');
  });

  it('tells nothing of the installation', async () => {
    const text = JSON.stringify(await readDocument()) + (await (await app.request('/docs')).text());
    const { deployment } = fakeServices();
    for (const word of [deployment.deployment, 'Chirp', 'chirp.test']) {
      expect(text).not.toContain(word);
    }
  });
});

describe('/docs', () => {
  const read = async (): Promise<string> => (await app.request('/docs')).text();

  it('names every route, every permission and every problem', async () => {
    const page = await read();
    for (const route of mountedRoutes(app)) {
      const [method = '', path = ''] = route.split(' ');
      expect(page).toContain(`>${method}</span>${path}</p>`);
    }
    for (const permission of permissions) expect(page).toContain(`<code>${permission}</code>`);
    for (const code of Object.keys(failureTable)) expect(page).toContain(`id="problem-${code}"`);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
    expect(targets.filter((target) => !page.includes(`id="${String(target)}"`))).toEqual([]);
  });

  it('runs no script, asks no other host, and needs no token', async () => {
    const answer = await app.request('/docs');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(await answer.text()).not.toMatch(/<script|javascript:| on\w+=|src=|<link/i);
  });

  it('shows commands that there are', async () => {
    const cli = await openTestCli({});
    try {
      const { paths } = (await readDocument()) as { paths: Record<string, Record<string, Record<string, unknown>>> };
      const commands = Object.values(paths)
        .flatMap((item) => Object.values(item))
        .flatMap((operation) => (typeof operation['x-command'] === 'string' ? [operation['x-command']] : []));
      expect(commands.length).toBeGreaterThan(25);
      for (const command of new Set(commands)) {
        const words = command.match(/"[^"]*"|\S+/g) ?? [];
        const { exit, stdout, stderr } = await cli.run(...words.slice(1), '--help');
        expect(exit, `${command} ${stderr}`).toBe(0);
        const flags = words.filter((word) => word.startsWith('--'));
        expect(
          flags.filter((flag) => !stdout.includes(flag)),
          command,
        ).toEqual([]);
      }
    } finally {
      await cli.close();
    }
  });
});
