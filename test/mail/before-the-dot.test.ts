import { expect, test } from 'vitest';

import { makeSelfSigned } from '../support/self-signed.ts';
import { allowed, aMessage, aSink, aTransport, forbidden } from './fixture.ts';

test('a message that may not be finished is never seen whole by the server, and the next one is', async () => {
  const sink = await aSink();
  const transport = aTransport(sink);
  expect(await transport.send(aMessage(), forbidden)).toMatchObject({
    kind: 'released',
    phase: 'data',
    cause: 'not-permitted',
  });
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
  await transport.close();
  await sink.whenQuiet();
  expect(sink.wholeMessages()).toBe(1);
  expect(sink.taken).toHaveLength(1);
  expect(sink.connections()).toBe(2);
});

test('a message that may not be finished is never seen whole over TLS either', async () => {
  const authority = makeSelfSigned({ name: 'localhost', notBefore: daysFromNow(-1), notAfter: daysFromNow(1) });
  const sink = await aSink({ tls: { ...authority, mode: 'implicit' } });
  const transport = aTransport(sink, {
    smtpUrl: `smtps://localhost:${sink.port}`,
    certificateAuthority: authority.cert,
  });
  expect(await transport.send(aMessage(), forbidden)).toMatchObject({ kind: 'released', cause: 'not-permitted' });
  await sink.whenQuiet();
  expect(sink.wholeMessages()).toBe(0);
});

test('a fence that cannot be read is a no', async () => {
  const sink = await aSink();
  const outcome = await aTransport(sink).send(aMessage(), () => {
    throw new Error('the fence file is gone');
  });
  expect(outcome).toMatchObject({ kind: 'released', cause: 'not-permitted' });
  expect(sink.wholeMessages()).toBe(0);
});

test('a yes that is not a plain true is a no', async () => {
  const sink = await aSink();
  const outcome = await aTransport(sink).send(aMessage(), (() => Promise.resolve(true)) as unknown as () => boolean);
  expect(outcome).toMatchObject({ kind: 'released', cause: 'not-permitted' });
});

test('the question is asked once, with the whole body already handed over and nothing of the dot', async () => {
  const sink = await aSink();
  const transport = aTransport(sink);
  const wholeWhenAsked: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    await transport.send(aMessage(), () => {
      wholeWhenAsked.push(sink.wholeMessages());
      return true;
    });
  }
  expect(wholeWhenAsked).toEqual([0, 1, 2]);
});

test.each(['mail', 'rcpt', 'data'] as const)('nobody is asked for a dot that %s has already ruled out', async (at) => {
  const sink = await aSink({ rules: [{ at, say: '550 no\r\n' }] });
  let asked = 0;
  await aTransport(sink).send(aMessage(), () => {
    asked += 1;
    return true;
  });
  expect(asked).toBe(0);
});

test('a halt in the middle of a wave lets out only what had its dot', async () => {
  const sink = await aSink();
  const transport = aTransport(sink, { connections: 4 });
  let dots = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, () =>
      transport.send(aMessage(), () => {
        if (dots >= 37) return false;
        dots += 1;
        return true;
      }),
    ),
  );
  expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(37);
  expect(outcomes.filter(({ kind }) => kind === 'released')).toHaveLength(63);
  expect(sink.taken).toHaveLength(37);
  expect(sink.wholeMessages()).toBe(37);
});

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}
