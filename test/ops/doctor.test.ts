import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { makeCheckpointFile } from '../../src/adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { ensureSealKey } from '../../src/adapters/seal/seal-key-file.ts';
import { bindingOf } from '../../src/app/action/restore-point-binding.ts';
import { openCheckpointWriter } from '../../src/app/ledger/write-checkpoint.ts';
import type { CheckFinding } from '../../src/app/doctor/finding.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { parseCheckpoint } from '../../src/domain/ledger/checkpoint.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { judgeDisk } from '../../src/main/doctor/check-files.ts';
import { checkpointPath } from '../../src/main/installation.ts';
import { judgeMailer } from '../../src/main/doctor/check-mailer.ts';
import { checkFeedback } from '../../src/app/doctor/check-feedback.ts';
import { checkWorkers } from '../../src/app/doctor/check-workers.ts';
import { judgeDatabase } from '../../src/app/doctor/judge-database.ts';
import { makeDirectoryVerbs } from '../../src/main/directory-verbs.ts';
import { runDoctor } from '../../src/main/doctor/run-doctor.ts';
import { openTestCli } from '../cli/cli-world.ts';
import { startDeafPooler } from './deaf-pooler.ts';

/** A whole installation that runs, with one password sealed; each test breaks one thing and mends it again. */
let world: World;
let client: pg.Client;

beforeAll(async () => {
  world = await openWorld({ keep: 20 });
  client = new pg.Client({ connectionString: world.env['DATABASE_URL'], options: '-c search_path=allclear' });
  await client.connect();
  await sealOne();
}, 120_000);

afterAll(async () => {
  await client.end();
  await world.close();
});

function configWith(settings: Readonly<Record<string, string>> = {}): Config {
  const env = { ...world.env, ALLCLEAR_URL: world.serverUrl, ...settings };
  return loadConfig({ env, flags: {}, cwd: world.folder }).config;
}

async function findings(settings: Readonly<Record<string, string>> = {}): Promise<readonly CheckFinding[]> {
  return runDoctor(configWith(settings));
}

/** What is not in order, but for the disks: those are this machine's own. */
async function troubles(settings: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const found = await findings(settings);
  return found
    .filter((one) => one.verdict !== 'ok' && !one.check.startsWith('disk'))
    .map((one) => `${one.verdict} ${one.check}`);
}

async function sealOne(): Promise<void> {
  const { store, seal, deployment } = world.installation;
  const plan = 'plan_1';
  const key = await seal.newPlanKey(plan);
  await store.transact(async (tx) => {
    await tx.restorePoints.addPlanKey(plan, key);
    const [id] = await tx.restorePoints.reserveIds(1);
    if (id === undefined) throw new Error('no id');
    const account = accountId('somebody');
    const hash = 'an old hash';
    const draft = {
      id,
      directory: 'chirp',
      accountId: account,
      plan,
      keyId: key.keyId,
      sealed: new Uint8Array(),
      hashDigest: digests.sha256(hash),
      marker: seal.marker('chirp', account, id),
    } as const;
    const { sealed } = await seal.seal(plan, key.wrapped, hash, bindingOf(deployment.deploymentId, draft));
    await tx.restorePoints.seal([{ ...draft, sealed }]);
  });
}

test('an installation that runs is found sound in every part, and the unseal proof opened something', async () => {
  const found = await findings();
  expect(found.filter((one) => one.verdict !== 'ok' && !one.check.startsWith('disk'))).toEqual([]);
  const seen = new Map(found.map((one) => [one.check, one.seen]));
  for (const check of [
    'server',
    'mailer',
    'directory',
    'database',
    'database notices',
    'migrations',
    'clock',
    'ledger',
  ])
    expect(seen.has(check), check).toBe(true);
  expect(seen.get('unseal proof')).toBe('rp_1 of plan_1 opens');
  expect(seen.get('directory')).toContain('20 accounts');
  expect(world.mailbox.count()).toBe(0);
});

describe('the database', () => {
  test('behind a pooler that swallows notices is refused: halts of other hosts would be missed', async () => {
    const pooler = await startDeafPooler(world.env['DATABASE_URL'] ?? '');
    try {
      expect(await troubles({ DATABASE_URL: pooler.url })).toEqual(['fail database notices']);
    } finally {
      await pooler.stop();
    }
  });

  test('that is away is said, and everything that needs no database is looked at all the same', async () => {
    const away = 'postgres://ada:nightjar@127.0.0.1:1/allclear';
    const found = await findings({ DATABASE_URL: away });
    expect(found.filter((one) => one.verdict === 'fail').map((one) => one.check)).toEqual(['database']);
    expect(found.map((one) => one.check)).toEqual(expect.arrayContaining(['mailer', 'directory', 'halt file']));
    expect(JSON.stringify(found)).not.toContain('nightjar');
  });

  test('that is too old or read-only is refused', () => {
    const facts = { majorVersion: 14, isReadOnly: true, hearsNotices: true };
    expect(judgeDatabase(facts).map((one) => one.verdict)).toEqual(['fail', 'ok', 'fail']);
  });

  test('of a newer version, or with an edited migration, is refused', async () => {
    await client.query(`INSERT INTO migration (name, digest) VALUES ('9999-later.sql', 'x')`);
    expect(await troubles()).toEqual(['fail migrations']);
    await client.query(`DELETE FROM migration WHERE name = '9999-later.sql'`);
    await client.query(`UPDATE migration SET digest = digest || 'x' WHERE name LIKE '0001%'`);
    expect(await troubles()).toEqual(['fail migrations']);
    await client.query(`UPDATE migration SET digest = left(digest, 64)`);
  });
});

describe('the keys', () => {
  test('that others may read, or that are gone, are refused by name and not made anew', async () => {
    const { sealKeyFile, ledgerKeyFile } = configWith();
    await chmod(sealKeyFile, 0o644);
    expect(await troubles()).toEqual(['fail sealing key']);
    await chmod(sealKeyFile, 0o600);
    await chmod(ledgerKeyFile, 0o640);
    expect(await troubles()).toEqual(['fail ledger key']);
    await chmod(ledgerKeyFile, 0o600);
    const nowhere = join(world.folder, 'nowhere', 'key');
    expect(await troubles({ ALLCLEAR_SEAL_KEY_FILE: nowhere })).toEqual(['fail sealing key']);
    expect(await troubles({ ALLCLEAR_SEAL_KEY_FILE: nowhere })).toEqual(['fail sealing key']);
  });

  test('another sealing key than the one that sealed cannot pass the unseal proof', async () => {
    const other = join(world.folder, 'other', 'seal.key');
    await ensureSealKey(other);
    expect(await troubles({ ALLCLEAR_SEAL_KEY_FILE: other })).toEqual(['fail unseal proof']);
  });

  test('a seal that somebody changed does not pass it either', async () => {
    await client.query(`UPDATE restore_point SET sealed = set_byte(sealed, 20, (get_byte(sealed, 20) + 1) % 256)`);
    expect(await troubles()).toEqual(['fail unseal proof']);
    await client.query(`UPDATE restore_point SET sealed = set_byte(sealed, 20, (get_byte(sealed, 20) + 255) % 256)`);
    expect(await troubles()).toEqual([]);
  });
});

test('a HALT file, and a state folder that is not one, are said', async () => {
  const stateDir = join(world.folder, 'another-state');
  await mkdir(stateDir);
  await writeFile(join(stateDir, 'HALT'), '');
  expect(await troubles({ ALLCLEAR_STATE_DIR: stateDir })).toEqual(['fail halt file']);
  await rm(stateDir, { recursive: true });
  await writeFile(stateDir, 'no folder');
  expect(await troubles({ ALLCLEAR_STATE_DIR: stateDir })).toEqual(['fail halt file']);
});

test('a ledger whose end was cut off, or whose last entry is another, is found without reading all of it', async () => {
  const chain = 'installation';
  const seen = await lastSeenByCheckpoint(chain);
  await client.query(`UPDATE ledger_entry SET hash = reverse(hash) WHERE chain = $1 AND seq = $2`, [chain, seen]);
  expect(await troubles()).toEqual(['fail ledger']);
  await client.query(`UPDATE ledger_entry SET hash = reverse(hash) WHERE chain = $1 AND seq = $2`, [chain, seen]);
  await client.query(`UPDATE ledger_head SET seq = seq + 1 WHERE chain = $1`, [chain]);
  expect(await troubles()).toEqual(['fail ledger']);
  await client.query(`UPDATE ledger_head SET seq = seq - 1 WHERE chain = $1`, [chain]);
  expect(await troubles()).toEqual([]);
});

test('a database that was restored from a backup older than the last checkpoint is found before anybody resumes', async () => {
  const { store, ledgerKey, clock, deployment } = world.installation;
  const log = makeCheckpointFile(checkpointPath(configWith()));
  const chain = 'installation';
  const { rows } = await client.query<{ seq: number; hash: string }>(
    'SELECT seq::int AS seq, hash FROM ledger_head WHERE chain = $1',
    [chain],
  );
  const before = rows[0];
  const kept = await readFile(checkpointPath(configWith()));
  await store.transact((tx) => tx.ledger.append({ chain, event: 'server.started', body: { codeVersion: 'x' } }));
  const writer = { store, log, signer: ledgerKey, digests, clock, deploymentId: deployment.deploymentId };
  await (await openCheckpointWriter(writer)).write();
  await client.query('DELETE FROM ledger_entry WHERE chain = $1 AND seq > $2', [chain, before?.seq]);
  await client.query('UPDATE ledger_head SET seq = $2, hash = $3 WHERE chain = $1', [chain, before?.seq, before?.hash]);
  const found = await findings();
  expect(found.find((one) => one.check === 'ledger')).toMatchObject({ verdict: 'fail' });
  expect(found.find((one) => one.check === 'ledger')?.seen).toContain('and a checkpoint saw');
  await writeFile(checkpointPath(configWith()), kept);
  expect(await troubles()).toEqual([]);
});

test('no worker at all is said', async () => {
  const nobody = await checkWorkers(
    {
      transact: (work) =>
        world.installation.store.transact((tx) =>
          work({ ...tx, operation: { ...tx.operation, workers: async () => [] } }),
        ),
    },
    world.installation.codeVersion,
  );
  expect(nobody.map((one) => `${one.verdict} ${one.check}`)).toEqual(['warn workers', 'ok code version']);
});

async function lastSeenByCheckpoint(chain: string): Promise<number> {
  let last = 0;
  for await (const { text } of makeCheckpointFile(checkpointPath(configWith())).lines()) {
    for (const head of parseCheckpoint(text)?.heads ?? []) if (head.chain === chain) last = head.seq;
  }
  return last;
}

test('workers that may hand over no mail are said, with why, until they do again or are gone', async () => {
  const why = 'the mail server cannot be used until somebody mends it: TLS failed: CERT_HAS_EXPIRED';
  await client.query(
    `INSERT INTO worker (id, host, pid, code_version, mail_hold) VALUES ('worker_held', 'elsewhere', 1, $1, $2)`,
    [world.installation.codeVersion, why],
  );
  expect(await troubles()).toEqual(['fail mail of workers']);
  expect((await findings()).find((one) => one.check === 'mail of workers')?.seen).toContain('CERT_HAS_EXPIRED');
  await client.query(`UPDATE worker SET seen_at = seen_at - interval '1 minute' WHERE id = 'worker_held'`);
  expect(await troubles()).toEqual([]);
  await client.query(`DELETE FROM worker WHERE id = 'worker_held'`);
});

test('a worker that runs other code than the server is said', async () => {
  await client.query(
    `INSERT INTO worker (id, host, pid, code_version) VALUES ('worker_old', 'elsewhere', 1, 'another')`,
  );
  expect(await troubles()).toEqual(['warn code version']);
  await client.query(`DELETE FROM worker WHERE id = 'worker_old'`);
});

test('clocks that are apart are said, with the number of seconds', async () => {
  const found = await runDoctor(configWith(), {
    now: () => new Date(Date.now() + 600_000),
    monotonicMs: () => 0,
  });
  const clock = found.find((one) => one.check === 'clock');
  expect(clock).toMatchObject({ verdict: 'fail' });
  expect(clock?.seen).toMatch(/(600|599)\.\d s apart/);
});

test('a mailer and a directory that are away, and a server that is down, are said', async () => {
  const found = await findings({
    SMTP_URL: 'smtp://127.0.0.1:1',
    ALLCLEAR_URL: 'http://127.0.0.1:1',
    ALLCLEAR_DIRECTORY_URL: 'postgres://ada:nightjar@127.0.0.1:1/x',
  });
  const bad = found.filter((one) => one.verdict !== 'ok' && !one.check.startsWith('disk'));
  expect(bad.map((one) => `${one.verdict} ${one.check}`)).toEqual(['warn server', 'fail mailer', 'fail directory']);
  for (const one of bad) expect(one.mend, one.check).not.toBeNull();
  expect(JSON.stringify(found)).not.toContain('nightjar');
});

test('a mailer without TLS over the network, or that wants a login, is a warning', () => {
  const capabilities = {
    startTls: false,
    pipelining: true,
    eightBitMime: true,
    smtpUtf8: false,
    sizeMaxBytes: null,
    auth: ['PLAIN'],
    dsn: false,
    enhancedStatusCodes: true,
  };
  const open = { kind: 'open', capabilities, hasSignedIn: false } as const;
  expect(judgeMailer({ ...open, tls: 'none' }).verdict).toBe('warn');
  expect(judgeMailer({ ...open, tls: 'starttls' }).verdict).toBe('warn');
  expect(judgeMailer({ ...open, tls: 'starttls', hasSignedIn: true }).verdict).toBe('ok');
  expect(judgeMailer({ ...open, tls: 'none' }).seen).toContain(
    'it offers PIPELINING 8BITMIME ENHANCEDSTATUSCODES, and not SMTPUTF8 SIZE DSN',
  );
});

test('a disk that is nearly full fails before it is', () => {
  expect(judgeDisk('disk', '/x', 50e6, 100e9).verdict).toBe('fail');
  expect(judgeDisk('disk', '/x', 5e9, 100e9).verdict).toBe('warn');
  expect(judgeDisk('disk', '/x', 50e9, 100e9).verdict).toBe('ok');
});

test('the command exits 1 if and only if something fails, and gives scripts one document', async () => {
  const one = (verdict: CheckFinding['verdict']): CheckFinding => ({
    check: 'disk',
    verdict,
    seen: 'nearly full',
    mend: 'Make room.',
  });
  for (const [verdict, exit] of [
    ['warn', 0],
    ['fail', 1],
  ] as const) {
    const cli = await openTestCli({}, { doctor: [one(verdict)] });
    const human = await cli.run('doctor');
    expect([human.exit, human.stdout.includes('Make room.')]).toEqual([exit, true]);
    const json = await cli.run('doctor', '--json');
    expect(JSON.parse(json.stdout)).toEqual({ isHealthy: exit === 0, findings: [one(verdict)] });
    await cli.close();
  }
});

test('a channel for bounces that nobody listens at is a failure, and none at all is said outside the sample', async () => {
  const listening = { ALLCLEAR_FEEDBACK_SMTP_PORT: '2599' };
  expect(await troubles(listening)).toEqual(['fail feedback']);
  await client.query(`INSERT INTO sensor (name, seen_at) VALUES ('feedback', clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`);
  const heard = (await findings(listening)).find((one) => one.check === 'feedback');
  expect(heard).toMatchObject({ verdict: 'ok' });
  expect(heard?.seen).toMatch(/^smtp: heard \d+ s ago$/);
  await client.query(`DELETE FROM sensor WHERE name = 'feedback'`);
  expect(await checkFeedback(world.installation.store, { environment: 'production', channels: [] })).toMatchObject({
    verdict: 'warn',
  });
});

test('what `directory test` found is remembered, and is said with its age', async () => {
  const config = configWith({ ALLCLEAR_DIRECTORY_CANARY: await anyAccount() });
  const before = await findings();
  expect(before.find((one) => one.check === 'canary')?.seen).toContain('was not tested');
  const verbs = makeDirectoryVerbs(() => config);
  const tested = await verbs.testDirectory({ canary: null, password: null, signIn: null });
  expect(tested.whole).toBe(true);
  const after = (await findings()).find((one) => one.check === 'canary');
  expect(after).toMatchObject({ verdict: 'ok', seen: `account ${tested.account} of chirp, today: passed` });
  const none = makeDirectoryVerbs(() => configWith());
  await expect(none.testDirectory({ canary: null, password: null, signIn: null })).rejects.toMatchObject({
    code: 'usage',
  });
});

async function anyAccount(): Promise<string> {
  const person = world.chirp.truth.people.find((one) => one.passwordIndex !== null);
  if (person === undefined) throw new Error('nobody has a password');
  return person.address;
}
