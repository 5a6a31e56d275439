import fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseEnvelopeAddress } from '../../src/adapters/mail/envelope-address.ts';
import { makeRehearsalTransport } from '../../src/adapters/mail/rehearsal-transport.ts';
import type { RehearsalAddress } from '../../src/app/ports/holder-transport.ts';
import { allowed, aMessage, aSink, aTransport } from './fixture.ts';

const hostile = [
  'a@b.test\r\nRCPT TO:<victim@c.test>',
  'a@b.test\nDATA',
  'a@b.test\0',
  'a@b.test> SIZE=1 <x@y.test',
  'a@b.test,c@d.test',
  '<a@b.test>',
  'a b@c.test',
  '"a b"@c.test',
  '"a\\"b"@c.test',
  '@relay.test:a@b.test',
  'a@b@c.test',
  'a@',
  '@b.test',
  'a',
  '',
  'a@-b.test',
  'a@b..test',
  'a@b.test.',
  'a@[127.0.0.1',
  'a@b_c.test',
  'a@b.test\u2028',
  'a\u202eb@c.test',
  'a\u00a0b@c.test',
  'a\ud800@c.test',
  `${'a'.repeat(65)}@b.test`,
  `${'\u00e4'.repeat(33)}@b.test`,
  `a@${'b'.repeat(64)}.test`,
  `a@${Array(64).fill('bbb').join('.')}.test`,
];

test.each(hostile)('%j is no address, and nothing of it reaches the wire', async (address) => {
  expect(parseEnvelopeAddress(address)).toBeNull();
  const sink = await aSink();
  const transport = aTransport(sink);
  expect(await transport.send(aMessage({ envelopeTo: address }), allowed)).toMatchObject({
    kind: 'refused',
    enhanced: '5.1.3',
  });
  if (address !== '') {
    expect(await transport.send(aMessage({ envelopeFrom: address }), allowed)).toMatchObject({
      kind: 'refused',
      enhanced: '5.1.7',
    });
  }
  expect(sink.commands).toEqual([]);
});

test.each([
  'a@b.test',
  "o'neil+x=y@sub.example.test",
  'a..b@carrier.test',
  'a.@carrier.test',
  '"a,b"@c.test',
  'a@[127.0.0.1]',
  'user@xn--bcher-kva.test',
  'j\u00f6rg@b\u00fccher.test',
  '\u7528\u6237@\u4f8b\u5b50.test',
])('%s is taken as it is', (address) => {
  expect(parseEnvelopeAddress(address)).toBe(address);
});

test('no text that is taken for an address can hold what ends a command or an angle bracket', () => {
  const pieces = fc.constantFrom(
    'a',
    '@',
    '.',
    '\r',
    '\n',
    '\r\n',
    '<',
    '>',
    ' ',
    '\t',
    '\0',
    '"',
    '\\',
    'b.test',
    '\u0085',
    '\u2029',
    '\ufeff',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const address = parseEnvelopeAddress(parts.join(''));
      expect(address === null || !/[\r\n\0<> \t\\\u0085\u2029\ufeff]/.test(address)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

test('the null return path is a return path', async () => {
  const sink = await aSink();
  await aTransport(sink).send(aMessage({ envelopeFrom: '' }), allowed);
  expect(sink.taken[0]).toMatchObject({ from: '', to: ['holder@example.test'] });
});

test.each([
  ['a second message smuggled behind a bare LF dot', 'x\r\n\n.\r\nMAIL FROM:<e@v.il>\r\n'],
  ['the same with a bare CR', 'x\r\n\r.\r\nMAIL FROM:<e@v.il>\r\n'],
  ['a lone CR at the end', 'x\r\n\r'],
  ['a NUL', 'x\0y\r\n'],
  ['a line of 999 bytes', `${'x'.repeat(999)}\r\n`],
  ['nothing at all', ''],
])('%s does not leave', async (_, content) => {
  const sink = await aSink();
  const outcome = await aTransport(sink).send(aMessage({ content: Buffer.from(content, 'latin1') }), allowed);
  expect(outcome).toMatchObject({ kind: 'refused', enhanced: '5.6.0' });
  expect(sink.commands).toEqual([]);
});

test('a rehearsal reaches operators and nobody else', async () => {
  const sink = await aSink();
  const transport = makeRehearsalTransport({
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    isOperatorAddress: (address) => address === 'operator@example.test',
  });
  const rehearse = (to: string) => transport.send({ ...aMessage(), envelopeTo: to as RehearsalAddress });
  expect(await rehearse('operator@example.test')).toMatchObject({ kind: 'accepted' });
  expect(await rehearse('holder@example.test')).toMatchObject({ kind: 'refused', enhanced: '5.7.1' });
  expect(sink.taken.map(({ to }) => to)).toEqual([['operator@example.test']]);
  await transport.close();
});
