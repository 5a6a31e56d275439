import { describe, expect, test } from 'vitest';

import type { SendOutcome } from '../../src/app/ports/holder-transport.ts';
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
  { name: 'MAIL refused', rule: { at: 'mail', say: '550 5.7.1 no\r\n' }, expected: 'refused envelope 550' },
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
  { name: 'cut at RCPT', rule: { at: 'rcpt', say: '', then: 'fin' }, expected: 'released envelope unreachable' },
  { name: 'silence at RCPT', rule: { at: 'rcpt', say: '', then: 'silence' }, expected: 'released envelope silent' },
  { name: 'garbage at RCPT', rule: { at: 'rcpt', say: 'what?\r\n' }, expected: 'released envelope protocol' },
  { name: '354 at RCPT', rule: { at: 'rcpt', say: '354 early\r\n' }, expected: 'released envelope protocol' },
  { name: 'two replies at RCPT', rule: { at: 'rcpt', say: '250 a\r\n250 b\r\n' }, expected: 'released data protocol' },
  { name: 'cut at DATA', rule: { at: 'data', say: '', then: 'fin' }, expected: 'released data unreachable' },
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
