import { describe, expect, it } from 'vitest';
import { makeObservedParser, makeReportedParser } from '../../src/adapters/list/account-row-parser.ts';
import { parseInstant } from '../../src/adapters/list/parse-instant.ts';

describe('observed and reported lists', () => {
  it('an observed line holds account, event, time and rule, in the order of the header or the usual one', () => {
    const expected = {
      accountId: 'u 1',
      eventId: 'e7',
      eventAt: new Date('2026-11-02T03:04:05Z'),
      rule: 'sign-in, strange network',
      reason: null,
    };
    const plain = makeObservedParser();
    expect(plain('u 1,e7,2026-11-02T03:04:05Z,"sign-in, strange network"')).toEqual(expected);
    const ordered = makeObservedParser();
    expect(ordered('rule,time,account_id,event_id,note')).toBe('header');
    expect(ordered('"sign-in, strange network",2026-11-02 04:04:05+0100,u 1,e7,x')).toEqual(expected);
  });

  it.each([
    [',e1,2026-11-02T03:04:05Z,r', 'no-account'],
    ['u1,,2026-11-02T03:04:05Z,r', 'no-event-id'],
    ['u1,e1,2026-11-02T03:04:05Z,', 'no-rule'],
    ['u1,e1,yesterday,r', 'unreadable-time'],
    ['u1,e1,2026-11-02T03:04:05,r', 'unreadable-time'],
    ['u1,e1,2026-02-31T03:04:05Z,r', 'unreadable-time'],
    ['u1,e1,r', 'wrong-columns'],
    ['u1,"e1,2026-11-02T03:04:05Z,r', 'broken-quotes'],
    [`${'u'.repeat(1_025)},e1,2026-11-02T03:04:05Z,r`, 'field-too-long'],
    ['', 'blank'],
  ])('observed line %j is refused by its reason', (line, reason) => {
    expect(makeObservedParser()(line)).toBe(reason);
  });

  it('a reported line holds account and reason', () => {
    const parse = makeReportedParser();
    expect(parse('account_id,reason')).toBe('header');
    expect(parse('u1,"called us, shaken"')).toMatchObject({ accountId: 'u1', reason: 'called us, shaken' });
    expect(parse('u1,')).toBe('no-reason');
    expect(parse(',x')).toBe('no-account');
  });

  it('a time without its offset is not guessed', () => {
    expect(parseInstant('2026-11-02T03:04:05')).toBeNull();
    expect(parseInstant('2026-11-02T03:04:05.123456+05:30')?.toISOString()).toBe('2026-11-01T21:34:05.123Z');
    expect(parseInstant('1762052645')).toBeNull();
  });
});
