import { rm } from 'node:fs/promises';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey } from '../../src/adapters/crypto/signing-key.ts';
import type { CheckFinding } from '../../src/app/doctor/finding.ts';
import type { HaltResult } from '../../src/app/rollout/halt-rollout.ts';
import type { HaltRequest } from '../../src/domain/rollout/halt-request.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { LocalVerbs } from '../../src/cli/local-verbs.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { CliWorld } from '../../src/cli/session.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { fakeServices, operatorToken, rememberingLog } from '../http/fake-services.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

export const adasKey = makeSigningKey();
const now = new Date('2026-11-23T12:00:00Z');

export interface CliRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestCli {
  readonly home: string;
  readonly halts: readonly Omit<HaltRequest, 'by'>[];
  run(...argv: readonly string[]): Promise<CliRun>;
  close(): Promise<void>;
}

/** The command line in this process, its requests answered by the real routes over the given services. */
export async function openTestCli(
  services: Partial<Services>,
  changes: Partial<Pick<CliWorld, 'fetch' | 'stdin'>> & {
    readonly token?: string | null;
    readonly doctor?: readonly CheckFinding[];
    /** Whether the commands run on a machine with a fence; not by default. */
    readonly canHaltDirect?: boolean;
    readonly backupPassphrase?: string;
    readonly removeKey?: LocalVerbs['signing']['removeKey'];
    readonly local?: Partial<LocalVerbs>;
  } = {},
): Promise<TestCli> {
  const app = makeHttpApp(fakeServices(services), { log: rememberingLog() });
  const home = makeTempFolder('cli');
  const halts: Omit<HaltRequest, 'by'>[] = [];
  const local: LocalVerbs = {
    signing: {
      digests,
      isEncrypted: async () => false,
      openKey: async () => adasKey,
      makeKey: async () => ({ publicKey: adasKey.publicKey }),
      removeKey: changes.removeKey ?? (async () => undefined),
    },
    openInit: async () => {
      throw new Error('the test gave no init');
    },
    showConfig: () => [],
    runDoctor: async () => changes.doctor ?? [],
    addFirstOperator: async () => ({
      operatorId: 'operator_1',
      token: operatorToken,
      expiresAt: now,
      link: { code: '0000-0000-0000-0000-0000-0000-0000', expiresAt: now, consoleOrigin: null },
    }),
    canHaltDirect: () => changes.canHaltDirect ?? false,
    haltDirect: async (request): Promise<HaltResult> => {
      halts.push(request);
      return { rollouts: [], alreadyHalted: true, entered: true };
    },
    proposeDirectory: async () => ({
      mapping: {},
      reasons: {},
      doubts: ['look at \u001b[2Jthis'],
      accounts: 3,
      capPerHour: 200,
      yaml: 'version: 1\n',
      sql: 'BEGIN;\nCOMMIT;\n',
    }),
    testDirectory: async ({ canary }) => {
      if (canary === null) throw new Failure('usage', 'Name an account that belongs to nobody.');
      return {
        directory: 'shop',
        environment: 'test',
        account: accountId(canary),
        capabilities: {
          quarantine: true,
          restore: true,
          compareAndSet: true,
          endSessions: true,
          suspend: false,
          countsSessions: true,
          sessionsLiveMinutes: null,
          lastSignIn: true,
          addressComparison: 'exact',
          collateral: ['A cookie lives on.'],
        },
        checks: [{ name: 'it holds', result: canary === 'broken' ? 'failed' : 'passed', detail: null }],
        whole: canary !== 'broken',
        notes: [],
      };
    },
    makeMailKeys: () =>
      Promise.resolve({
        domain: 'chirp.example',
        made: ['/keys/dkim-rsa.pem'],
        records: [
          {
            name: 'r._domainkey.chirp.example',
            value: 'v=DKIM1; p=AA',
            zoneLine: 'r._domainkey.chirp.example. IN TXT "v=DKIM1; p=AA"',
          },
        ],
      }),
    exportBackup: () => Promise.reject(new Error('the test gave no exportBackup')),
    checkBackup: () => Promise.reject(new Error('the test gave no checkBackup')),
    importBackup: () => Promise.reject(new Error('the test gave no importBackup')),
    migrate: () => Promise.reject(new Error('the test gave no migrate')),
    previewLoss: () => Promise.reject(new Error('the test gave no previewLoss')),
    acceptLoss: () => Promise.reject(new Error('the test gave no acceptLoss')),
    runDemo: async (_scenario, tell) => {
      tell('it begins');
      return { told: 1, wrong: 0 };
    },
  };
  async function* nothing(): AsyncIterable<Uint8Array> {}
  return {
    home,
    halts,
    async run(...argv) {
      let stdout = '';
      let stderr = '';
      const exit = await runCli(argv, {
        stdin: Object.assign(nothing(), { isTTY: false }),
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: (text) => (stderr += text) },
        now: () => now,
        version: '0.1.0',
        fetch: async (input, init) => app.request(String(input), init),
        readSettings: () => ({
          url: 'http://127.0.0.1:8470',
          token: changes.token === undefined ? operatorToken : changes.token,
          home,
          keyPassphrase: null,
          backupPassphrase: changes.backupPassphrase ?? null,
        }),
        ...changes,
        local: { ...local, ...changes.local },
      });
      return { exit, stdout, stderr };
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
