import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DotStuffer, prepareContent } from '../../src/adapters/mail/wire-content.ts';
import { allowed, aMessage, aSink, aTransport } from './fixture.ts';

const contents = fc
  .array(fc.constantFrom('.', '..', '\r\n', '\r\n.', '.\r\n', 'a', '\u00e4', '\r\n.\r\n', ' '), {
    minLength: 1,
    maxLength: 40,
  })
  .map((pieces) => Buffer.from(pieces.join(''), 'utf8'));

test('what comes out does not depend on where the pieces were cut', () => {
  fc.assert(
    fc.property(contents, fc.array(fc.nat(60), { maxLength: 8 }), (content, cuts) => {
      const stuffer = new DotStuffer();
      let from = 0;
      for (const cut of [...cuts].sort((a, b) => a - b)) {
        expect(stuffer.push(content.subarray(from, Math.max(from, cut)))).toBeNull();
        from = Math.max(from, Math.min(cut, content.length));
      }
      expect(stuffer.push(content.subarray(from))).toBeNull();
      expect(stuffer.finish()).toEqual(prepareContent(content));
    }),
    { numRuns: 2_000 },
  );
});

test('every line that begins with a dot gets another, and the end of the message is nowhere inside', () => {
  fc.assert(
    fc.property(contents, (content) => {
      const text = content.toString('latin1');
      const whole = text.endsWith('\r\n') ? text : `${text}\r\n`;
      const prepared = prepareContent(content);
      if (typeof prepared === 'string') throw new Error(prepared);
      const wire = Buffer.from(prepared.bytes).toString('latin1');
      expect(wire).toBe(
        whole
          .split('\r\n')
          .map((line) => (line.startsWith('.') ? `.${line}` : line))
          .join('\r\n'),
      );
      expect(`\r\n${wire}`).not.toContain('\r\n.\r\n');
      expect(prepared.sizeBytes).toBe(whole.length);
      expect(prepared.isEightBit).toBe(/[\x80-\xff]/.test(text));
    }),
    { numRuns: 2_000 },
  );
});

test('the server reads back exactly what was meant, whatever dots it holds', async () => {
  const sink = await aSink();
  const transport = aTransport(sink);
  const sent: Buffer[] = [];
  for (const content of fc.sample(contents, { numRuns: 100, seed: 7 })) {
    sent.push(content);
    expect(await transport.send(aMessage({ content }), allowed)).toMatchObject({ kind: 'accepted' });
  }
  expect(sink.taken.map(({ raw }) => raw.toString('latin1'))).toEqual(
    sent.map((content) => content.toString('latin1').replace(/(?<!\r\n)$/, '\r\n')),
  );
});
