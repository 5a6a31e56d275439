import { createHash } from 'node:crypto';
import { makeSigningKey } from '../../src/adapters/crypto/signing-key.ts';
import type { KeptAnswer, KeyedRequest } from '../../src/app/ports/request-key-store.ts';
import type { RequestKeys } from '../../src/app/request/request-keys.ts';
import type { Operator } from '../../src/domain/approval/operator.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import type { HttpLog } from '../../src/http/api-env.ts';
import type { Services } from '../../src/http/services.ts';

export const operatorToken = `act_${'0'.repeat(64)}`;
export const serviceToken = 'service-token-of-the-test';

export const ada: Operator = {
  operatorId: 'operator_1',
  name: 'Ada',
  email: 'ada@ops.example',
  publicKey: makeSigningKey().publicKey,
  passkeys: [],
  role: 'operator',
  state: 'active',
  activeFrom: new Date('2026-01-01T00:00:00Z'),
  addedBy: null,
};

const deployment = {
  deployment: 'dep_0123456789abcdef',
  environment: 'sample',
  directory: 'chirp',
  codeVersion: 'test',
  serviceName: 'Chirp',
};

/** Services of which only the given ones answer; any other call fails the request with `internal`. */
export function fakeServices(given: Partial<Services> = {}): Services {
  const known: Partial<Services> = {
    deployment,
    holderPages: { recoveryUrl: null, supportContact: 'help@chirp.test', publicUrl: 'https://account.chirp.test' },
    oidc: null,
    consoleOrigin: 'http://localhost:8470',
    recovery: null,
    pageReadiness: async () => 'ready',
    ready: async () => undefined,
    requireStanding: async () => undefined,
    authenticate: async (token) => {
      if (token !== operatorToken) throw new Failure('unauthenticated', 'The token is not valid.');
      return { operator: ada, token: 'token_1', scope: ['full'], isFirstOfHour: false };
    },
    authenticateToHalt: (token) => services.authenticate(token),
    requestKeys: rememberedKeys(),
    isServiceToken: (token) => token === serviceToken,
    ...given,
  };
  const services: Services = new Proxy(known as Services, {
    get(target, name) {
      if (Object.hasOwn(target, name)) return target[name as keyof Services];
      return () => {
        throw new Error(`the test gave no ${String(name)}`);
      };
    },
  });
  return services;
}

/** As the real ones, in memory; nothing is ever lost. */
function rememberedKeys(): RequestKeys {
  const kept = new Map<string, { readonly fingerprint: string; answer: KeptAnswer | null }>();
  const nameOf = ({ caller, key }: KeyedRequest): string => `${caller} ${key}`;
  return {
    startMac() {
      const hash = createHash('sha256');
      return { update: (piece) => void hash.update(piece), hex: () => hash.digest('hex') };
    },
    async claim(request) {
      const found = kept.get(nameOf(request));
      if (found === undefined) kept.set(nameOf(request), { fingerprint: request.fingerprint, answer: null });
      if (found === undefined) return { kind: 'new' };
      if (found.fingerprint !== request.fingerprint) return { kind: 'other' };
      return found.answer === null ? { kind: 'running' } : { kind: 'answered', answer: found.answer };
    },
    async keep(request, answer) {
      kept.set(nameOf(request), { fingerprint: request.fingerprint, answer });
    },
    async free(request) {
      kept.delete(nameOf(request));
    },
    beat: async () => undefined,
  };
}

export interface LoggedLine {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

export function rememberingLog(): HttpLog & { readonly lines: readonly LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}

export const authorization = { authorization: `Bearer ${operatorToken}` };
