import type { SinkRule } from './smtp-sink.ts';

/** One way in which a mail server misbehaves, without whom it befalls. */
export type TortureKind = Omit<SinkRule, 'connection' | 'message' | 'times'>;

/** A server that says no more is cut off by its own side after a while: ours would wait for ten minutes after a dot. */
const silentMs = 1_500;
const dripMs = 30;

/**
 * Befall a connection, before any message. Not here: what holds every message until a person acts (a certificate, a
 * login), where ours then waits for half a minute; see trust-faults.ts.
 */
export const connectionKinds: readonly TortureKind[] = [
  { at: 'connect', say: '', then: 'fin' },
  { at: 'connect', say: '', then: 'rst' },
  { at: 'connect', say: '', delayMs: silentMs, then: 'rst' },
  { at: 'connect', say: '220 slow\r\n', dripMs },
  { at: 'connect', say: `220-${'x'.repeat(5_000)}` },
  { at: 'connect', say: '220-x\r\n'.repeat(20_000) },
  { at: 'connect', say: 'HTTP/1.1 400 Bad Request\r\n' },
  { at: 'connect', say: '220 a\r\n220 b\r\n' },
  { at: 'ehlo', say: '\x00\xff\r\n' },
  { at: 'ehlo', say: '', then: 'rst' },
  { at: 'ehlo', say: '', then: 'fin' },
  { at: 'ehlo', say: '', delayMs: silentMs, then: 'rst' },
  { at: 'ehlo', say: '250-a\r\n251 b\r\n' },
  { at: 'ehlo', say: '250 a\n', then: 'fin' },
];

/** Befall one message. Not here: greylisting, after which ours comes back in five minutes (examples/scenarios/smtp-greylist.ts), and a refused sender, which holds everybody (trust-faults.ts). */
export const messageKinds: readonly TortureKind[] = [
  { at: 'mail', say: '451 4.3.0 later\r\n' },
  { at: 'mail', say: '421 4.7.0 bye\r\n', then: 'fin' },
  { at: 'mail', say: '', then: 'fin' },
  { at: 'mail', say: '250\x00\r\n', then: 'fin' },
  { at: 'rcpt', say: '550 5.1.1 unknown\r\n' },
  { at: 'rcpt', say: ['550-5.1.1 un', 'known\r\n55', '0 5.1.1 really\r', '\n'] },
  { at: 'rcpt', say: '421 4.3.2 bye\r\n', then: 'fin' },
  { at: 'rcpt', say: '452 4.5.3 too many\r\n' },
  { at: 'rcpt', say: '', then: 'rst' },
  { at: 'rcpt', say: '', then: 'fin' },
  { at: 'rcpt', say: '', delayMs: silentMs, then: 'rst' },
  { at: 'rcpt', say: '250 2.1.5 slow\r\n', dripMs },
  { at: 'rcpt', say: 'what?\r\n', then: 'fin' },
  { at: 'rcpt', say: '354 early\r\n', then: 'fin' },
  { at: 'rcpt', say: '250 a\r\n250 b\r\n' },
  { at: 'data', say: '', then: 'fin' },
  { at: 'data', say: '', then: 'rst' },
  { at: 'data', say: '', delayMs: silentMs, then: 'rst' },
  { at: 'data', say: '354\tgo?\r\n', then: 'fin' },
  { at: 'data', say: '421 4.3.2 bye\r\n', then: 'fin' },
  { at: 'data', say: '452 4.3.1 full\r\n' },
  { at: 'data', say: '554 5.5.1 none\r\n' },
  { at: 'data', say: '250 taken?\r\n', then: 'fin' },
  { at: 'data', say: '354 go\r\n', then: 'fin' },
  { at: 'data', say: '354 go\r\n250 2.0.0 taken\r\n' },
  { at: 'data', say: '354 go\r\n421 4.3.2 bye\r\n' },
  { at: 'body', then: 'fin' },
  { at: 'body', then: 'rst' },
  { at: 'dot', say: '', then: 'fin', takes: true },
  { at: 'dot', say: '', then: 'fin', takes: false },
  { at: 'dot', say: '', then: 'rst', takes: true },
  { at: 'dot', say: '', then: 'rst', takes: false },
  { at: 'dot', say: '', delayMs: silentMs, then: 'rst', takes: true },
  { at: 'dot', say: '250 2.0.0 slow\r\n', dripMs, takes: true },
  { at: 'dot', say: '250 2.0.0 late\r\n', delayMs: silentMs, takes: true },
  { at: 'dot', say: 'banana\r\n', takes: true, then: 'fin' },
  { at: 'dot', say: '250 2.0.0 O', then: 'fin', takes: true },
  { at: 'dot', say: '250-2.0.0 Ok\r\n', then: 'fin', takes: true },
  { at: 'dot', say: '354 more\r\n', takes: true, then: 'fin' },
  { at: 'dot', say: '451-no\r\n250 yes\r\n', takes: true },
  { at: 'dot', say: '451 no\r\n250 yes\r\n', takes: true },
  { at: 'dot', say: '451 4.3.0 later\r\n' },
  { at: 'dot', say: '452 4.2.2 full\r\n', then: 'fin' },
  { at: 'dot', say: '421 4.3.2 bye\r\n', then: 'fin' },
  { at: 'dot', say: '451 4.3.0 later\r\n421 bye\r\n', then: 'fin' },
  { at: 'dot', say: '554 5.7.1 spam\r\n' },
  { at: 'dot', say: '554 5.7.1 spam\r\n', then: 'fin' },
  { at: 'dot', say: '250 2.0.0 Ok\r\n', then: 'fin' },
  { at: 'dot', say: ['2', '50-2.0.0 O', 'k\r\n250 2.0.0', ' queued\r', '\n'] },
  { at: 'dot', say: '250 2.0.0 Ok\r\n451 4.4.2 late\r\n' },
];
