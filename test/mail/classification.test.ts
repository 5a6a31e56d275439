import { describe, expect, test } from 'vitest';

import type { SendOutcome } from '../../src/app/ports/holder-transport.ts';
import { defaultTimeLimits } from '../../src/adapters/mail/smtp/time-limits.ts';
import { makeSelfSigned } from '../support/self-signed.ts';
import type { SinkRule } from '../support/smtp-sink.ts';
import { allowed, aMessage, aSink, aTransport, patientLimits } from './fixture.ts';

interface Kind {
  readonly name: string;
  readonly rule: SinkRule;
  /** Kind, phase, and code or cause. */
  readonly expected: string;
  /** Whether the world took the message. */
  readonly taken?: boolean;
}

const kinds: readonly Kind[] = [
  {
    name: 'cut at connect',
    rule: { at: 'connect', say: '', then: 'fin' },
    expected: 'released connecting unreachable',
  },
  {
    name: 'reset at connect',
    rule: { at: 'connect', say: '', then: 'rst' },
    expected: 'released connecting unreachable',
  },
  {
    name: 'silence at connect',
    rule: { at: 'connect', say: '', then: 'silence' },
    expected: 'released connecting silent',
  },
  {
    name: 'a greeting that drips',
    rule: { at: 'connect', say: '220 slow\r\n', dripMs: 40 },
    expected: 'released connecting silent',
  },
  {
    name: 'a banner without end',
    rule: { at: 'connect', say: `220-${'x'.repeat(5_000)}` },
    expected: 'released connecting protocol',
  },
  {
    name: 'a banner of many lines',
    rule: { at: 'connect', say: '220-x\r\n'.repeat(20_000) },
    expected: 'released connecting protocol',
  },
  {
    name: 'a greeting in HTTP',
    rule: { at: 'connect', say: 'HTTP/1.1 400 Bad Request\r\n' },
    expected: 'released connecting protocol',
  },
  {
    name: '421 as a greeting',
    rule: { at: 'connect', say: '421 4.3.2 busy\r\n', then: 'fin' },
    expected: 'deferred connecting 421',
  },
  {
    name: '554 as a greeting',
    rule: { at: 'connect', say: '554 no service\r\n' },
    expected: 'released connecting turned-away',
  },
  { name: 'two greetings', rule: { at: 'connect', say: '220 a\r\n220 b\r\n' }, expected: 'released greeted protocol' },
  {
    name: '421 at EHLO',
    rule: { at: 'ehlo', say: '421 4.3.2 bye\r\n', then: 'fin' },
    expected: 'deferred greeted 421',
  },
  { name: 'garbage at EHLO', rule: { at: 'ehlo', say: '\x00\xff\r\n' }, expected: 'released greeted protocol' },
  { name: 'a reset at EHLO', rule: { at: 'ehlo', say: '', then: 'rst' }, expected: 'released greeted unreachable' },
  { name: 'silence at EHLO', rule: { at: 'ehlo', say: '', then: 'silence' }, expected: 'released greeted silent' },
  {
    name: 'an EHLO answer that drips',
    rule: { at: 'ehlo', say: '250-sink.test\r\n250 PIPELINING\r\n', dripMs: 40 },
    expected: 'released greeted silent',
  },
  { name: 'cut after EHLO', rule: { at: 'ehlo', say: '', then: 'fin' }, expected: 'released greeted unreachable' },
  { name: 'EHLO refused', rule: { at: 'ehlo', say: '502 no\r\n' }, expected: 'released greeted turned-away' },
  { name: 'EHLO deferred', rule: { at: 'ehlo', say: '451 later\r\n' }, expected: 'deferred greeted 451' },
  {
    name: 'lines of one reply that disagree',
    rule: { at: 'ehlo', say: '250-a\r\n251 b\r\n' },
    expected: 'released greeted protocol',
  },
  { name: 'a bare LF', rule: { at: 'ehlo', say: '250 a\n' }, expected: 'released greeted protocol' },
  { name: 'MAIL deferred', rule: { at: 'mail', say: '451 4.3.0 later\r\n' }, expected: 'deferred envelope 451' },
  { name: 'MAIL refused', rule: { at: 'mail', say: '550 5.7.1 no\r\n' }, expected: 'released envelope turned-away' },
  {
    name: 'MAIL wants a login',
    rule: { at: 'mail', say: '530 5.7.0 sign in\r\n' },
    expected: 'released envelope login',
  },
  {
    name: '421 at MAIL',
    rule: { at: 'mail', say: '421 4.7.0 bye\r\n', then: 'fin' },
    expected: 'deferred envelope 421',
  },
  {
    name: '421 at MAIL, held open',
    rule: { at: 'mail', say: '421 4.7.0 bye\r\n', then: 'silence' },
    expected: 'deferred envelope 421',
  },
  { name: 'cut at MAIL', rule: { at: 'mail', say: '', then: 'fin' }, expected: 'released envelope unreachable' },
  { name: 'greylisting', rule: { at: 'rcpt', say: '450 4.7.1 greylisted\r\n' }, expected: 'deferred envelope 450' },
  { name: 'no such mailbox', rule: { at: 'rcpt', say: '550 5.1.1 unknown\r\n' }, expected: 'refused envelope 550' },
  {
    name: 'no such mailbox, in many lines',
    rule: { at: 'rcpt', say: ['550-5.1.1 un', 'known\r\n55', '0 5.1.1 really\r', '\n'] },
    expected: 'refused envelope 550',
  },
  {
    name: '421 at RCPT',
    rule: { at: 'rcpt', say: '421 4.3.2 bye\r\n', then: 'fin' },
    expected: 'deferred envelope 421',
  },
  { name: 'a reset at RCPT', rule: { at: 'rcpt', say: '', then: 'rst' }, expected: 'released envelope unreachable' },
  {
    name: 'too many recipients',
    rule: { at: 'rcpt', say: '452 4.5.3 too many\r\n' },
    expected: 'deferred envelope 452',
  },
  { name: 'garbage at MAIL', rule: { at: 'mail', say: '250\x00\r\n' }, expected: 'released envelope protocol' },
  {
    name: 'a drip at RCPT',
    rule: { at: 'rcpt', say: '250 2.1.5 slow\r\n', dripMs: 40, then: 'silence' },
    expected: 'released envelope silent',
  },
  { name: 'cut at RCPT', rule: { at: 'rcpt', say: '', then: 'fin' }, expected: 'released envelope unreachable' },
  { name: 'silence at RCPT', rule: { at: 'rcpt', say: '', then: 'silence' }, expected: 'released envelope silent' },
  { name: 'garbage at RCPT', rule: { at: 'rcpt', say: 'what?\r\n' }, expected: 'released envelope protocol' },
  { name: '354 at RCPT', rule: { at: 'rcpt', say: '354 early\r\n' }, expected: 'released envelope protocol' },
  { name: 'two replies at RCPT', rule: { at: 'rcpt', say: '250 a\r\n250 b\r\n' }, expected: 'released data protocol' },
  { name: 'cut at DATA', rule: { at: 'data', say: '', then: 'fin' }, expected: 'released data unreachable' },
  { name: 'a reset at DATA', rule: { at: 'data', say: '', then: 'rst' }, expected: 'released data unreachable' },
  { name: 'silence at DATA', rule: { at: 'data', say: '', then: 'silence' }, expected: 'released data silent' },
  { name: 'garbage at DATA', rule: { at: 'data', say: '354\tgo?\r\n' }, expected: 'released data protocol' },
  {
    name: '421 at DATA',
    rule: { at: 'data', say: '421 4.3.2 bye\r\n', then: 'fin' },
    expected: 'deferred data 421',
  },
  { name: '354 that drips', rule: { at: 'data', say: '354 go\r\n', dripMs: 80 }, expected: 'released data silent' },
  { name: 'DATA deferred', rule: { at: 'data', say: '452 4.3.1 full\r\n' }, expected: 'deferred data 452' },
  { name: 'DATA refused', rule: { at: 'data', say: '554 5.5.1 none\r\n' }, expected: 'refused data 554' },
  { name: '250 at DATA', rule: { at: 'data', say: '250 taken?\r\n' }, expected: 'released data protocol' },
  {
    name: '354 and then an end',
    rule: { at: 'data', say: '354 go\r\n', then: 'fin' },
    expected: 'released data unreachable',
  },
  {
    name: '354 and an early 250',
    rule: { at: 'data', say: '354 go\r\n250 2.0.0 taken\r\n' },
    expected: 'released data protocol',
  },
  { name: '354 and 421', rule: { at: 'data', say: '354 go\r\n421 4.3.2 bye\r\n' }, expected: 'deferred data 421' },
  {
    name: 'an end after the dot, taken',
    rule: { at: 'dot', say: '', then: 'fin', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'an end after the dot, not taken',
    rule: { at: 'dot', say: '', then: 'fin', takes: false },
    expected: 'unknown dot-written',
  },
  {
    name: 'a reset after the dot',
    rule: { at: 'dot', say: '', then: 'rst', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'silence after the dot',
    rule: { at: 'dot', say: '', then: 'silence', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'a drip after the dot',
    rule: { at: 'dot', say: '250 2.0.0 slow\r\n', dripMs: 40, takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'garbage after the dot',
    rule: { at: 'dot', say: 'banana\r\n', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'half a reply after the dot',
    rule: { at: 'dot', say: '250 2.0.0 O', then: 'fin', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'an unfinished multi-line reply',
    rule: { at: 'dot', say: '250-2.0.0 Ok\r\n', then: 'fin', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: '354 after the dot',
    rule: { at: 'dot', say: '354 more\r\n', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'lines that disagree after the dot',
    rule: { at: 'dot', say: '451-no\r\n250 yes\r\n', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  {
    name: 'a no and then a yes',
    rule: { at: 'dot', say: '451 no\r\n250 yes\r\n', takes: true },
    expected: 'unknown dot-written',
    taken: true,
  },
  { name: '4xx after the dot', rule: { at: 'dot', say: '451 4.3.0 later\r\n' }, expected: 'deferred replied 451' },
  {
    name: '4xx after the dot and an end',
    rule: { at: 'dot', say: '452 4.2.2 full\r\n', then: 'fin' },
    expected: 'deferred replied 452',
  },
  {
    name: '421 after the dot',
    rule: { at: 'dot', say: '421 4.3.2 bye\r\n', then: 'fin' },
    expected: 'deferred replied 421',
  },
  {
    name: '4xx after the dot, then 421',
    rule: { at: 'dot', say: '451 4.3.0 later\r\n421 bye\r\n', then: 'fin' },
    expected: 'deferred replied 451',
  },
  { name: '5xx after the dot', rule: { at: 'dot', say: '554 5.7.1 spam\r\n' }, expected: 'refused replied 554' },
  {
    name: '5xx after the dot and an end',
    rule: { at: 'dot', say: '554 5.7.1 spam\r\n', then: 'fin' },
    expected: 'refused replied 554',
  },
  {
    name: '250 and an end',
    rule: { at: 'dot', say: '250 2.0.0 Ok\r\n', then: 'fin' },
    expected: 'accepted 250',
    taken: true,
  },
  {
    name: '250 in pieces',
    rule: { at: 'dot', say: ['2', '50-2.0.0 O', 'k\r\n250 2.0.0', ' queued\r', '\n'] },
    expected: 'accepted 250',
    taken: true,
  },
  {
    name: '250 and an unsolicited 451',
    rule: { at: 'dot', say: '250 2.0.0 Ok\r\n451 4.4.2 late\r\n' },
    expected: 'accepted 250',
    taken: true,
  },
];

describe.each([
  ['with pipelining', ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 0']],
  ['without pipelining', ['8BITMIME']],
])('%s', (_, extensions) => {
  test.each(kinds)('$name is told for what it is', async ({ rule, expected, taken = false }) => {
    const sink = await aSink({ rules: [{ ...rule, times: 1 }], extensions });
    const outcome = await aTransport(sink, { limits: limitsFor(rule) }).send(aMessage(), allowed);
    expect(summary(outcome)).toBe(expected);
    expect(sink.taken.length).toBe(taken ? 1 : 0);
    // Unknown only where the dot was written; proved unsent only where it was not.
    if (outcome.kind === 'unknown') expect(sink.wholeMessages()).toBe(1);
    if (outcome.kind === 'released') expect(sink.wholeMessages()).toBe(0);
  });

  test('a server that cuts or speaks in the middle of a long message leaves it unsent', async () => {
    const long = Buffer.from(`Subject: x\r\n\r\n${`${'y'.repeat(70)}\r\n`.repeat(10_000)}`);
    for (const [rule, expected] of [
      [{ at: 'body', then: 'fin' }, /^released data unreachable$/],
      [{ at: 'body', then: 'rst' }, /^released data unreachable$/],
      [{ at: 'body', say: '421 4.3.2 bye\r\n', then: 'silence' }, /^(deferred data 421|released data silent)$/],
      [{ at: 'body', say: '552 5.3.4 too much\r\n', then: 'go-on' }, /^released data protocol$/],
    ] as const) {
      const sink = await aSink({ rules: [rule], extensions });
      const outcome = await aTransport(sink).send(aMessage({ content: long }), allowed);
      expect(summary(outcome)).toMatch(expected);
      expect(sink.wholeMessages()).toBe(0);
    }
  });
});

test('100 MB of banner end the connection after some kilobytes, and nobody is marked for it', async () => {
  const piece = `220-${'welcome '.repeat(100)}\r\n`;
  const sink = await aSink({ rules: [{ at: 'connect', say: piece, repeat: Math.ceil(100e6 / piece.length) }] });
  expect(summary(await aTransport(sink).send(aMessage(), allowed))).toBe('released connecting protocol');
  await sink.whenQuiet();
  // What two kernels hold between them may still have been taken.
  expect(sink.floodedBytes()).toBeLessThan(20e6);
});

test('100 MB after the dot are no answer, and what the world took is unknown to us', async () => {
  const piece = `250-${'taken '.repeat(100)}\r\n`;
  const sink = await aSink({
    rules: [{ at: 'dot', say: piece, repeat: Math.ceil(100e6 / piece.length), takes: true }],
  });
  expect(summary(await aTransport(sink).send(aMessage(), allowed))).toBe('unknown dot-written');
  expect(sink.taken).toHaveLength(1);
});

test('a reply that takes its time is waited for after the dot far longer than before it', async () => {
  const sink = await aSink({ rules: [{ at: 'dot', say: '250 2.0.0 at last\r\n', delayMs: 400, takes: true }] });
  const limits = { ...patientLimits, greetingMs: 200, commandMs: 200 };
  expect(summary(await aTransport(sink, { limits }).send(aMessage(), allowed))).toBe('accepted 250');
  // RFC 5321 4.5.3.2.6: a server may take ten minutes over a message that it has.
  expect(defaultTimeLimits.afterDotMs).toBe(600_000);
});

test('a reply that comes too late is not taken for the answer to the next message', async () => {
  const sink = await aSink({
    rules: [{ at: 'dot', message: 0, say: '550 5.7.1 late\r\n', delayMs: 400, takes: true }],
  });
  const transport = aTransport(sink, { limits: { ...patientLimits, afterDotMs: 100 } });
  expect(summary(await transport.send(aMessage(), allowed))).toBe('unknown dot-written');
  const patient = aTransport(sink);
  expect(summary(await patient.send(aMessage(), allowed))).toBe('accepted 250');
  expect(sink.taken.map(({ connection }) => connection)).toEqual([0, 1]);
});

test('bytes that drip are one reply if its end comes in time', async () => {
  const sink = await aSink({ rules: [{ at: 'dot', say: '250 2.0.0 Ok\r\n', dripMs: 10, takes: true }] });
  expect(summary(await aTransport(sink).send(aMessage(), allowed))).toBe('accepted 250');
});

test('a server that takes n mails and then no more defers each that follows, and loses none', async () => {
  const rules = [3, 4, 5].map((message) => ({ at: 'rcpt', message, say: '452 4.5.3 enough\r\n' }) as const);
  const sink = await aSink({ rules });
  const transport = aTransport(sink);
  const told: string[] = [];
  for (let count = 0; count < 7; count += 1) told.push(summary(await transport.send(aMessage(), allowed)));
  expect(told).toEqual([
    ...Array<string>(3).fill('accepted 250'),
    ...Array<string>(3).fill('deferred envelope 452'),
    'accepted 250',
  ]);
  expect(sink.taken).toHaveLength(4);
});

test.each([
  ['starttls', '421 4.7.0 bye\r\n', 'deferred greeted 421'],
  ['starttls', '454 4.7.0 not now\r\n', 'deferred greeted 454'],
  ['auth', '421 4.7.0 bye\r\n', 'released greeted unreachable'],
  ['auth', '454 4.7.0 not now\r\n', 'released greeted unreachable'],
  ['auth', '535 5.7.8 no\r\n', 'released greeted login'],
  ['auth', 'what?\r\n', 'released greeted protocol'],
] as const)('at %s, %j is no verdict on the recipient', async (at, say, expected) => {
  const login = { user: 'relay', password: 'let me in' };
  const self = makeSelfSigned({ name: 'localhost', notBefore: daysFromNow(-1), notAfter: daysFromNow(1) });
  const sink = await aSink({ rules: [{ at, say }], login, tls: { ...self, mode: 'starttls' } });
  const transport = aTransport(sink, {
    smtpUrl: `smtp://relay:let%20me%20in@localhost:${sink.port}?requireTls=true`,
    certificateAuthority: self.cert,
  });
  expect(summary(await transport.send(aMessage(), allowed))).toBe(expected);
  expect(sink.commands.some((line) => line.startsWith('MAIL'))).toBe(false);
});

test('421 between two mails, unasked, costs neither of them', async () => {
  const sink = await aSink({
    rules: [{ at: 'dot', message: 0, say: ['250 2.0.0 Ok\r\n', '421 4.4.2 idle\r\n'], then: 'fin' }],
  });
  const transport = aTransport(sink);
  expect(summary(await transport.send(aMessage(), allowed))).toBe('accepted 250');
  expect(summary(await transport.send(aMessage(), allowed))).toBe('accepted 250');
  expect(sink.taken.map(({ connection }) => connection)).toEqual([0, 1]);
});

test('the enhanced status is read where it belongs to the reply, and dropped where it contradicts it', async () => {
  const sink = await aSink({
    rules: [
      { at: 'rcpt', message: 0, say: '550-5.1.1 no\r\n550 5.1.1 such user\r\n' },
      { at: 'rcpt', message: 1, say: '550 2.1.5 fine\r\n' },
    ],
  });
  const transport = aTransport(sink);
  expect(await transport.send(aMessage(), allowed)).toMatchObject({
    enhanced: '5.1.1',
    reply: '5.1.1 no 5.1.1 such user',
  });
  expect(await transport.send(aMessage(), allowed)).not.toHaveProperty('enhanced');
});

test('a reply that repeats the address does not carry it into our records', async () => {
  const sink = await aSink({
    rules: [{ at: 'rcpt', say: '550 5.1.1 <Holder@Example.test>: unknown \x1b[31m\xff\r\n' }],
  });
  const outcome = await aTransport(sink).send(aMessage(), allowed);
  expect(outcome).toMatchObject({ kind: 'refused', reply: '5.1.1 <(recipient)>: unknown ?[31m?' });
});

test('a server that nobody listens at is unreachable, and nothing is thrown', async () => {
  const sink = await aSink();
  const transport = aTransport(sink);
  await sink.close();
  expect(summary(await transport.send(aMessage(), allowed))).toBe('released connecting unreachable');
});

/** Short only where this very phase is to be waited out: elsewhere a busy machine would look like a silent server. */
function limitsFor(rule: SinkRule): typeof patientLimits {
  if (rule.dripMs === undefined && rule.then !== 'silence') return patientLimits;
  if (rule.at === 'connect') return { ...patientLimits, greetingMs: 150 };
  if (rule.at === 'dot') return { ...patientLimits, afterDotMs: 150 };
  return { ...patientLimits, commandMs: 400 };
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function summary(outcome: SendOutcome): string {
  switch (outcome.kind) {
    case 'accepted':
      return `accepted ${outcome.code}`;
    case 'unknown':
      return `unknown ${outcome.phase}`;
    case 'released':
      return `released ${outcome.phase} ${outcome.cause}`;
    case 'refused':
    case 'deferred':
      return `${outcome.kind} ${outcome.phase} ${outcome.code}`;
  }
}
