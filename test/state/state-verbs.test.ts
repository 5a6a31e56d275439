import { afterEach, expect, test } from 'vitest';
import type { BackupReport } from '../../src/cli/local-verbs.ts';
import { digestWords } from '../../src/domain/approval/digest-words.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { lossRecord } from '../../src/app/ledger/loss-record.ts';
import type { ShownLoss } from '../../src/app/ledger/show-loss.ts';
import type { LossPreview } from '../../src/app/ledger/preview-loss.ts';
import { openTestCli } from '../cli/cli-world.ts';
import { fakeServices } from '../http/fake-services.ts';
import type { TestCli } from '../cli/cli-world.ts';

const loss: LossPreview = {
  behind: { kind: 'lost', reason: 'it ends early', foundOn: 'host_1', foundAt: new Date('2026-11-20T08:00:00Z') },
  chains: [{ chain: 'rollout:1', agreedSeq: 33, seenThrough: 53, seenBy: 'journal' }],
  tracks: [{ subject: 'plan_1', track: 'tell', people: 50 }],
  people: 50,
  lostLetters: [],
  lostStarts: [],
  doubts: ['the permit journal of host_2 is not here'],
  lastCheckpointAt: null,
};
const report: BackupReport = {
  file: '/backup/a.acb',
  bytes: 1_000,
  deployment: 'dep_0123456789abcdef',
  environment: 'staging',
  takenAt: '2026-11-20T08:00:00.000Z',
  tables: [{ name: 'plan', rows: 3 }],
  rows: 3,
  newestMigration: '0035-suspension.sql',
  hasKeys: false,
  sealedUnder: [],
  keysApart: [{ file: '/keys/seal.key', fingerprint: 'f', without: 'no quarantined password can be given back' }],
};

let cli: TestCli | undefined;
let accepted: unknown[] = [];
afterEach(async () => {
  await cli?.close();
  accepted = [];
});

async function open(): Promise<TestCli> {
  cli = await openTestCli(
    {},
    {
      local: {
        previewLoss: async () => loss,
        acceptLoss: async (...given) => {
          accepted.push(given);
          return { kind: 'accepted', loss };
        },
        exportBackup: async () => report,
        checkBackup: async () => report,
      },
    },
  );
  return cli;
}

test('looking at a loss changes nothing, names what is doubtful, and ends with 3', async () => {
  const { exit, stdout, stderr } = await (await open()).run('ledger', 'accept-restored');
  expect(exit).toBe(3);
  expect(stdout).toContain('host_2 is not here');
  expect(stdout).toContain('--everyone');
  expect(stderr).toContain('--yes --total 50');
  expect(accepted).toEqual([]);
});

test('a loss is accepted with the number that was read, and with no other', async () => {
  const world = await open();
  expect((await world.run('ledger', 'accept-restored', '--yes', '--total', '49')).exit).toBe(3);
  expect(accepted).toEqual([]);
  const words = ['--vouch', 'the second host was off since May'];
  expect((await world.run('ledger', 'accept-restored', ...words, '--yes', '--total', '50')).exit).toBe(0);
  expect(accepted).toEqual([[{ isEveryone: false, vouched: words[1], journals: [] }, 50]]);
});

test('a loss that nobody signed yet is not said to be accepted: it says who signs what, and ends with 3', async () => {
  const digest = 'd'.repeat(64);
  const asked = { kind: 'waiting', loss: 'loss_1', digest, total: 50, have: 1, required: 2 } as const;
  cli = await openTestCli({}, { local: { previewLoss: async () => loss, acceptLoss: async () => asked } });
  const { exit, stdout, stderr } = await cli.run('ledger', 'accept-restored', '--everyone', '--yes', '--total', '50');
  expect([exit, stdout]).toEqual([3, expect.stringContaining('1 of 2')]);
  expect(stdout).not.toContain('Accepted');
  expect(stderr).toContain(`allclear ledger approve-restored --digest ${digest}`);
});

/** A server with a loss that waits, and what was signed about it. */
async function openWithLoss(change: Partial<ShownLoss>): Promise<readonly unknown[]> {
  const { deployment, directory } = fakeServices().deployment;
  const terms = { deployment, directory, isEveryone: true, vouched: null, hosts: ['host_1'] };
  const record = digests.canonical(lossRecord(loss, terms));
  const digest = digests.sha256(record);
  const words = { digestWords: digestWords(digest), given: [] };
  const shown = { loss: 'loss_1', record, digest, ...words, total: 50, have: 1, required: 2 } as const;
  const given: unknown[] = [];
  const at = new Date('2026-11-20T09:00:00Z');
  cli = await openTestCli({
    showLoss: async () => ({ ...shown, proposedAt: at, ...change }),
    approveSubject: async ({ subject, statement }) => {
      given.push({ subject, ...(JSON.parse(statement) as object) });
      return { kind: 'approved', decision: 'accept-loss', expiresAt: at };
    },
  });
  return given;
}
const sign = ['ledger', 'approve-restored', '--key', 'ada.key', '--yes', '--total', '50'] as const;

test('whoever signs a loss reads all of it first, and signs the digest that was computed here', async () => {
  const given = await openWithLoss({});
  const look = await cli?.run('ledger', 'approve-restored');
  expect(look).toMatchObject({ exit: 3, stdout: expect.stringContaining('host_2 is not here') });
  const digest = /digest, computed here +([0-9a-f]{64})/.exec(look?.stdout ?? '')?.[1] ?? '';
  expect((await cli?.run(...sign, '--digest', 'e'.repeat(64)))?.exit).toBe(3);
  expect(given).toEqual([]);
  expect((await cli?.run(...sign, '--digest', digest))?.exit).toBe(0);
  expect(given).toEqual([expect.objectContaining({ subject: 'loss_1', decision: 'accept-loss', digest, total: 50 })]);
});

test('a server that shows one loss and names the digest of another gets no signature', async () => {
  const digest = 'e'.repeat(64);
  const given = await openWithLoss({ digest });
  expect((await cli?.run(...sign, '--digest', digest))?.exit).toBe(3);
  expect(given).toEqual([]);
});

test('a word that says nothing is not taken for one', async () => {
  const { exit } = await (await open()).run('ledger', 'accept-restored', '--vouch', 'ok', '--yes', '--total', '50');
  expect([exit, accepted]).toEqual([2, []]);
});

test('a backup needs a passphrase, a long one, and says which keys to keep apart from it', async () => {
  const world = await open();
  const without = await world.run('export', '/backup/a.acb');
  expect([without.exit, without.stderr]).toEqual([1, expect.stringContaining('ALLCLEAR_BACKUP_PASSPHRASE_FILE')]);
  await world.close();
  cli = await openTestCli({}, { backupPassphrase: 'short', local: { exportBackup: async () => report } });
  expect((await cli.run('export', '/backup/a.acb')).exit).toBe(2);
  await cli.close();
  cli = await openTestCli(
    {},
    { backupPassphrase: 'seven herons in a row', local: { exportBackup: async () => report } },
  );
  const { exit, stdout } = await cli.run('export', '/backup/a.acb');
  expect(exit).toBe(0);
  expect(stdout).toContain('Keep apart from it: /keys/seal.key');
  const json = await cli.run('export', '/backup/a.acb', '--json');
  expect(JSON.parse(json.stdout)).toEqual(report);
});
