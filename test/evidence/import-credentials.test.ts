import { hashPassword } from 'better-auth/crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';
import { importEvidence } from '../../src/app/evidence/import-evidence.ts';
import { showEvidence } from '../../src/app/evidence/show-evidence.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { streamOf, utf8 } from './support/bytes.ts';
import { EvidenceWorld, migratedPool } from './support/evidence-world.ts';

const postgres = withTestPostgres();
let template: string;
let world: EvidenceWorld;

async function freshWorld(): Promise<EvidenceWorld> {
  world = new EvidenceWorld(await migratedPool(await postgres.cloneDatabase(template)));
  return world;
}

describe('importing a leaked list', () => {
  beforeAll(async () => {
    template = await postgres.freshDatabase();
    await (await migratedPool(template)).end();
  });
  afterEach(() => world.close());

  it('an account is verified exactly when a leaked password works on it, and weak otherwise', async () => {
    const { directory } = await freshWorld();
    directory.addHolder({ id: 'right', address: 'right@x.com', password: 'Leaked1' });
    directory.addHolder({ id: 'wrong', address: 'wrong@x.com', password: 'Other1' });
    directory.addHolder({ id: 'none', address: 'none@x.com', password: null });
    directory.addHolder({ id: 'absent', address: 'absent@x.com', password: 'Leaked1' });
    const outcome = await world.import(
      'wrong@x.com:guess\nRIGHT@x.com:old\nstranger@x.com:Leaked1\nright@x.com:Leaked1\nnone@x.com:some\nrubbish\n',
    );
    expect(outcome).toEqual({ kind: 'imported', batch: 'batch_1', resumedAfterLine: 0 });
    const rows = await world.evidenceRows();
    expect(rows.map((row) => [row.account_id, row.class, row.remark, row.lines_total])).toEqual([
      ['wrong', 'weak', null, 0],
      ['right', 'verified', null, 1],
      ['none', 'weak', 'passwordless', 0],
    ]);
    const report = await showEvidence(world, 'batch_1');
    expect(report.batch).toMatchObject({ state: 'finished', accepted: 5, linesMet: 4, candidates: 3 });
    expect(report.batch.refused).toEqual({ 'no-address': 1 });
    expect(report.facts).toMatchObject({ accounts: 3, verified: 1, weak: 2, verifiedShare: 0.5, passwordless: 1 });
    expect(await world.ledgerEvents()).toEqual([
      'source.created',
      'evidence.import-begun',
      'evidence.recorded',
      'evidence.imported',
    ]);
  });

  it('verifies against real better-auth hashes', async () => {
    const { directory } = await freshWorld();
    const id = directory.addHolder({ address: 'ann@x.com', password: 'unused' });
    const expectedHash = directory.credentialOf(id) as string;
    await directory.quarantine([{ accountId: id, expectedHash, marker: await hashPassword('Sommer2019') }]);
    await importEvidence(
      { ...world.deps, schemes: makePasswordSchemes() },
      {
        stream: streamOf(utf8('ann@x.com:sommer2019\nann@x.com:Sommer2019\n')),
        source: { name: 'a forum', authority: 'outside' },
        class: 'credentials',
        importer: 'operator_1',
        fileName: 'list.txt',
        reportedBy: null,
        anew: false,
      },
      () => undefined,
    );
    expect(await world.evidenceRows()).toMatchObject([{ account_id: id, class: 'verified', lines_total: 1 }]);
  });

  it('an account in quarantine is verified against the hash that its restore point sealed', async () => {
    const { directory } = await freshWorld();
    const held = directory.addHolder({ id: 'held', address: 'held@x.com', password: 'Leaked1' });
    const lost = directory.addHolder({ id: 'lost', address: 'lost@x.com', password: 'Leaked1' });
    world.sealedHashes.set(held, directory.credentialOf(held) as string);
    for (const id of [held, lost]) {
      const marker = world.seal.marker(directory.name, id, 'rp_12');
      await directory.quarantine([{ accountId: id, expectedHash: directory.credentialOf(id) as string, marker }]);
    }
    await world.import('held@x.com:Leaked1\nlost@x.com:Leaked1\n');
    const { rows } = await world.pool.query('SELECT account_id, class, against, remark FROM evidence ORDER BY 1');
    expect(rows).toEqual([
      { account_id: 'held', class: 'verified', against: 'restore-point', remark: null },
      { account_id: 'lost', class: 'weak', against: null, remark: 'no-restore-point' },
    ]);
  });

  it('a hostile list burns at most 20 hashes an account, and a repeated pair only one', async () => {
    const { directory, schemes } = await freshWorld();
    directory.addHolder({ id: 'target', address: 'target@x.com', password: 'the 21st' });
    directory.addHolder({ id: 'common', address: 'common@x.com', password: 'pw7' });
    const guesses = Array.from({ length: 20 }, (_, n) => `target@x.com:pw${n}`);
    const repeats = Array.from({ length: 3_000 }, () => 'common@x.com:pw7');
    await world.import([...guesses, 'target@x.com:the 21st', ...guesses, ...repeats].join('\n'));
    expect(schemes.asked).toHaveLength(21);
    const report = await showEvidence(world, 'batch_1');
    expect(report.batch.refused).toEqual({ 'over-candidate-limit': 1 });
    expect(await world.evidenceRows()).toMatchObject([
      { account_id: 'target', class: 'weak' },
      { account_id: 'common', class: 'verified', lines_total: 3_000 },
    ]);
  });

  it('whose mailbox the list names is remembered, also by a line whose password does not work or is not tried any more', async () => {
    const { directory } = await freshWorld();
    for (const id of ['url', 'column', 'later', 'over', 'plain'])
      directory.addHolder({ id, address: `${id}@x.com`, password: 'Leaked1' });
    const guesses = Array.from({ length: 20 }, (_, n) => `over@x.com:pw${n}`);
    await world.import(
      [
        'https://mail.x.com/:url@x.com:Leaked1',
        'later@x.com:Leaked1',
        ...guesses,
        'https://x.com/login:over@x.com:one too many',
        'https://mail.x.com/:later@x.com:another',
        'https://shop.example/:plain@x.com:Leaked1',
        'url,username,password',
        'https://x.com,column@x.com,Leaked1',
      ].join('\n'),
    );
    const { rows } = await world.pool.query('SELECT account_id, class, names_mailbox FROM evidence ORDER BY 1');
    expect(rows).toEqual([
      { account_id: 'column', class: 'verified', names_mailbox: true },
      { account_id: 'later', class: 'verified', names_mailbox: true },
      { account_id: 'over', class: 'weak', names_mailbox: true },
      { account_id: 'plain', class: 'verified', names_mailbox: false },
      { account_id: 'url', class: 'verified', names_mailbox: true },
    ]);
  });

  it('two accounts with one and the same hash are verified apart', async () => {
    const { directory, schemes } = await freshWorld();
    const first = directory.addHolder({ address: 'a@x.com', password: 'same' });
    const second = directory.addHolder({ address: 'b@x.com', password: 'other' });
    const shared = directory.credentialOf(first) as string;
    const expectedHash = directory.credentialOf(second) as string;
    await directory.quarantine([{ accountId: second, expectedHash, marker: shared }]);
    await world.import('a@x.com:same\nb@x.com:same\n');
    expect(schemes.asked).toHaveLength(2);
    expect((await world.evidenceRows()).map((row) => row.class)).toEqual(['verified', 'verified']);
  });

  it('the cost of hashing is told before the first hash, and hashing never exceeds its pool', async () => {
    const { directory, schemes } = await freshWorld();
    for (let n = 0; n < 12; n += 1) directory.addHolder({ address: `h${n}@x.com`, password: 'x' });
    let hashedWhenTold = -1;
    await importEvidence(
      world.deps,
      {
        stream: streamOf(utf8(Array.from({ length: 12 }, (_, n) => `h${n}@x.com:guess`).join('\n'))),
        source: { name: 's', authority: 'outside' },
        class: 'credentials',
        importer: 'operator_1',
        fileName: '-',
        reportedBy: null,
        anew: false,
      },
      (progress) => {
        if (progress.phase === 'verifying' && hashedWhenTold === -1) {
          hashedWhenTold = schemes.asked.length;
          expect(progress).toMatchObject({ candidates: 12, verified: 0, secondsExpected: 3 });
        }
      },
    );
    expect(hashedWhenTold).toBe(0);
    expect(schemes.mostUnderWay).toBe(2);
  });

  it('a password seen weak first and working later is verified once, with all its lines', async () => {
    const { directory } = await freshWorld();
    directory.addHolder({ id: 'ann', address: 'ann@x.com', password: 'right' });
    const noise = Array.from({ length: 1_200 }, (_, n) => `ann@x.com:right\nstranger${n}@x.com:x`);
    await world.import(['ann@x.com:wrong', ...noise].join('\n'));
    expect(await world.evidenceRows()).toMatchObject([{ account_id: 'ann', class: 'verified', lines_total: 1_200 }]);
    const stored = await world.store.transact((tx) => tx.evidence.findingsOf('batch_1', ['ann' as AccountId]));
    expect(stored).toHaveLength(1);
  });

  it('an empty list is refused and leaves no batch behind', async () => {
    await freshWorld();
    for (const text of ['', '\ufeff']) {
      await expect(world.import(text)).rejects.toMatchObject({ code: 'import-unreadable' });
    }
    await expect(showEvidence(world, 'batch_1')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('a source cannot turn from own into outside', async () => {
    await freshWorld();
    await world.import('a@x.com:b');
    await expect(world.import('c@x.com:d', { source: { name: 'a forum', authority: 'own' } })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
