import { isIP } from 'node:net';

import type { ReleaseCause, SendOutcome, SendPhase } from '../../../app/ports/holder-transport.ts';
import { readCapabilities, type Capabilities } from './capabilities.ts';
import { dialTcp, secure } from './dial.ts';
import { deferred, released, releasedByLoss } from './outcomes.ts';
import type { Reply } from './reply-parser.ts';
import { signIn } from './sign-in.ts';
import type { SmtpServer } from './smtp-server.ts';
import type { TimeLimits } from './time-limits.ts';
import { Wire } from './wire.ts';

/** A connection on which the next thing to say is MAIL. */
export interface Session {
  readonly wire: Wire;
  readonly capabilities: Capabilities;
  /** On the monotonic clock, in milliseconds. */
  readonly openedAtMs: number;
  /** Messages begun on it. */
  begun: number;
  /** A transaction was left open, so that RSET has to come first. */
  needsReset: boolean;
}

export interface SessionSettings {
  readonly server: SmtpServer;
  /** What we call ourselves in EHLO: a host name or an address literal. */
  readonly clientName: string;
  /** PEM of a private authority; undefined means those that Node trusts. */
  readonly certificateAuthority: string | undefined;
  readonly limits: TimeLimits;
}

/** `outcome` is that of every message that waited for this connection: `released`, or `deferred` for a 4xx. */
export type Opening =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly outcome: SendOutcome };

type Step<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly outcome: SendOutcome };

/**
 * Connects, greets, puts TLS on where the server's mode asks for it, and signs in. A 5xx here is no verdict on any
 * recipient, so it releases rather than refuses.
 */
export async function openSession(settings: SessionSettings): Promise<Opening> {
  const { server, limits, certificateAuthority } = settings;
  const dialled = await dialTcp(server, limits.connectMs);
  if (dialled.kind === 'failed') return failed(released('connecting', dialled.cause, dialled.why));
  const tcp = dialled.socket;

  let wire: Wire;
  if (server.tls === 'implicit') {
    const secured = await secure(tcp, server, certificateAuthority, limits.connectMs);
    if (secured.kind === 'failed') return failed(released('connecting', secured.cause, secured.why));
    wire = new Wire(secured.socket, tcp);
  } else {
    wire = new Wire(tcp, tcp);
  }
  const greeting = await hearExpected(wire, limits.greetingMs, 220, 'connecting');
  if (greeting.kind === 'failed') return greeting;
  let hello = await sayHello(wire, settings);
  if (hello.kind === 'failed') return hello;

  if (server.tls === 'starttls') {
    if (!hello.value.startTls) return giveUp(wire, 'untrusted', 'the server offers no STARTTLS, and TLS is required');
    const ready = await command(wire, 'STARTTLS', 220, limits.commandMs);
    if (ready.kind === 'failed') return ready;
    // Anything said in the clear after the 220 could be an attacker's, spoken into the TLS session (CVE-2011-0411).
    if (wire.hasUnread()) return giveUp(wire, 'untrusted', 'the server spoke in the clear after agreeing to STARTTLS');
    const secured = await secure(wire.detach(), server, certificateAuthority, limits.connectMs);
    if (secured.kind === 'failed') return failed(released('greeted', secured.cause, secured.why));
    wire = new Wire(secured.socket, tcp);
    // RFC 3207 4.2: what was promised before TLS is forgotten.
    hello = await sayHello(wire, settings);
    if (hello.kind === 'failed') return hello;
  }
  const { login } = server;
  if (login !== null) {
    const problem = await signIn(wire, { ...server, login }, hello.value.auth, limits.commandMs);
    if (problem !== null) return giveUp(wire, problem.cause, problem.why);
  }
  return {
    kind: 'open',
    session: { wire, capabilities: hello.value, openedAtMs: performance.now(), begun: 0, needsReset: false },
  };
}

/** `name` if it can stand in EHLO (RFC 5321 4.1.1.1), else null. */
export function helloName(name: string): string | null {
  if (isIP(name) === 4) return `[${name}]`;
  if (isIP(name) === 6) return `[IPv6:${name}]`;
  return /^(?=.{1,255}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(
    name,
  )
    ? name
    : null;
}

async function sayHello(wire: Wire, settings: SessionSettings): Promise<Step<Capabilities>> {
  const answer = await command(wire, `EHLO ${settings.clientName}`, 250, settings.limits.commandMs);
  return answer.kind === 'failed' ? answer : { kind: 'done', value: readCapabilities(answer.value) };
}

async function command(wire: Wire, line: string, expected: number, limitMs: number): Promise<Step<Reply>> {
  if (wire.hasUnread()) return giveUp(wire, 'protocol', 'the server answered what nobody asked');
  wire.write(`${line}\r\n`);
  return hearExpected(wire, limitMs, expected, 'greeted');
}

async function hearExpected(wire: Wire, limitMs: number, expected: number, phase: SendPhase): Promise<Step<Reply>> {
  const heard = await wire.hear(limitMs);
  if (heard.kind === 'lost') return failed(releasedByLoss(phase, heard.loss));
  const { reply } = heard;
  if (reply.code === expected) return { kind: 'done', value: reply };
  wire.abort('the session could not be opened');
  if (reply.code >= 400 && reply.code < 500) return failed(deferred(phase, reply));
  const cause = reply.code >= 500 ? 'turned-away' : 'protocol';
  return failed(released(phase, cause, `the server answered ${reply.code} where ${expected} was due`));
}

function giveUp(wire: Wire, cause: ReleaseCause, why: string): { kind: 'failed'; outcome: SendOutcome } {
  wire.abort(why);
  return failed(released('greeted', cause, why));
}

function failed(outcome: SendOutcome): { kind: 'failed'; outcome: SendOutcome } {
  return { kind: 'failed', outcome };
}
