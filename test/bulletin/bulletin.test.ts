import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey } from '../../src/adapters/crypto/signing-key.ts';
import { gatherBulletins } from '../../src/app/bulletin/gather-bulletins.ts';
import { pauseRollout } from '../../src/app/rollout/pause-rollout.ts';
import { notePolicy } from '../../src/app/deployment/note-policy.ts';
import { showPolicy } from '../../src/app/deployment/show-policy.ts';
import { checkOperatorMail } from '../../src/app/doctor/check-operator-mail.ts';
import { addOperator } from '../../src/app/operator/add-operator.ts';
import type { OperatorId } from '../../src/domain/shared/ids.ts';
import { makeBulletins } from '../../src/main/bulletins.ts';
import { systemClock } from '../../src/main/installation.ts';
import { Campaign } from '../support/campaign.ts';
import { migratedDatabase } from '../support/ledger-world.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SinkOptions, SmtpSink } from '../support/smtp-sink.ts';

const postgres = withTestPostgres();
let template: string;
let campaign: Campaign;
const sinks: SmtpSink[] = [];

beforeAll(async () => {
  template = await migratedDatabase(await postgres.freshDatabase());
});

beforeEach(async () => {
  campaign = await Campaign.begin(await postgres.cloneDatabase(template));
});

afterEach(() => campaign.end());

afterAll(async () => {
  for (const sink of sinks) await sink.close();
});

async function open(options: SinkOptions = {}, operatorMail: 'on' | 'off' = 'on') {
  const sink = await openSmtpSink(options);
  sinks.push(sink);
  const bulletins = makeBulletins({
    store: campaign.store,
    deployment: (await campaign.store.transact((tx) => tx.deployment.read())) ?? never(),
    clock: systemClock,
    dkim: null,
    config: {
      smtpUrl: `smtp://127.0.0.1:${sink.port}`,
      operatorMail,
      mailFrom: 'Security <security@chirp.test>',
      serviceName: 'Chirp',
      environment: 'staging',
    },
  });
  // The first look begins at the end of what there is.
  await bulletins.round();
  return { sink, ...bulletins };
}

function never(): never {
  throw new Error('the campaign has no deployment');
}

async function propose(name = 'dee', by: OperatorId = campaign.author): Promise<OperatorId> {
  const { operator } = await addOperator(
    { store: campaign.store, digests, hasAnyPlan: () => Promise.resolve(true) },
    { name, email: `${digests.randomHex(4)}@chirp.test`, publicKey: makeSigningKey().publicKey, role: 'operator', by },
  );
  return operator.operatorId;
}

const states = async (): Promise<readonly string[]> =>
  (
    await campaign.pool.query<{ state: string }>('SELECT state FROM bulletin_mail ORDER BY bulletin_no, operator_no')
  ).rows.map((row) => row.state);

const everybody = ['ada@chirp.test', 'bo@chirp.test', 'cy@chirp.test'];

/** As a reader sees it: quoted-printable undone. */
function textOf(raw: Buffer): string {
  return raw
    .toString('latin1')
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

describe('everybody who decides', () => {
  test('is told once of a proposed operator, and the proposed one is not', async () => {
    const { sink, round, close } = await open();
    const proposed = await propose();
    await round();
    await round();
    await close();
    expect(sink.taken.map((mail) => mail.to[0]).toSorted()).toEqual(everybody);
    const text = textOf(sink.taken[0]?.raw ?? Buffer.of());
    expect(text).toContain(`Subject: [Allclear staging] operator.proposed ${proposed}`);
    expect(text).toContain('by: operator_1 (ada)');
    expect(text).toContain('name: dee');
    expect(text).not.toMatch(/https?:|publicKey|<html/i);
    expect(text).toMatch(/Auto-Submitted: auto-generated/);
    expect(await states()).toEqual(['sent', 'sent', 'sent']);
  });

  test('is told who halted what, and why', async () => {
    const { sink, round, close } = await open();
    const { plan } = await campaign.begun([await campaign.leaked(campaign.holders(2))]);
    await campaign.halt(plan.id);
    await round();
    await close();
    expect(sink.taken).toHaveLength(3);
    const text = textOf(sink.taken[0]?.raw ?? Buffer.of());
    expect(text).toContain(`rollout.halted ${plan.id}`);
    expect(text).toContain('by: operator_1 (ada)');
    expect(text).toContain('reason: a test');
  });

  test('is told who paused what, and why', async () => {
    const { sink, round, close } = await open();
    const { plan } = await campaign.begun([await campaign.leaked(campaign.holders(2))]);
    await pauseRollout(campaign, { subject: plan.id, by: campaign.author, reason: 'the support desk is full' });
    await round();
    await close();
    expect(sink.taken).toHaveLength(3);
    const text = textOf(sink.taken[0]?.raw ?? Buffer.of());
    expect(text).toContain(`rollout.paused ${plan.id}`);
    expect(text).toContain('by: operator_1 (ada)');
    expect(text).toContain('reason: the support desk is full');
  });

  test('is told who added a passkey, and nothing that it is verified with', async () => {
    const { sink, round, close } = await open();
    const body = {
      operator: campaign.people[1].id,
      passkey: 'passkey_3',
      credentialId: 'c'.repeat(40),
      publicKey: 'k',
    };
    await campaign.store.transact((tx) =>
      tx.ledger.append({ chain: 'installation', event: 'passkey.added', body: { ...body, by: 'link', link: 'f00d' } }),
    );
    await round();
    await close();
    expect(sink.taken).toHaveLength(3);
    for (const { raw } of sink.taken) {
      expect(textOf(raw)).toContain('passkey: passkey_3');
      expect(textOf(raw)).not.toMatch(/cccc|f00d/);
    }
  });

  test('is told which limit was changed, once, and of the first start nothing', async () => {
    const { sink, round, close } = await open();
    const facts = { 'limits.budgetDayShare': '0.01', mailer: 'smtps://mail.chirp.test:465' };
    expect(await notePolicy(campaign, facts, 'root')).toBe(0);
    expect(await notePolicy(campaign, facts, 'root')).toBe(0);
    expect(await notePolicy(campaign, { ...facts, 'limits.budgetDayShare': '0.5' }, 'ada')).toBe(1);
    await round();
    await close();
    expect(sink.taken).toHaveLength(3);
    expect(textOf(sink.taken[0]?.raw ?? Buffer.of())).toContain('limits.budgetDayShare: 0.01 -> 0.5');
    expect((await campaign.ledgerEvents()).filter((event) => event === 'policy.changed')).toHaveLength(1);
    expect(await showPolicy(campaign)).toEqual([
      { name: 'mailer', value: 'smtps://mail.chirp.test:465', change: null },
      {
        name: 'limits.budgetDayShare',
        value: '0.5',
        change: { at: expect.any(Date), before: '0.01', account: 'ada' },
      },
    ]);
  });

  test('is told nothing that could be taken for another header or another line', async () => {
    const { sink, round, close } = await open();
    await campaign.pool.query(`UPDATE operator SET name = E'ada\\r\\nBcc: evil@evil.test' WHERE no = 1`);
    await propose('dee\u2028Subject: all is well');
    await round();
    await close();
    for (const mail of sink.taken) {
      expect(mail.to).toHaveLength(1);
      expect(textOf(mail.raw)).not.toMatch(/^(Bcc|Subject: all)/m);
    }
  });
});

describe('a mail to those who decide', () => {
  test('that may have left is never sent again', async () => {
    const { sink, round, close } = await open({ rules: [{ at: 'dot', say: [], then: 'rst', takes: true }] });
    await propose();
    await round();
    await round();
    await close();
    expect(sink.taken.map((mail) => mail.to[0]).toSorted()).toEqual(everybody);
    expect(await states()).toEqual(['unknown', 'unknown', 'unknown']);
    const { verdict, seen } = await checkOperatorMail(campaign.store, null, 'production');
    expect([verdict, seen]).toEqual(['warn', expect.stringContaining('3 unknown')]);
  });

  test('that was being sent when the server died is not sent again', async () => {
    const { sink, round, close } = await open();
    await propose();
    await gatherBulletins(campaign);
    await campaign.pool.query(`UPDATE bulletin_mail SET state = 'sending', next_at = now() WHERE operator_no = 2`);
    await round();
    await close();
    expect(sink.taken.map((mail) => mail.to[0]).toSorted()).toEqual(['ada@chirp.test', 'cy@chirp.test']);
    expect(await states()).toEqual(['sent', 'unknown', 'sent']);
  });

  test('that was put off comes again later, and not at once', async () => {
    const { sink, round, close } = await open({ rules: [{ at: 'rcpt', say: '451 4.7.1 later\r\n', times: 3 }] });
    await propose();
    await round();
    await round();
    expect(sink.taken).toHaveLength(0);
    expect(await states()).toEqual(['waiting', 'waiting', 'waiting']);
    const { rows } = await campaign.pool.query<{ seconds: number }>(
      'SELECT extract(epoch FROM min(next_at) - now())::float8 AS seconds FROM bulletin_mail',
    );
    expect(rows[0]?.seconds).toBeGreaterThan(30);
    await campaign.pool.query('UPDATE bulletin_mail SET next_at = now()');
    await round();
    await close();
    expect(sink.taken).toHaveLength(3);
  });

  test('cannot keep a change from being made: the mailer is away, and the operator is proposed', async () => {
    const { sink, round, close } = await open();
    await sink.close();
    const proposed = await propose();
    await round();
    await close();
    expect(await states()).toEqual(['waiting', 'waiting', 'waiting']);
    expect(await campaign.store.transact((tx) => tx.operators.read(proposed))).toMatchObject({ state: 'pending' });
  });

  test('is not sent where it is switched off, and doctor says so', async () => {
    const { sink, round, close } = await open({}, 'off');
    await propose();
    await round();
    await close();
    expect(sink.taken).toHaveLength(0);
    expect(await states()).toEqual(['given-up', 'given-up', 'given-up']);
    expect((await checkOperatorMail(campaign.store, 'it is switched off', 'production')).verdict).toBe('warn');
  });

  test('of before its time is nobody’s news: an upgrade mails no history', async () => {
    await propose();
    await propose('eve');
    const { sink, round, close } = await open();
    await round();
    await close();
    expect(sink.taken).toHaveLength(0);
  });
});
