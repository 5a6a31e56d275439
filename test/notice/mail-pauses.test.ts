import { describe, expect, test } from 'vitest';

import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import type { MailPauses } from '../../src/app/notice/mail-pauses.ts';
import type { SendOutcome } from '../../src/app/ports/holder-transport.ts';

const ann = 'ann@one.test';
const ben = 'ben@ONE.test';
const cem = 'cem@two.test';
const retrySeconds = 300;

const accepted: SendOutcome = { kind: 'accepted', code: 250, reply: 'Ok' };
const deferred = (code: number, reply = 'later', phase: 'envelope' | 'connecting' = 'envelope'): SendOutcome => ({
  kind: 'deferred',
  phase,
  code,
  reply,
  ...(/^4\.\d\.\d/.test(reply) ? { enhanced: reply.slice(0, 5) } : {}),
});
const released = (cause: 'untrusted' | 'unreachable' | 'not-permitted', why: string): SendOutcome => ({
  kind: 'released',
  phase: cause === 'not-permitted' ? 'data' : 'connecting',
  cause,
  why,
});

function withClock(): { readonly pauses: MailPauses; pass(seconds: number): void } {
  let now = 1_000_000;
  return { pauses: makeMailPauses({ monotonicMs: () => now }), pass: (seconds) => (now += seconds * 1_000) };
}

describe('the domain of a recipient', () => {
  test('that said 421 is left alone, longer each time, and nobody else is', () => {
    const { pauses, pass } = withClock();
    for (const seconds of [300, 600, 1_200, 2_400, 3_600, 3_600]) {
      expect(pauses.learn(ann, deferred(421), retrySeconds)).toBe(seconds);
      expect(pauses.secondsUntil(ben, 'correct')).toBe(seconds);
      expect(pauses.secondsUntil(cem, 'correct')).toBe(0);
      expect(pauses.heldBy()).toBeNull();
      pass(seconds - 1);
      expect(pauses.secondsUntil(ben, 'correct')).toBe(1);
      pass(1);
      expect(pauses.secondsUntil(ben, 'correct')).toBe(0);
    }
    pauses.learn(ann, accepted, retrySeconds);
    expect(pauses.learn(ben, deferred(421), retrySeconds)).toBe(300);
  });

  test('is left alone after three 4xx in a row, and not after as many with a mail taken between them', () => {
    const { pauses } = withClock();
    expect(pauses.learn(ann, deferred(451), retrySeconds)).toBe(0);
    pauses.learn(ben, deferred(452), retrySeconds);
    pauses.learn(ann, accepted, retrySeconds);
    pauses.learn(ann, deferred(451), retrySeconds);
    pauses.learn(ben, deferred(451), retrySeconds);
    expect(pauses.secondsUntil(ann, 'correct')).toBe(0);
    expect(pauses.learn(ann, deferred(451), retrySeconds)).toBe(300);
    expect(pauses.secondsUntil(ben, 'correct')).toBe(300);
  });

  test('is left alone by notices after two 4xx in a row: what is left of its patience is for corrections', () => {
    const { pauses, pass } = withClock();
    pauses.learn(ann, deferred(451), retrySeconds);
    expect(pauses.secondsUntil(ben, 'tell')).toBe(0);
    pauses.learn(ann, deferred(451), retrySeconds);
    for (const track of ['tell', 'late'] as const) expect(pauses.secondsUntil(ben, track)).toBe(300);
    for (const track of ['holding', 'correct'] as const) expect(pauses.secondsUntil(ben, track)).toBe(0);
    pass(300);
    expect(pauses.secondsUntil(ben, 'tell')).toBe(0);
    pauses.learn(ann, deferred(421), retrySeconds);
    for (const track of ['tell', 'correct'] as const) expect(pauses.secondsUntil(ben, track)).toBe(300);
    pauses.learn(ann, accepted, retrySeconds);
    expect(pauses.secondsUntil(ben, 'tell')).toBe(0);
  });

  test('that greylists is asked again no sooner than in five minutes, and its other people are tried meanwhile', () => {
    const { pauses } = withClock();
    for (const reply of ['4.7.1 come back', 'Greylisted, see you', '4.2.0 you are greylisted']) {
      for (let count = 0; count < 5; count += 1) expect(pauses.learn(ann, deferred(450, reply), 2)).toBe(300);
    }
    expect(pauses.learn(ann, deferred(451, '4.7.1 later'), 2)).toBe(300);
    expect(pauses.secondsUntil(ben, 'correct')).toBe(0);
  });

  test('mails under way together count as one failure', () => {
    const { pauses, pass } = withClock();
    for (let count = 0; count < 8; count += 1) pauses.learn(ann, deferred(421), retrySeconds);
    expect(pauses.secondsUntil(ann, 'correct')).toBe(300);
    pass(300);
    expect(pauses.learn(ann, deferred(421), retrySeconds)).toBe(600);
  });

  test('more domains than are remembered cost a try, and no memory without end', () => {
    const { pauses } = withClock();
    for (let domain = 0; domain < 10_001; domain += 1) pauses.learn(`a@d${domain}.test`, deferred(421), retrySeconds);
    expect(pauses.secondsUntil('a@d0.test', 'correct')).toBe(0);
    expect(pauses.secondsUntil('a@d10000.test', 'correct')).toBe(300);
  });
});

/** A refusal before the dot, as the transport tells it. */
const refused = (code: number, reply: string, phase: 'envelope' | 'data' | 'replied' = 'envelope'): SendOutcome => ({
  kind: 'refused',
  phase,
  code,
  reply,
  ...(/^5\.\d+\.\d+/.test(reply) ? { enhanced: reply.split(' ')[0] ?? '' } : {}),
});

describe('a refusal of what we are', () => {
  test.each([
    [554, '5.7.1 <(recipient)>: Relay access denied'],
    [550, '5.7.606 Access denied, banned sending IP'],
    [550, '5.7.26 Unauthenticated mail is prohibited'],
    [553, '5.1.8 Sender address rejected: Domain not found'],
    [554, 'Relay access denied'],
    [550, 'relaying to (recipient) prohibited by administrator'],
    [550, 'Unable to relay'],
  ])('holds the domain, says why, and lets its people be tried again: %i %s', (code, reply) => {
    const { pauses, pass } = withClock();
    expect(pauses.learn(ann, refused(code, reply), retrySeconds)).toBe(300);
    for (const track of ['tell', 'correct'] as const) expect(pauses.secondsUntil(ben, track)).toBe(300);
    expect(pauses.secondsUntil(cem, 'tell')).toBe(0);
    expect(pauses.heldBy()).toBeNull();
    expect(pauses.refusedBy()).toContain(`one recipient domain refuses our mail as such (${code}`);
    pass(300);
    expect(pauses.refusedBy()).toBeNull();
    expect(pauses.learn(ann, refused(code, reply), retrySeconds)).toBe(600);
    pauses.learn(ann, accepted, retrySeconds);
    expect([pauses.refusedBy(), pauses.secondsUntil(ben, 'tell')]).toEqual([null, 0]);
  });

  test.each([
    [550, '5.1.1 no such user', 'envelope'],
    [550, '5.7.17 the mailbox has another owner', 'envelope'],
    [550, 'no such user at mx-relay1', 'envelope'],
    [550, 'no such user here', 'envelope'],
    [552, '5.2.2 full', 'envelope'],
    [554, '5.7.1 spam', 'replied'],
  ] as const)('is not one of a person, nor one after the dot: %i %s', (code, reply, phase) => {
    const { pauses } = withClock();
    expect(pauses.learn(ann, refused(code, reply, phase), retrySeconds)).toBe(0);
    expect([pauses.refusedBy(), pauses.secondsUntil(ben, 'tell')]).toEqual([null, 0]);
  });

  test('by domain after domain holds everybody, and not where mail is taken in between', () => {
    const { pauses, pass } = withClock();
    const relayDenied = refused(554, '5.7.1 Relay access denied');
    const addresses = ['a@one.test', 'b@two.test', 'c@three.test', 'd@four.test'];
    for (const address of addresses) {
      pauses.learn(address, relayDenied, retrySeconds);
      pauses.learn('e@five.test', accepted, retrySeconds);
    }
    expect(pauses.heldBy()).toBeNull();
    pass(3_600);
    for (const address of addresses.slice(0, 2)) pauses.learn(address, relayDenied, retrySeconds);
    expect(pauses.heldBy()).toBeNull();
    pauses.learn(addresses[2] ?? '', relayDenied, retrySeconds);
    expect(pauses.heldBy()).toContain('554 5.7.1 to RCPT');
    pass(30);
    expect(pauses.heldBy()).toBeNull();
  });
});

describe('the mail server itself', () => {
  test('with a bad certificate holds everybody, says why, and is looked at again after a while', () => {
    const { pauses, pass } = withClock();
    for (const seconds of [30, 60, 120, 240, 300, 300]) {
      pauses.learn(ann, released('untrusted', 'TLS failed: CERT_HAS_EXPIRED'), retrySeconds);
      expect(pauses.heldBy()).toContain('CERT_HAS_EXPIRED');
      pass(seconds - 0.001);
      expect(pauses.heldBy()).not.toBeNull();
      pass(0.001);
      expect(pauses.heldBy()).toBeNull();
    }
    pauses.learn(cem, accepted, retrySeconds);
    pauses.learn(ann, released('untrusted', 'TLS failed: CERT_HAS_EXPIRED'), retrySeconds);
    pass(30);
    expect(pauses.heldBy()).toBeNull();
  });

  test('that is away, or says 421 as a greeting, is asked again soon, and no domain is blamed for it', () => {
    const { pauses, pass } = withClock();
    pauses.learn(ann, released('unreachable', 'cannot connect: ECONNREFUSED'), retrySeconds);
    expect(pauses.heldBy()).toContain('ECONNREFUSED');
    pass(1);
    pauses.learn(ann, deferred(421, '4.3.2 full', 'connecting'), retrySeconds);
    expect(pauses.heldBy()).toContain('421');
    expect(pauses.secondsUntil(ann, 'correct')).toBe(0);
    pass(10);
    expect(pauses.heldBy()).toBeNull();
  });

  test('is not held because a halt refused a dot', () => {
    const { pauses } = withClock();
    pauses.learn(ann, released('not-permitted', 'the final dot was not permitted'), retrySeconds);
    expect(pauses.heldBy()).toBeNull();
  });
});
