import fc from 'fast-check';
import { expect, test } from 'vitest';

import { messageIdFor } from '../../src/adapters/mail/message-id.ts';
import { makeReturnPath, readReturnPath, type ReturnPathSettings } from '../../src/adapters/mail/return-path.ts';
import { accountId } from '../../src/domain/shared/ids.ts';

const settings: ReturnPathSettings = { key: Buffer.alloc(32, 7), mailbox: 'bounces', domain: 'allclear.test' };
const references = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/);

test('a return path of ours reads as genuine and names its delivery, whatever case a server gave it', () => {
  fc.assert(
    fc.property(references, (reference) => {
      const address = makeReturnPath(settings, reference);
      expect(address.indexOf('@')).toBeLessThanOrEqual(64);
      expect(readReturnPath(settings, address)).toEqual({ kind: 'genuine', reference });
      expect(readReturnPath(settings, address.toUpperCase())).toEqual({ kind: 'genuine', reference });
    }),
  );
});

test('no code is genuine for another delivery, domain or key', () => {
  fc.assert(
    fc.property(references, references, (reference, other) => {
      fc.pre(reference !== other);
      const code = makeReturnPath(settings, reference).replace(/^.*\.(.*)@.*$/, '$1');
      const read = (address: string, as = settings) => readReturnPath(as, address).kind;
      expect(read(`bounces+${other}.${code.slice(0, 26)}@allclear.test`)).not.toBe('genuine');
      const genuine = makeReturnPath(settings, reference);
      expect(read(genuine, { ...settings, key: Buffer.alloc(32, 8) })).toBe('forged');
      expect(read(makeReturnPath({ ...settings, domain: 'other.test' }, reference))).toBe('not-ours');
      expect(read(genuine.replace('@allclear.test', '@other.test'), { ...settings, domain: 'other.test' })).toBe(
        'forged',
      );
    }),
  );
});

test('no single changed character of a return path is still genuine for the same delivery', () => {
  const genuine = makeReturnPath(settings, '81-tell-1042');
  for (let at = 0; at < genuine.length; at += 1) {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz234567-.+@') {
      if (letter === genuine[at]) continue;
      const forged = genuine.slice(0, at) + letter + genuine.slice(at + 1);
      expect(readReturnPath(settings, forged).kind).not.toBe('genuine');
    }
  }
});

test.each([
  '',
  'bounces@allclear.test',
  'bounces+@allclear.test',
  'bounces+1@allclear.test',
  'bounces+1.\u212aaaaaaaaaaaaaaaaaaaaaaaaaa@allclear.test',
  'x@y',
])('%j is not ours', (address) => {
  expect(readReturnPath(settings, address)).toEqual({ kind: 'not-ours' });
});

test.each(['', 'A', 'a b', 'a.b', '-a', 'a-', 'x'.repeat(25), 'a\r\n'])('%j names no delivery', (reference) => {
  expect(() => makeReturnPath(settings, reference)).toThrow(expect.objectContaining({ code: 'internal' }));
});

test('a Message-ID is the same each time, and another for each plan, account, kind, deployment and key', () => {
  const facts = {
    key: settings.key,
    deployment: 'd1',
    plan: 'plan_81',
    accountId: accountId('a-1'),
    kind: 'notice',
  } as const;
  const all = [
    facts,
    { ...facts, plan: 'plan_8' as const, accountId: accountId('1a-1') },
    { ...facts, accountId: accountId('a-2') },
    { ...facts, kind: 'final' },
    { ...facts, deployment: 'd2' },
    { ...facts, key: Buffer.alloc(32, 9) },
  ].map((each) => messageIdFor(each, 'allclear.test'));
  expect(new Set(all).size).toBe(all.length);
  expect(messageIdFor(facts, 'allclear.test')).toBe(all[0]);
  expect(all[0]).toMatch(/^<[0-9a-f]{40}@allclear\.test>$/);
});
