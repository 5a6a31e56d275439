import { expect, test } from 'vitest';

import { allowed, aMessage, aSink, aTransport, patientLimits } from './fixture.ts';

test('one connection carries many messages, up to its limit and no further', async () => {
  const sink = await aSink();
  const transport = aTransport(sink, { messagesPerConnection: 10 });
  for (let count = 0; count < 25; count += 1) await transport.send(aMessage(), allowed);
  expect(sink.connections()).toBe(3);
  expect(sink.taken.map(({ connection }) => connection)).toEqual([
    ...Array<number>(10).fill(0),
    ...Array<number>(10).fill(1),
    ...Array<number>(5).fill(2),
  ]);
});

test('never more connections than configured, however many messages come at once', async () => {
  const sink = await aSink();
  const transport = aTransport(sink, { connections: 3 });
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => transport.send(aMessage(), allowed)));
  expect(outcomes.every(({ kind }) => kind === 'accepted')).toBe(true);
  expect(sink.connections()).toBeLessThanOrEqual(3 + 3);
  expect(sink.taken).toHaveLength(200);
});

test('a refused recipient does not cost the connection, and the transaction left open is reset', async () => {
  const sink = await aSink({ rules: [{ at: 'rcpt', message: 0, say: '550 5.1.1 unknown\r\n' }] });
  const transport = aTransport(sink);
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'refused' });
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
  expect(sink.connections()).toBe(1);
  expect(sink.commands.slice(-4).map((line) => line.slice(0, 4))).toEqual(['RSET', 'MAIL', 'RCPT', 'DATA']);
});

test.each([
  ['at once', ['250 2.0.0 Ok\r\n451 4.4.2 idle\r\n']],
  ['a moment later', ['250 2.0.0 Ok\r\n', '451 4.4.2 idle\r\n']],
])('an unsolicited reply %s after 250 is not taken for the answer to the next message', async (_, say) => {
  for (const extensions of [['PIPELINING'], []]) {
    const sink = await aSink({ rules: [{ at: 'dot', message: 0, say }], extensions });
    const transport = aTransport(sink);
    expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
    expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
    expect(sink.taken.map(({ connection }) => connection)).toEqual([0, 1]);
  }
});

test('a no that belongs to nobody, followed by the yes that was due, defers nobody', async () => {
  const sink = await aSink({ rules: [{ at: 'mail', say: '451 4.4.2 idle\r\n250 2.1.0 Ok\r\n' }] });
  expect(await aTransport(sink).send(aMessage(), allowed)).toMatchObject({ kind: 'released', cause: 'protocol' });
});

test('a server that opens DATA for a recipient it refused gets no message, not even an empty one', async () => {
  const sink = await aSink({
    rules: [
      { at: 'rcpt', message: 0, say: '550 5.1.1 unknown\r\n' },
      { at: 'data', message: 0, say: '354 go\r\n' },
    ],
  });
  const transport = aTransport(sink);
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'refused', enhanced: '5.1.1' });
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
  expect(sink.wholeMessages()).toBe(1);
  expect(sink.taken.map(({ connection }) => connection)).toEqual([1]);
});

test('a connection that the server closed while idle costs nobody a message', async () => {
  const sink = await aSink({ rules: [{ at: 'dot', message: 0, say: ['250 2.0.0 Ok\r\n', ''], then: 'fin' }] });
  const transport = aTransport(sink);
  await transport.send(aMessage(), allowed);
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
  expect(sink.taken).toHaveLength(2);
});

test('a kept connection that dies at the next MAIL is replaced once, and once only', async () => {
  const sink = await aSink({
    rules: [
      { at: 'mail', message: 1, say: '', then: 'rst' },
      { at: 'mail', message: 2, say: '', then: 'rst' },
    ],
  });
  const transport = aTransport(sink);
  await transport.send(aMessage(), allowed);
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'released', cause: 'unreachable' });
  expect(sink.connections()).toBe(2);
  expect(sink.taken).toHaveLength(1);
});

test('421 closes the connection, and the next message gets another', async () => {
  const sink = await aSink({ rules: [{ at: 'rcpt', message: 0, say: '421 4.7.0 later\r\n' }] });
  const transport = aTransport(sink);
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'deferred', code: 421 });
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
  expect(sink.connections()).toBe(2);
});

test('an idle connection says QUIT and goes', async () => {
  const sink = await aSink();
  const transport = aTransport(sink, { limits: { ...patientLimits, idleMs: 1 } });
  await transport.send(aMessage(), allowed);
  await sink.whenQuiet();
  expect(sink.commands.at(-1)).toBe('QUIT');
});

test('closing lets the message under way end, releases those that wait, and takes no more', async () => {
  const sink = await aSink();
  const transport = aTransport(sink);
  const sent = [1, 2, 3].map(() => transport.send(aMessage(), allowed));
  await transport.close();
  const kinds = (await Promise.all(sent)).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(sink.taken.length);
  expect(kinds.filter((kind) => kind === 'released').length).toBeGreaterThanOrEqual(2);
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'released', cause: 'closing' });
  await transport.close();
});

test('what the server cannot take is refused before a byte of it is sent', async () => {
  const sink = await aSink({ extensions: ['SIZE 100'] });
  const transport = aTransport(sink);
  const tooLarge = Buffer.from(`Subject: x\r\n\r\n${'y'.repeat(200)}\r\n`);
  const eightBit = Buffer.from('Subject: x\r\n\r\n\u00e4\r\n', 'utf8');
  expect(await transport.send(aMessage({ content: tooLarge }), allowed)).toMatchObject({
    kind: 'refused',
    enhanced: '5.3.4',
  });
  expect(await transport.send(aMessage({ content: eightBit }), allowed)).toMatchObject({
    kind: 'refused',
    enhanced: '5.6.3',
  });
  const beyondAscii = aMessage({ envelopeTo: 'j\u00f6rg@example.test' });
  expect(await transport.send(beyondAscii, allowed)).toMatchObject({ kind: 'refused', enhanced: '5.6.7' });
  expect(sink.commands.filter((line) => !line.startsWith('EHLO'))).toEqual([]);
});

test('an address beyond ASCII goes out byte for byte where the server takes it', async () => {
  const sink = await aSink();
  const transport = aTransport(sink);
  expect(await transport.send(aMessage({ envelopeTo: 'jo\u0308rg@b\u00fccher.test' }), allowed)).toMatchObject({
    kind: 'accepted',
  });
  expect(sink.taken[0]?.to).toEqual(['jo\u0308rg@b\u00fccher.test']);
  expect(sink.commands.find((line) => line.startsWith('MAIL'))).toMatch(/ SMTPUTF8 /);
});

test('a connection that has grown old is closed after its message, and the next one is opened anew', async () => {
  const sink = await aSink();
  const transport = aTransport(sink, { limits: { ...patientLimits, ageMs: 0 } });
  for (let count = 0; count < 3; count += 1) await transport.send(aMessage(), allowed);
  expect(sink.taken.map(({ connection }) => connection)).toEqual([0, 1, 2]);
});

test('what a server promised on one connection is not taken for granted on the next', async () => {
  const sink = await aSink({
    extensionsOf: (connection) => (connection === 0 ? ['PIPELINING', 'SMTPUTF8', 'DSN'] : []),
  });
  const transport = aTransport(sink, { messagesPerConnection: 1 });
  const beyondAscii = aMessage({ envelopeTo: 'j\u00f6rg@example.test' });
  expect(await transport.send(beyondAscii, allowed)).toMatchObject({ kind: 'accepted' });
  expect(await transport.send(beyondAscii, allowed)).toMatchObject({ kind: 'refused', enhanced: '5.6.7' });
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
  expect(sink.commands.filter((line) => line.startsWith('MAIL')).at(-1)).toBe('MAIL FROM:<bounces+1.x@allclear.test>');
  expect(sink.taken).toHaveLength(2);
});
