import { describe, expect, it } from 'vitest';
import { failureTable } from '../../src/contract/failure-table.ts';
import { problem } from '../../src/contract/problem.ts';
import type { ImportRequest } from '../../src/app/evidence/import-request.ts';
import type { FailureCode } from '../../src/domain/shared/failure.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { ada, authorization, fakeServices, rememberingLog, serviceToken } from './fake-services.ts';

function appOf(given: Partial<Services> = {}) {
  const log = rememberingLog();
  return { app: makeHttpApp(fakeServices(given), { log }), log };
}

const json = { 'content-type': 'application/json' };

/** A path of a route with something in the place of each parameter. */
function examplePath(path: string): string {
  return path
    .replace(':plan', 'plan_1')
    .replace(':retraction', 'retraction_1')
    .replace(':subject', 'plan_1')
    .replace(':batch', 'batch_1')
    .replace(':operator', 'operator_1')
    .replace(':kind', 'holding');
}

/** A signature, a code or a passkey's answer in the body is what lets in there. */
const open: readonly string[] = [
  '/api/v1/tokens',
  '/api/v1/operators/acceptances',
  '/api/v1/sessions',
  '/api/v1/sessions/options',
  '/api/v1/passkeys',
  '/api/v1/passkeys/links',
  '/api/v1/passkeys/options',
];

describe('who calls', () => {
  it('no route of the API answers a stranger', async () => {
    const { app } = appOf();
    const routes = app.routes.filter((route) => route.path.startsWith('/api/') && !route.path.includes('*'));
    expect(routes.length).toBeGreaterThan(20);
    for (const [index, { method, path }] of routes.entries()) {
      if (method === 'POST' && open.includes(path)) continue;
      // Each from its own address: how often strangers may try is another matter.
      const incoming = { socket: { remoteAddress: `192.0.2.${index}`, remotePort: 1 } };
      const answer = await app.request(examplePath(path), { method }, { incoming });
      expect(answer.status, `${method} ${path}`).toBe(401);
      expect(problem.parse(await answer.json()).code).toBe('unauthenticated');
    }
  });

  it('a token is given for a signature that verifies, and for nothing else', async () => {
    const { app } = appOf({
      issueToken: async () => {
        throw new Failure('unauthenticated', 'The token request is not valid.');
      },
    });
    const body = JSON.stringify({ request: '{}', signature: 'x' });
    const answer = await app.request('/api/v1/tokens', { method: 'POST', headers: json, body });
    expect(answer.status).toBe(401);
  });

  it('a stranger does not learn which addresses of the API exist', async () => {
    const { app } = appOf();
    const [there, notThere] = await Promise.all([app.request('/api/v1/plans'), app.request('/api/v1/nothing')]);
    expect(notThere.status).toBe(there.status);
  });

  it('a token in the URL is no token', async () => {
    const { app } = appOf();
    const answer = await app.request(`/api/v1/plans?token=${authorization.authorization.slice(7)}`);
    expect(answer.status).toBe(401);
  });

  it("an operator's token asks no password, and the service's token nothing else", async () => {
    const { app } = appOf();
    const body = JSON.stringify({ accountId: 'a', password: 'p' });
    const asOperator = await app.request('/api/v1/password-checks', {
      method: 'POST',
      headers: { ...json, ...authorization },
      body,
    });
    const asService = await app.request('/api/v1/plans', { headers: { authorization: `Bearer ${serviceToken}` } });
    expect([asOperator.status, asService.status]).toEqual([401, 401]);
  });
});

describe('what goes wrong', () => {
  it('each failure is a problem document with its own code and status', async () => {
    for (const code of Object.keys(failureTable) as FailureCode[]) {
      const { app } = appOf({
        listPlans: async () => {
          throw new Failure(code, `it was ${code}`, { plan: 'plan_1' });
        },
      });
      const answer = await app.request('/api/v1/plans', { headers: authorization });
      const told = problem.parse(await answer.json());
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect([answer.status, told.status, told.code]).toEqual([
        failureTable[code].status,
        failureTable[code].status,
        code,
      ]);
      expect(told.requestId).toBe(answer.headers.get('x-request-id'));
    }
  });

  it('words of an error that we did not foresee stay in the log', async () => {
    const { app, log } = appOf({
      listPlans: async () => {
        throw new Error('relation "secret" does not exist');
      },
    });
    const answer = await app.request('/api/v1/plans', { headers: authorization });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(log.lines.filter((line) => line.level === 'error')).toHaveLength(1);
  });

  it('a request that cannot be understood is told which field is wrong, and its value is not repeated', async () => {
    const { app } = appOf();
    const answer = await app.request('/api/v1/plans/plan_1/rollout', {
      method: 'POST',
      headers: { ...json, ...authorization },
      body: JSON.stringify({ total: 'everyone' }),
    });
    const told = problem.parse(await answer.json());
    expect([answer.status, told.code]).toEqual([400, 'usage']);
    expect(told.detail).toContain('"total" in the body');
    expect(told.detail).not.toContain('everyone');
  });

  it('a body that never ends is not read', async () => {
    const { app } = appOf();
    const answer = await app.request('/api/v1/explanations', {
      method: 'POST',
      headers: { ...json, ...authorization },
      body: JSON.stringify({ query: 'x'.repeat(100_000) }),
    });
    expect(answer.status).toBe(400);
    expect(problem.parse(await answer.json()).detail).toContain('64 KiB');
  });

  it('a refused yes is answered with the reason, not with success', async () => {
    const { app } = appOf({ approveSubject: async () => ({ kind: 'refused', reason: 'author-cannot-approve' }) });
    const answer = await app.request('/api/v1/plans/plan_1/approvals', {
      method: 'POST',
      headers: { ...json, ...authorization },
      body: JSON.stringify({ statement: '{}', signature: 'x' }),
    });
    expect(problem.parse(await answer.json()).code).toBe('author-cannot-approve');
  });
});

describe('a list comes in', () => {
  const query = '/api/v1/evidence?source=leak&class=credentials';

  async function linesOf(answer: Response): Promise<readonly { readonly kind: string }[]> {
    return (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
  }

  it('the raw bytes and who sends them reach the import, and its result is the last line', async () => {
    let seen: { text: string; request: ImportRequest } | null = null;
    const { app } = appOf({
      async importEvidence(request, onProgress) {
        let text = '';
        for await (const chunk of request.stream) text += new TextDecoder().decode(chunk);
        seen = { text, request };
        onProgress({ phase: 'reading', batch: 'batch_1', lines: 2, bytes: 8 });
        return { kind: 'imported', batch: 'batch_1', resumedAfterLine: 0 };
      },
    });
    const answer = await app.request(query, { method: 'POST', headers: authorization, body: 'a:b\nc:d\n' });
    const lines = await linesOf(answer);
    expect(lines.map((line) => line.kind)).toEqual(['progress', 'result']);
    expect(seen!).toMatchObject({ text: 'a:b\nc:d\n', request: { importer: ada.operatorId, class: 'credentials' } });
  });

  it('an import that fails half way says so in its last line, since the status is long gone', async () => {
    const { app } = appOf({
      async importEvidence() {
        throw new Failure('import-unreadable', 'The list is empty.');
      },
    });
    const answer = await app.request(query, { method: 'POST', headers: authorization, body: 'x' });
    const lines = await linesOf(answer);
    expect(lines).toMatchObject([{ kind: 'problem', problem: { code: 'import-unreadable' } }]);
  });
});

describe('the service asks about a password', () => {
  const password = 'correct horse battery staple';
  const ask = (app: ReturnType<typeof appOf>['app']) =>
    app.request('/api/v1/password-checks', {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${serviceToken}` },
      body: JSON.stringify({ accountId: 'account-1', password }),
    });

  it('the answer has one shape, whatever the account', async () => {
    for (const allowed of [true, false]) {
      const { app } = appOf({ checkPassword: async () => ({ allowed }) });
      expect(await (await ask(app)).json()).toEqual({ allowed });
    }
  });

  it('a failure is 503 and tells neither the account nor the password, also in the log', async () => {
    const { app, log } = appOf({
      checkPassword: async () => {
        throw new Failure('seal-broken', 'The seal does not open.');
      },
    });
    const answer = await ask(app);
    expect(answer.status).toBe(503);
    const told = (await answer.text()) + JSON.stringify(log.lines);
    expect(told).not.toContain(password);
    expect(told).not.toContain('account-1');
  });
});

describe('the description of the API', () => {
  it('names every route that answers, with its parameters, and asks nobody for a token to be read', async () => {
    const { app } = appOf();
    const answer = await app.request('/openapi.json');
    expect(answer.status).toBe(200);
    const document = (await answer.json()) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routes = app.routes
      .filter((route) => route.path.startsWith('/api/') && !route.path.includes('*') && route.method !== 'ALL')
      .map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(new Set(described.filter((one) => one.includes('/api/')))).toEqual(new Set(routes));
  });
});
