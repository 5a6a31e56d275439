import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { SigningKey } from '../../src/adapters/crypto/signing-key.ts';
import { makePasskeys } from '../../src/adapters/passkey/passkeys.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import { exportApprovals } from '../../src/app/approval/export-approvals.ts';
import { offerStatement } from '../../src/app/approval/offer-statement.ts';
import type { SubjectFacts } from '../../src/app/approval/record-approval.ts';
import { addOperator } from '../../src/app/operator/add-operator.ts';
import { decideOperator } from '../../src/app/operator/decide-operator.ts';
import { makeHaltAuthenticator } from '../../src/app/operator/authenticate-to-halt.ts';
import { authenticateToken } from '../../src/app/operator/authenticate-token.ts';
import type { IdentityProvider } from '../../src/app/ports/identity-provider.ts';
import type { RolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { Operator } from '../../src/domain/approval/operator.ts';
import type { HaltRequest } from '../../src/domain/rollout/halt-request.ts';
import type { OperatorId } from '../../src/domain/shared/ids.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { makeConsoleServices } from '../../src/main/console-services.ts';
import { fakeServices, rememberingLog } from '../http/fake-services.ts';
import { makeLedgerWorld, migratedDatabase } from '../support/ledger-world.ts';
import type { LedgerWorld } from '../support/ledger-world.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import type { Ceremony, CreationOptions, RequestOptions } from '../support/software-authenticator.ts';

export const origin = 'http://localhost:8470';
export const atOurs: Ceremony = { origin };

export interface Person {
  readonly operator: Operator;
  readonly key: SigningKey;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, never>;
}

/** The console's routes over a real database, two operators, and browsers that are a few lines each. */
export interface ConsoleWorld {
  readonly world: LedgerWorld;
  readonly people: readonly [Person, Person];
  /** Of the plan that people say yes to; a test may change it. */
  readonly facts: { -readonly [Key in keyof SubjectFacts]: SubjectFacts[Key] };
  /** Lets the server's own time go by; the database's does not. */
  skip(ms: number): void;
  /** What was asked to halt. */
  readonly halts: readonly HaltRequest[];
  /** What a real server answers with. */
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
  /** A request as a form makes it, with the answer as text. */
  send(path: string, init?: RequestInit): Promise<Response>;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** As the console's own page sends it. */
  callSignedIn(cookie: string, method: string, path: string, body?: unknown): Promise<Answer>;
  linkFor(person: Person): Promise<string>;
  enrol(person: Person, authenticator: SoftwareAuthenticator): Promise<Answer>;
  /** The value of the Cookie header. */
  signIn(authenticator: SoftwareAuthenticator): Promise<string>;
  answerSignIn(authenticator: SoftwareAuthenticator, at?: Ceremony): Promise<Answer>;
}

export const ownPage = { 'sec-fetch-site': 'same-origin', 'x-allclear-console': '1' };

export interface ConsoleChanges {
  /** Nobody is there yet; else two people with a key each. */
  readonly people?: 0;
  readonly environment?: string;
  readonly identityProvider?: IdentityProvider;
  readonly publicUrl?: string;
}

export function withConsole(changes: ConsoleChanges = {}): () => ConsoleWorld {
  const postgres = withTestPostgres();
  let made: ConsoleWorld | undefined;

  beforeAll(async () => {
    const world = await makeLedgerWorld(await migratedDatabase(await postgres.freshDatabase()));
    const { store, deploymentId } = world;
    let skippedMs = 0;
    const clock = { monotonicMs: () => performance.now() + skippedMs };
    const halters = makeHaltAuthenticator({ store, digests, clock, inTime: async (work) => work });
    const publicUrl = changes.publicUrl ?? 'http://127.0.0.1:8470';
    const passkeys = makePasskeys({
      publicUrl,
      rpName: 'Allclear of Chirp',
      challengeKey: randomBytes(32),
      signatures,
    });
    const facts: ConsoleWorld['facts'] = {
      digest: digests.sha256('the plan'),
      total: 12,
      directory: 'chirp',
      decisions: ['approve'],
      author: null,
    };
    const deciding = {
      store,
      passkeys,
      digests,
      signatures,
      deploymentId,
      directory: 'chirp',
      hasAnyRollout: async () => false,
      readSubject: async () => facts,
    };
    const halts: HaltRequest[] = [];
    const given: Partial<Services> = {
      offerStatement: (asked) => offerStatement(deciding, asked),
      exportApprovals: (subject) => exportApprovals({ store }, subject),
      approveSubject: (input) => approveSubject(deciding, input),
      proposeOperator: (input) => addOperator({ store, digests, hasAnyPlan: async () => true }, input),
      decideOperator: (input) => decideOperator(deciding, input),
      authenticateToHalt: (token) => halters.authenticate(token),
      async haltRollout(request) {
        halts.push(request);
        const rollouts = [{ subject: 'plan_7', halted: ['tell'], inFlight: 3, handedOver: 41 }] as const;
        return { rollouts, alreadyHalted: false, entered: true };
      },
      readRolloutStatus: async () => ({ containedUntold: { count: 17 } }) as unknown as RolloutStatus,
      showPlan: async () => {
        throw new Error('no tag was sent');
      },
      authenticate: (token) => authenticateToken({ store, digests }, token),
      ...makeConsoleServices({
        store,
        deploymentId,
        environment: changes.environment ?? 'production',
        publicUrl,
        passkeys,
        identityProvider: changes.identityProvider ?? null,
        limits: { sessionHours: 12, sessionIdleMinutes: 30 },
        halters,
        clock,
      }),
    };
    const app = makeHttpApp(fakeServices(given), { log: rememberingLog() });
    let calls = 0;
    const call: ConsoleWorld['call'] = async (method, path, body, headers = {}) => {
      calls += 1;
      const init = {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const remoteAddress = `192.0.${calls >> 8}.${calls & 255}`;
      const answer = await app.request(path, init, { incoming: { socket: { remoteAddress, remotePort: 1 } } });
      const text = await answer.text();
      const parsed = text.startsWith('{') ? (JSON.parse(text) as Record<string, never>) : {};
      return { status: answer.status, headers: answer.headers, body: parsed };
    };
    const person = async (name: string): Promise<Person> => {
      const key = makeSigningKey();
      const { operator, token } = await addOperator(
        { store, digests, hasAnyPlan: async () => false },
        { name, email: `${name}@ops.example`, publicKey: key.publicKey, role: 'operator', by: 'local' },
      );
      return { operator, key, token: token?.token ?? '' };
    };
    // Who asks for nobody looks at nobody.
    const people = (changes.people === 0 ? [] : [await person('ada'), await person('bo')]) as unknown as readonly [
      Person,
      Person,
    ];
    const linkFor: ConsoleWorld['linkFor'] = async ({ operator, key }) => {
      const text = linkRequest(deploymentId, operator.operatorId);
      const { body } = await call('POST', '/api/v1/passkeys/links', { request: text, signature: key.sign(text) });
      return body['code'] as unknown as string;
    };
    const answerSignIn: ConsoleWorld['answerSignIn'] = async (authenticator, at = atOurs) => {
      const { body } = await call('POST', '/api/v1/sessions/options', {});
      const asked = body as unknown as { challengeId: string; publicKey: RequestOptions };
      const assertion = authenticator.get(asked.publicKey, at);
      return call('POST', '/api/v1/sessions', { challengeId: asked.challengeId, assertion });
    };
    made = {
      world,
      people,
      facts,
      halts,
      skip: (ms) => (skippedMs += ms),
      fetch: (request, env) => app.fetch(request, env),
      send: async (path, init) => app.request(path, init),
      call,
      callSignedIn: (cookie, method, path, body) => call(method, path, body, { ...ownPage, cookie }),
      linkFor,
      async enrol(whose, authenticator) {
        const code = await linkFor(whose);
        const { body } = await call('POST', '/api/v1/passkeys/options', { code });
        const { publicKey } = body as unknown as { publicKey: CreationOptions };
        const attestation = authenticator.create(publicKey, atOurs);
        return call('POST', '/api/v1/passkeys', { code, name: 'phone', attestation });
      },
      answerSignIn,
      signIn: async (authenticator) => cookieOf(await answerSignIn(authenticator)),
    };
  });

  afterAll(() => made?.world.close());

  return () => {
    if (made === undefined) throw new Error('the console is there from beforeAll on');
    return made;
  };
}

export function cookieOf({ headers, body }: Answer): string {
  const [pair] = (headers.get('set-cookie') ?? '').split(';');
  if (pair === undefined || pair === '') throw new Error(`nobody was signed in: ${JSON.stringify(body)}`);
  return pair;
}

export function linkRequest(deployment: string, operator: OperatorId, aheadMs = 60_000): string {
  return digests.canonical({
    deployment,
    operator,
    purpose: 'passkey',
    nonce: digests.randomHex(16),
    expiry: new Date(Date.now() + aheadMs).toISOString(),
  });
}
