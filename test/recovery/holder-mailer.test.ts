import { afterEach, expect, test } from 'vitest';
import { makeHolderMailer } from '../../src/adapters/mail/holder-mailer.ts';
import { makeHolderTransport } from '../../src/adapters/mail/holder-transport.ts';
import { inspectMailer } from '../../src/adapters/mail/inspect-mailer.ts';
import type { HolderMailer } from '../../src/app/ports/holder-mailer.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';

let sink: SmtpSink | undefined;
let mailer: HolderMailer | undefined;
afterEach(async () => {
  await mailer?.close();
  await sink?.close();
});

const mail = {
  to: 'kestrel@example.org',
  reference: 'recovery-12',
  subject: 'Ihr Code für ein neues Passwort',
  language: 'de',
  parts: [{ text: 'Das <b>ist</b> der Code:' }, { code: 'AB2D-7XYZ' }],
};

async function open(isHalted = () => false) {
  sink = await openSmtpSink();
  const smtpUrl = `smtp://127.0.0.1:${sink.port}`;
  let nowMs = 0;
  mailer = makeHolderMailer({
    transport: makeHolderTransport({ smtpUrl, environment: 'sample' }),
    from: { name: 'Chirp', address: 'security@chirp.test' },
    returnPath: (reference) => `bounces+${reference}@chirp.test`,
    now: () => new Date('2026-11-20T12:00:00Z'),
    monotonicMs: () => nowMs,
    inspect: () => inspectMailer(smtpUrl),
    isHalted,
  });
  return { sink, mailer, later: (ms: number) => void (nowMs += ms) };
}

test('a mail goes to one person, with its code as it was and nothing in it taken for markup', async () => {
  const { mailer: one, sink: world } = await open();
  expect(await one.isUp()).toBe(true);
  expect(await one.send(mail)).toBe('accepted');
  const [message] = world.taken;
  expect(message?.to).toEqual(['kestrel@example.org']);
  const text = message?.raw.toString() ?? '';
  expect(text).toContain('AB2D-7XYZ');
  expect(text).toContain('&lt;b&gt;');
  expect(text).toContain('Auto-Submitted: auto-generated');
});

test('that the mail server is away is known within seconds, and a mail of that time is known not to have left', async () => {
  const { mailer: one, sink: world, later } = await open();
  expect(await one.isUp()).toBe(true);
  await world.close();
  later(6_000);
  expect(await one.isUp()).toBe(false);
  expect(await one.send(mail)).toBe('unsent');
});

test('while everything is halted no dot is written', async () => {
  const { mailer: one, sink: world } = await open(() => true);
  expect(await one.send(mail)).toBe('unsent');
  expect(world.taken).toHaveLength(0);
});
