import { beforeAll, describe, expect, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import { makeAddressKeys } from '../../src/adapters/feedback/address-key.ts';
import { recordFeedback } from '../../src/app/notice/record-feedback.ts';
import { removeSuppression } from '../../src/app/notice/remove-suppression.ts';
import { previewCorrection, sendCorrection } from '../../src/app/notice/send-correction.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { BounceClass } from '../../src/domain/notice/bounce-class.ts';
import type { AccountId, NoticeNumber } from '../../src/domain/shared/ids.ts';
import { noticeNumberOf } from '../../src/domain/notice/notice-number.ts';
import type { SuppressionList, SuppressionPlace } from '../../src/app/ports/feedback-store.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { makeMailIdentity } from '../../src/main/mail-identity.ts';
import { aSink, aTransport, patientLimits } from '../mail/fixture.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { oldPassword, withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import type { SinkOptions, SmtpSink } from '../support/smtp-sink.ts';
import { noRates } from '../support/no-rates.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const addressKey = makeAddressKeys(Buffer.alloc(32, 4));
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

interface Told {
  readonly plan: FrozenPlan;
  readonly rolloutNo: number;
  readonly sink: SmtpSink;
  work(): Promise<void>;
}

/** A plan over these accounts, told through a mail server of its own. */
async function told(accounts: readonly AccountId[], sinkOptions: SinkOptions = {}): Promise<Told> {
  const { plan, rolloutNo } = await world.startedPlan(accounts, {
    order: 'contain-first',
    containWaveSizes: [1_000],
    tellWaveSizes: [1_000],
    tellSoakSeconds: [3_600],
    smallPermitSize: 100,
  });
  const sink = await aSink(sinkOptions);
  const sendPermit = makePermitSender({
    store: world.store,
    directory: world.directory,
    transport: aTransport(sink, { connections: 2, limits: patientLimits }),
    templates: world.templates,
    compileMessage,
    inspectMail,
    mailPauses: makeMailPauses({ monotonicMs: () => 0 }),
    mailRates: noRates,
    noticeNumbers: world.noticeNumbers,
    dotLog: world.dotLog,
    identity: makeMailIdentity({
      mailFrom: 'Chirp <notices@chirp.test>',
      publicUrl: 'https://accounts.chirp.test',
      deployment: world.deploymentId,
      keys: world.keys,
      returnPathDomain: null,
    }),
    addressKey,
    now: () => new Date(),
  });
  const work = () => world.work(rolloutNo, { sendPermit });
  await work();
  return { plan, rolloutNo, sink, work };
}

/** As if they had recovered: with a password of their own again, and this one is in the next list. */
function recover(account: AccountId): void {
  world.directory.resetByMail(account, oldPassword);
}

async function countsOf(plan: FrozenPlan): Promise<Readonly<Record<string, number>>> {
  const status = await readRolloutStatus(world, plan.id);
  return status.tracks.find((track) => track.track === 'tell')?.counts ?? {};
}

async function bounce(account: AccountId, plan: FrozenPlan, bounceClass: BounceClass, status: string): Promise<void> {
  await recordFeedback(
    { store: world.store, addressKey },
    {
      number: world.noticeNumbers(plan.id, account, 'notice') as NoticeNumber,
      kind: 'bounced',
      class: bounceClass,
      status,
      source: 'report',
      providerId: null,
      at: null,
    },
  );
}

describe('an address that turned out to reach nobody', () => {
  test('gets no ordinary notice of a later plan; its owner is contained and untold, and not forgotten', async () => {
    const [dead, alive] = world.addHolders(2) as [AccountId, AccountId];
    const first = await told([dead, alive]);
    await bounce(dead, first.plan, 'address', '5.1.1');
    for (const account of [dead, alive]) recover(account);
    const second = await told([dead, alive]);
    expect(await countsOf(second.plan)).toEqual({ suppressed: 1, accepted: 1 });
    expect(second.sink.taken).toHaveLength(1);
    const status = await readRolloutStatus(world, second.plan.id);
    expect(status.containedUntold?.count).toBe(1);
    // The late letter is ordinary too: it does not silence the count by going to an address that reaches nobody.
    await world.halt(second.plan.id);
    await sendCorrection(world, second.plan.id, 'late', 1, world.author.id);
    await second.work();
    expect(second.sink.taken).toHaveLength(1);
    expect((await readRolloutStatus(world, second.plan.id)).containedUntold?.count).toBe(1);
  });

  test('still gets a correction: whoever was told wrongly is told of it wherever that may work', async () => {
    const [account] = world.addHolders(1) as [AccountId];
    const first = await told([account]);
    recover(account);
    // Another plan's mail to the same address came back, after this one's was accepted.
    const second = await told([account]);
    await bounce(account, second.plan, 'address', '5.1.1');
    await world.halt(first.plan.id);
    expect(await previewCorrection(world, first.plan.id, 'holding')).toMatchObject({ recipients: 1 });
    await sendCorrection(world, first.plan.id, 'holding', 1, world.author.id);
    await first.work();
    expect(first.sink.taken).toHaveLength(2);
  });

  test('is known at once from a refusal in the dialogue, and not from one for what we are or send', async () => {
    const [gone, blocked, full] = world.addHolders(3) as [AccountId, AccountId, AccountId];
    const refusals = { [gone]: '550 5.1.1 no such user', [blocked]: '550 5.7.1 blocked', [full]: '552 5.2.2 full' };
    for (const [account, say] of Object.entries(refusals)) {
      const { plan } = await told([account as AccountId], { rules: [{ at: 'rcpt', say: `${say}\r\n` }] });
      // Tried as often as a mail that is put off, and then listed as untold: no verdict on the person.
      expect(await countsOf(plan)).toEqual(account === blocked ? { withheld: 1 } : { refused: 1 });
      recover(account as AccountId);
    }
    const later = await told([gone, blocked, full]);
    expect(await countsOf(later.plan)).toEqual({ suppressed: 1, accepted: 2 });
  });

  test('is on exactly one page of the list, also where others that failed in the same instant are let go between two pages', async () => {
    await world.pool.query('DELETE FROM suppression');
    const numbers = Array.from({ length: 7 }, (_, at) => noticeNumberOf(new Uint8Array(10).fill(at * 31 + 7)));
    // All in one instant but the last, as a batch of returned mails is.
    for (const [index, number] of numbers.entries())
      await world.pool.query(
        `INSERT INTO suppression (address_key, reason, notice_number, suppressed_at)
         VALUES ($1, 'bounced', $2, '2026-01-01T00:00:00.123456Z'::timestamptz + $3 * interval '1 microsecond')`,
        [`key-${index}`, number, index === 6 ? 1 : 0],
      );
    const seen: string[] = [];
    let after: SuppressionPlace | null = null;
    for (let page = 0; page < 10; page += 1) {
      const read: SuppressionList = await world.store.transact((tx) => tx.feedback.suppressions(2, null, after));
      seen.push(...read.suppressions.map((one) => one.noticeNumber));
      if (page === 0) await removeSuppression(world, seen[1] ?? '', world.author.id);
      if (read.next === null) break;
      after = read.next;
    }
    expect(seen[0]).toBe(numbers[6]);
    expect(seen.toSorted()).toEqual(numbers.toSorted());
  });

  test('gets notices again once a person says so, and not without', async () => {
    const [account] = world.addHolders(1) as [AccountId];
    const first = await told([account]);
    await bounce(account, first.plan, 'address', '5.1.1');
    const notice = world.noticeNumbers(first.plan.id, account, 'notice');
    const list = () => world.store.transact((tx) => tx.feedback.suppressions(10));
    expect((await list()).suppressions[0]).toMatchObject({ noticeNumber: notice, reason: 'bounced', status: '5.1.1' });
    await expect(removeSuppression(world, '0000-0000-0000-0000-0', world.author.id)).rejects.toMatchObject({
      code: 'not-found',
    });
    await removeSuppression(world, notice.toLowerCase(), world.author.id);
    await expect(removeSuppression(world, notice, world.author.id)).rejects.toMatchObject({ code: 'not-found' });
    recover(account);
    expect(await countsOf((await told([account])).plan)).toEqual({ accepted: 1 });
  });
});

test('the list of such addresses holds no address, and the ledger is whole with all of it', async () => {
  const { rows } = await world.pool.query<{ row: string }>('SELECT s::text AS row FROM suppression s');
  expect(rows.length).toBeGreaterThan(0);
  for (const { row } of rows) expect(row).not.toContain('@');
  expect(await world.verifyLedger()).toMatchObject({ whole: true, findings: [] });
  // What was heard later is under the ledger's guard too.
  const after = async (change: string): Promise<readonly string[]> => {
    await world.pool.query(change);
    return (await world.verifyLedger()).findings.map((finding) => finding.kind);
  };
  expect(await after('UPDATE resolved_outcome SET state = 3 WHERE state = 6')).toContain('edited');
  expect(await after('DELETE FROM resolved_outcome')).toContain('dropped');
  expect(
    await after(
      `INSERT INTO resolved_outcome SELECT rollout_no, 'contain', 0, 6 FROM track WHERE track = 'contain' LIMIT 1`,
    ),
  ).toContain('edited');
});
