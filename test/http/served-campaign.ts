import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { makeRehearsalTransport } from '../../src/adapters/mail/rehearsal-transport.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import { listSources } from '../../src/app/evidence/list-sources.ts';
import { planWithdrawal } from '../../src/app/evidence/plan-withdrawal.ts';
import { withdrawEvidence } from '../../src/app/evidence/withdraw-evidence.ts';
import { sendCorrection } from '../../src/app/notice/send-correction.ts';
import { listEntries } from '../../src/app/ledger/list-entries.ts';
import { draftPlan } from '../../src/app/plan/draft-plan.ts';
import { exportPlan } from '../../src/app/plan/export-plan.ts';
import { rehearsePlan } from '../../src/app/plan/rehearse-plan.ts';
import { showPlan } from '../../src/app/plan/show-plan.ts';
import { makeRequestKeys } from '../../src/app/request/request-keys.ts';
import type { RequestKeys } from '../../src/app/request/request-keys.ts';
import { draftRetraction } from '../../src/app/retraction/draft-retraction.ts';
import { listRetraction } from '../../src/app/retraction/list-retraction.ts';
import { showRetraction } from '../../src/app/retraction/show-retraction.ts';
import { startRetraction } from '../../src/app/retraction/start-retraction.ts';
import { enterHalt } from '../../src/app/rollout/halt-rollout.ts';
import { readEventPlace, readRolloutEvents } from '../../src/app/rollout/read-events.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { makeSubjectReader } from '../../src/app/rollout/read-subject.ts';
import { startRollout } from '../../src/app/rollout/start-rollout.ts';
import type { ApprovalStatement } from '../../src/domain/approval/approval-statement.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { Campaign, oneWave } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which of the campaign's people asks; the first by default. */
  readonly as?: 0 | 1 | 2;
  readonly signal?: AbortSignal;
}

/** A campaign whose use cases answer over real HTTP: database, routes, socket and mail server are real. */
export interface ServedCampaign {
  readonly campaign: Campaign;
  readonly sink: SmtpSink;
  readonly url: string;
  readonly keys: RequestKeys;
  /** How often each service was called. */
  readonly calls: Map<string, number>;
  /** What the routes would ask of a server that stops. */
  stop(): void;
  ask(path: string, ask?: Ask): Promise<Response>;
  post(path: string, body: unknown, ask?: Ask): Promise<Response>;
  statement(
    person: 0 | 1 | 2,
    what: Pick<ApprovalStatement, 'digest' | 'total' | 'decision'>,
  ): {
    statement: string;
    signature: string;
  };
}

const openFence = { mayAct: () => true, close: () => undefined, ensure: () => undefined, haltFilePresent: () => false };

export function withServedCampaign(
  changes: (campaign: Campaign) => Partial<Services> = () => ({}),
): () => ServedCampaign {
  const postgres = withTestPostgres();
  let served: ServedCampaign | undefined;
  const undo: (() => Promise<unknown> | void)[] = [];

  beforeAll(async () => {
    const campaign = await Campaign.begin(await postgres.freshDatabase());
    undo.push(() => campaign.end());
    const sink = await openSmtpSink();
    undo.push(() => sink.close());
    const calls = new Map<string, number>();
    const keys = requestKeysOf(campaign, 'this server');
    const services = counted(
      fakeServices({ ...realServices(campaign, sink), requestKeys: keys, ...changes(campaign) }),
      calls,
    );
    const stopping = new AbortController();
    const app = makeHttpApp(services, { log: rememberingLog(), stopping: stopping.signal });
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    undo.push(() => {
      stopping.abort();
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ask: ServedCampaign['ask'] = (path, { method = 'GET', body, headers = {}, as = 0, signal } = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer token-of-${as}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    served = {
      campaign,
      sink,
      url,
      keys,
      calls,
      stop: () => stopping.abort(),
      ask,
      post: (path, body, given = {}) => ask(path, { ...given, method: 'POST', body }),
      statement(person, what) {
        const statement = digests.canonical({
          deployment: campaign.deploymentId,
          directory: campaign.directory.name,
          nonce: digests.randomHex(16),
          expiry: new Date(Date.now() + 3_600_000).toISOString(),
          ...what,
        });
        return { statement, signature: campaign.people[person].key.sign(statement) };
      },
    };
  });
  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });
  return () => {
    if (served === undefined) throw new Error('the campaign is served from beforeAll on');
    return served;
  };
}

/** The keys of a server process; another `holder` is another process. */
export function requestKeysOf({ store }: Campaign, holder: string): RequestKeys {
  return makeRequestKeys({
    store,
    holder,
    startMac() {
      const mac = createHmac('sha256', 'a key of the test');
      return { update: (piece) => void mac.update(piece), hex: () => mac.digest('hex') };
    },
  });
}

function realServices(campaign: Campaign, sink: SmtpSink): Partial<Services> {
  const { deps, store } = campaign;
  const environments = { environment: 'sample', mailerEnvironment: 'sample' };
  return {
    async authenticate(token) {
      const person = campaign.people[Number(token.replace('token-of-', '')) as 0 | 1 | 2];
      const operator = await store.transact((tx) => tx.operators.read(person.id));
      if (operator === null) throw new Failure('unauthenticated', 'The token is not valid.');
      return { operator, token: 'token_1', scope: ['full'], isFirstOfHour: false };
    },
    showPlan: (plan) => showPlan(deps, plan),
    exportPlan: (plan, by) => exportPlan(store, plan, by),
    draftPlan: (request, onProgress) => draftPlan(deps, { ...request, limits: oneWave }, onProgress),
    async rehearsePlan(plan, to, by) {
      const transport = makeRehearsalTransport({
        smtpUrl: `smtp://127.0.0.1:${sink.port}`,
        isOperatorAddress: (address) => address.endsWith('@chirp.test'),
      });
      const identity = {
        from: { name: 'Chirp', address: 'notices@chirp.test' },
        returnPath: (number: string) => `bounce+${number}@chirp.test`,
        messageId: (of: string, member: { readonly templateKind: string; readonly language: string | null }) =>
          `<${of}.${member.templateKind}.${member.language ?? ''}@chirp.test>`,
        noticeHeaders: [],
        checkUrl: (number: string) => `https://accounts.chirp.test/notice/${number}`,
      };
      try {
        return await rehearsePlan(
          { ...deps, compileMessage, transport, identity, now: () => new Date() },
          plan,
          to,
          by,
        );
      } finally {
        await transport.close();
      }
    },
    approveSubject: (input) => approveSubject({ ...deps, readSubject: makeSubjectReader(deps.policy) }, input),
    startRollout: (plan, total, by) => startRollout({ ...deps, ...environments }, plan, total, by),
    readRolloutStatus: (subject) => readRolloutStatus(deps, subject),
    readEventPlace: (subject) => readEventPlace(deps, subject),
    readRolloutEvents: (subject, after, limit) => readRolloutEvents(deps, subject, after, limit),
    haltRollout: (request) =>
      enterHalt({ store, fence: openFence, publishHalt: () => Promise.resolve(), warn: () => undefined }, request),
    planWithdrawal: (request) => planWithdrawal(deps, request),
    withdrawEvidence: (request) => withdrawEvidence(deps, request),
    sendCorrection: (plan, kind, total, by) => sendCorrection(deps, plan, kind, total, by),
    draftRetraction: (plan, author) => draftRetraction(deps, plan, author),
    showRetraction: (subject) => showRetraction(deps, subject),
    listLedger: (filter) => listEntries({ store }, filter),
    listRetraction: (retraction, page) => listRetraction(deps, retraction, page),
    listPlans: (limit, after = null) => store.transact((tx) => tx.plans.list(limit, after)),
    listOperators: (limit, after) => store.transact((tx) => tx.operators.page(limit, after)),
    listSources: (limit, before) => listSources({ store }, limit, before),
    listBatches: (limit, after) => store.transact((tx) => tx.evidence.listBatches(limit, after)),
    startRetraction: (retraction, by) => startRetraction(deps, retraction, by),
  };
}

function counted(services: Services, calls: Map<string, number>): Services {
  return new Proxy(services, {
    get(target, name) {
      const found: unknown = target[name as keyof Services];
      if (typeof found !== 'function') return found;
      return (...args: unknown[]) => {
        calls.set(String(name), (calls.get(String(name)) ?? 0) + 1);
        return (found as (...given: unknown[]) => unknown)(...args);
      };
    },
  });
}
