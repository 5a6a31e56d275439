import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import type {
  HolderAddress,
  OutgoingMessage,
  RehearsalAddress,
  RehearsalTransport,
} from '../../src/app/ports/holder-transport.ts';
import type { MailIdentity } from '../../src/app/notice/send-permit.ts';
import { rehearsePlan } from '../../src/app/plan/rehearse-plan.ts';
import { withCampaign } from './with-campaign.ts';

const campaign = withCampaign();

class RecordingTransport implements RehearsalTransport {
  readonly sent: OutgoingMessage<RehearsalAddress>[] = [];

  async send(message: OutgoingMessage<RehearsalAddress>) {
    this.sent.push(message);
    return { kind: 'accepted', code: 250, reply: '2.0.0 queued' } as const;
  }

  async close(): Promise<void> {}
}

const identity: MailIdentity = {
  noticeHeaders: [],
  from: { name: 'Chirp', address: 'notices@chirp.test' },
  returnPath: (number) => `bounce+${number}@chirp.test`,
  messageId: (plan, member) => `<${plan}.${member.templateKind}.${member.language ?? ''}@chirp.test>`,
  checkUrl: (number) => `https://accounts.chirp.test/notice/${number}`,
};

function deps(transport: RehearsalTransport) {
  const { store, templates } = campaign();
  return { store, templates, compileMessage, transport, identity, now: () => new Date('2026-11-20T18:05:00Z') };
}

describe('a rehearsal', () => {
  test('the operator reads every mail of the plan in every language, marked as a rehearsal', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(1))]);
    const transport = new RecordingTransport();
    const rehearsal = await rehearsePlan(deps(transport), plan.id, 'bo@chirp.test', c.author);
    expect(rehearsal).toMatchObject({ to: c.people[1].id, accepted: plan.header.templates.length });
    const pins = plan.header.templates.map((pin) => `${pin.kind} ${pin.language}`).toSorted();
    expect(rehearsal.mails.map((mail) => `${mail.kind} ${mail.language}`).toSorted()).toEqual(pins);
    for (const message of transport.sent) {
      expect(message.envelopeTo).toBe('bo@chirp.test');
      const parsed = await simpleParser(Buffer.from(message.content));
      expect(parsed.headers.get('x-allclear-rehearsal')).toBe('1');
      expect(parsed.text).toContain('0000-0000-0000-0000-0');
    }
    expect((await c.ledgerEvents()).at(-1)).toBe('plan.rehearsed');
  });

  test('a real account holder’s address is refused, and nothing is sent to anybody', async () => {
    const c = campaign();
    const holder = c.holder();
    const plan = await c.draft([await c.leaked([holder])]);
    const address = (await c.directory.readAccounts([holder])).get(holder)?.address ?? '';
    const transport = new RecordingTransport();
    for (const to of [address, 'eve@evil.test', 'bo@chirp.test, eve@evil.test', ''])
      await expect(rehearsePlan(deps(transport), plan.id, to, c.author)).rejects.toMatchObject({ code: 'forbidden' });
    expect(transport.sent).toEqual([]);
  });

  test('an operator who was suspended gets none', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(1))]);
    await c.store.transact((tx) => tx.operators.suspend(c.people[2].id));
    const transport = new RecordingTransport();
    await expect(rehearsePlan(deps(transport), plan.id, 'cy@chirp.test', c.author)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(transport.sent).toEqual([]);
  });

  test('by types, a holder’s address cannot be put into a rehearsal', () => {
    const toHolder = { envelopeFrom: '', envelopeTo: 'somebody@mail.test' as HolderAddress, content: new Uint8Array() };
    // @ts-expect-error A rehearsal transport takes no message to an account holder.
    const send = (transport: RehearsalTransport) => transport.send(toHolder);
    // @ts-expect-error A plain text is no rehearsal address: only `rehearsalRecipient` makes one.
    const address: RehearsalAddress = 'somebody@mail.test';
    expect([typeof send, address]).toEqual(['function', 'somebody@mail.test']);
  });
});
