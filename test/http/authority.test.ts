import { createRoute, z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/app/operator/authenticate-token.ts';
import { answers } from '../../src/contract/answers.ts';
import { needs } from '../../src/contract/declare-route.ts';
import { problem } from '../../src/contract/problem.ts';
import type { Permission, Role } from '../../src/domain/approval/role.ts';
import { roleMay, roles } from '../../src/domain/approval/role.ts';
import { mayCall, tokenScopes } from '../../src/domain/approval/token-scope.ts';
import type { TokenScope } from '../../src/domain/approval/token-scope.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { exampleCalls, mountedRoutes, routeFaults } from './api-routes.ts';
import type { ExampleCall } from './api-routes.ts';
import { ada, authorization, fakeServices, rememberingLog } from './fake-services.ts';

function appFor(role: Role, scope: readonly TokenScope[] = ['full'], given: Partial<Services> = {}) {
  const caller: Caller = { operator: { ...ada, role }, token: 'token_1', scope, isFirstOfHour: false };
  const reached: string[] = [];
  const services = new Proxy(fakeServices({ authenticate: async () => caller, ...given }), {
    get(target, name) {
      const member = target[name as keyof Services];
      const isQuiet = ['authenticate', 'authenticateToHalt', 'isServiceToken', 'requireStanding'].includes(
        String(name),
      );
      if (isQuiet || typeof member !== 'function') return member;
      reached.push(String(name));
      return member;
    },
  });
  return { app: makeHttpApp(services, { log: rememberingLog() }), reached };
}

type TestApp = ReturnType<typeof appFor>['app'];

/** From its own address, so that no limit of another call stands in the way. */
let callers = 0;
function send(app: TestApp, { method, path, body, contentType }: ExampleCall, headers: Record<string, string> = {}) {
  callers += 1;
  const remoteAddress = `192.0.${callers >> 8}.${callers & 255}`;
  const typed = contentType === null ? headers : { ...headers, 'content-type': contentType };
  const init = { method, headers: typed, ...(body === null ? {} : { body }) };
  return app.request(path, init, { incoming: { socket: { remoteAddress, remotePort: 1 } } });
}

const calls = exampleCalls(appFor('operator').app);
const people = calls.filter((call) => call.caller === 'person');
/** Their signature is looked at, in the body. */
const signed = calls.filter((call) => ['signature', 'anyone'].includes(call.caller)).map((call) => call.path);
/** One's own sessions and passkeys are everybody's. */
const ofOneself = [
  'DELETE /api/v1/sessions/current',
  'GET /api/v1/passkeys',
  'GET /api/v1/sessions',
  'GET /api/v1/sessions/current',
  'POST /api/v1/passkeys/confirmations',
  'POST /api/v1/passkeys/{passkey}/revocations',
  'POST /api/v1/sessions/{session}/revocations',
];
const nameOf = ({ method, path }: ExampleCall): string => `${method} ${path}`;

describe('every route of the API', () => {
  it('declares a permission that somebody has, and stands in the description', () => {
    expect(mountedRoutes(appFor('operator').app).length).toBeGreaterThan(30);
    expect(routeFaults(appFor('operator').app)).toEqual([]);
    expect(new Set(calls.map((call) => call.route))).toEqual(new Set(mountedRoutes(appFor('operator').app)));
  });

  it('that somebody adds without one is found, and is refused to everybody meanwhile', async () => {
    const planted = createRoute({
      method: 'post',
      path: '/api/v1/planted',
      responses: answers('Planted', z.object({})),
    });
    const unknown = createRoute({
      ...needs('plan.everything' as Permission, { word: 'plan' }),
      method: 'get',
      path: '/api/v1/planted-unknown',
      responses: answers('Planted', z.object({})),
    });
    for (const role of roles) {
      const { app } = appFor(role);
      app.openapi(planted, (c) => c.json({}, 200));
      app.openapi(unknown, (c) => c.json({}, 200));
      app.get('/api/v1/planted-bare', (c) => c.json({}));
      expect(routeFaults(app)).toEqual([
        'POST /api/v1/planted declares no permission',
        'GET /api/v1/planted-unknown needs plan.everything, which no role has',
        'GET /api/v1/planted-bare is not in the registry, so that nobody can read of it',
      ]);
      const answered = [
        await app.request('/api/v1/planted', { method: 'POST', headers: authorization }),
        await app.request('/api/v1/planted-unknown', { headers: authorization }),
        await app.request('/api/v1/planted-bare', { headers: authorization }),
        await app.request('/api/v1/planted-bare', { method: 'HEAD', headers: authorization }),
      ];
      expect(answered.map((answer) => answer.status)).toEqual([403, 403, 403, 403]);
    }
  });

  it('is 401 without a token, by every method, and so is an address at which nothing is', async () => {
    const { app, reached } = appFor('operator');
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
    const paths = [
      ...new Set(calls.map((call) => call.path)),
      '/api',
      '/api/',
      '/api/v1',
      '/api/v2/plans',
      '/api/v1/x',
    ];
    for (const path of paths) {
      for (const method of methods) {
        if (method === 'POST' && signed.includes(path)) continue;
        const bare = { route: '', method, path, body: null, contentType: null, caller: 'person', permission: null };
        const answer = await send(app, bare as ExampleCall);
        expect(answer.status, `${method} ${path}`).toBe(401);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
    expect(reached).toEqual([]);
  });
});

describe('what a role may do', () => {
  it.each(roles)('%s: each route answers or refuses exactly as the table says', async (role) => {
    for (const call of people) {
      const { app, reached } = appFor(role);
      await expectAnswer(await send(app, call, authorization), call, reached, {
        may: roleMay(role, call.permission ?? ''),
        role,
      });
    }
  });

  it.each(tokenScopes)(
    'a token of the scope %s does no more than that, also in the hands of an operator',
    async (scope) => {
      for (const role of ['operator', 'agent'] as const) {
        for (const call of people) {
          const { app, reached } = appFor(role, [scope]);
          const may = mayCall(role, [scope], call.permission ?? '');
          await expectAnswer(await send(app, call, authorization), call, reached, { may, role });
        }
      }
    },
  );

  it('the support desk explains, reads three things, answers appeals, pauses and halts; that is all', () => {
    const may = people.filter((call) => roleMay('agent', call.permission ?? '')).map((call) => call.route);
    expect(may.toSorted()).toEqual(
      [
        'GET /api/v1/appeals',
        'GET /api/v1/appeals/{appeal}',
        'GET /api/v1/deployment',
        'GET /api/v1/overview',
        'GET /api/v1/plans',
        'GET /api/v1/plans/{plan}',
        'GET /api/v1/plans/{plan}/notices',
        'GET /api/v1/plans/{plan}/statement',
        'GET /api/v1/rollouts',
        'GET /api/v1/rollouts/{subject}',
        'GET /api/v1/rollouts/{subject}/disputes',
        'GET /api/v1/tokens',
        ...ofOneself,
        'POST /api/v1/appeals/{appeal}/decisions',
        'POST /api/v1/explanations',
        'POST /api/v1/halts',
        'POST /api/v1/rollouts/{subject}/pauses',
        'POST /api/v1/tokens/{token}/revocations',
      ].toSorted(),
    );
  });

  it('an auditor changes nothing but a pause, a halt and what is their own', () => {
    const changing = people.filter((call) => call.method !== 'GET' && roleMay('auditor', call.permission ?? ''));
    expect(changing.map((call) => call.route).toSorted()).toEqual(
      [
        'POST /api/v1/evidence/{batch}/withdrawal-previews',
        'POST /api/v1/explanations',
        'POST /api/v1/halts',
        'POST /api/v1/plans/{plan}/exports',
        'POST /api/v1/retractions/{retraction}/exports',
        'POST /api/v1/rollouts/{subject}/pauses',
        'POST /api/v1/tokens/{token}/revocations',
        ...ofOneself.filter((route) => !route.startsWith('GET ')),
      ].toSorted(),
    );
  });

  it('whoever approves sends the holding letter and not the late one', async () => {
    const statusOf = async (path: string): Promise<number> => {
      const body = JSON.stringify({ total: 1 });
      const headers = { ...authorization, 'content-type': 'application/json' };
      const sendCorrection = async () => ({ goesOn: false, recipients: 1, conditional: 0 });
      const { app } = appFor('approver', ['full'], { sendCorrection });
      return (await app.request(path, { method: 'POST', headers, body })).status;
    };
    expect(await statusOf('/api/v1/plans/plan_1/corrections/holding')).toBe(200);
    expect(await statusOf('/api/v1/plans/plan_1/corrections/late')).toBe(403);
    expect(await statusOf('/api/v1/plans/plan_1/corrections/l%61te')).toBe(403);
    expect(await statusOf('/api/v1/plans/plan_1/corrections/toString')).toBe(403);
  });

  it('a refused call is refused before its body is read', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode('{}'));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const { app } = appFor('agent');
    const init = {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    };
    const answer = await app.request(new Request('http://localhost/api/v1/plans', init as RequestInit));
    expect([answer.status, pulled]).toEqual([403, 0]);
  });

  it("everybody's tokens are an operator's business", async () => {
    const asked: unknown[] = [];
    const given: Partial<Services> = {
      listTokens: async (of) => {
        asked.push(of);
        return [];
      },
      revokeToken: async (input) => {
        asked.push(input);
        return true;
      },
    };
    const path = '/api/v1/tokens?of=everybody';
    expect((await appFor('auditor', ['full'], given).app.request(path, { headers: authorization })).status).toBe(403);
    expect((await appFor('operator', ['full'], given).app.request(path, { headers: authorization })).status).toBe(200);
    const revoke = { method: 'POST', headers: authorization };
    await appFor('approver', ['full'], given).app.request('/api/v1/tokens/token_9/revocations', revoke);
    await appFor('operator', ['full'], given).app.request('/api/v1/tokens/token_9/revocations', revoke);
    expect(asked).toEqual([
      null,
      { token: 'token_9', by: 'operator_1', mayManage: false },
      { token: 'token_9', by: 'operator_1', mayManage: true },
    ]);
  });
});

/** What the table says, seen from outside: 403 and nothing touched, or on to the use case behind the route. */
async function expectAnswer(
  answer: Response,
  call: ExampleCall,
  reached: readonly string[],
  { may, role }: { readonly may: boolean; readonly role: Role },
): Promise<void> {
  const name = `${role}: ${nameOf(call)}`;
  if (!may) {
    const told = problem.parse(await answer.json());
    expect([answer.status, told.code], name).toEqual([403, 'forbidden']);
    expect(told.facts, name).toMatchObject({ role, needs: call.permission });
    expect(told.detail, name).toContain(call.permission);
    expect(reached, name).toEqual([]);
    return;
  }
  // The fakes know nothing: whoever got there is answered that the test gave no such thing.
  expect([200, 500], name).toContain(answer.status);
  const text = await answer.text();
  if (call.route !== 'GET /api/v1/deployment') expect(reached, `${name} ${text}`).toHaveLength(1);
}
