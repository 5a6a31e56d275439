import type { ReleaseCause, SendOutcome, SendPhase } from '../../../app/ports/holder-transport.ts';
import { assertNever } from '../../../domain/shared/assert-never.ts';
import type { Reply } from './reply-parser.ts';
import type { Loss } from './wire.ts';

export function accepted(reply: Reply): SendOutcome {
  return { kind: 'accepted', code: reply.code, reply: reply.text, ...statusOf(reply) };
}

export function refused(phase: SendPhase, reply: Reply): SendOutcome {
  return { kind: 'refused', phase, code: reply.code, reply: reply.text, ...statusOf(reply) };
}

export function deferred(phase: SendPhase, reply: Reply): SendOutcome {
  return { kind: 'deferred', phase, code: reply.code, reply: reply.text, ...statusOf(reply) };
}

export function released(phase: SendPhase, cause: ReleaseCause, why: string): SendOutcome {
  return { kind: 'released', phase, cause, why };
}

/** The connection was lost before the dot. */
export function releasedByLoss(phase: SendPhase, loss: Loss): SendOutcome {
  return released(phase, causeOf(loss), loss.why);
}

export function unknown(why: string): SendOutcome {
  return { kind: 'unknown', phase: 'dot-written', why };
}

/** Refused by us before a byte was sent: what RFC 3463 `enhanced` says, in the form of a server's answer. */
export function refusedHere(phase: SendPhase, code: number, enhanced: string, why: string): SendOutcome {
  return { kind: 'refused', phase, code, enhanced, reply: `not sent: ${why}` };
}

/** The outcome without the recipient's address, which servers like to repeat and which belongs in no log. */
export function withoutAddress(outcome: SendOutcome, address: string): SendOutcome {
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
    case 'deferred':
      return { ...outcome, reply: strike(outcome.reply, address) };
    case 'unknown':
    case 'released':
      return outcome;
    default:
      return assertNever(outcome);
  }
}

function strike(text: string, address: string): string {
  let rest = text;
  const needle = address.toLowerCase();
  if (needle === '') return text;
  let struck = '';
  for (let at = rest.toLowerCase().indexOf(needle); at !== -1; at = rest.toLowerCase().indexOf(needle)) {
    struck += `${rest.slice(0, at)}(recipient)`;
    rest = rest.slice(at + needle.length);
  }
  return struck + rest;
}

function statusOf(reply: Reply): { enhanced?: string } {
  return reply.enhanced === null ? {} : { enhanced: reply.enhanced };
}

export function causeOf(loss: Loss): ReleaseCause {
  switch (loss.how) {
    case 'closed':
    case 'reset':
    case 'ours':
      return 'unreachable';
    case 'silent':
      return 'silent';
    case 'garbled':
      return 'protocol';
    default:
      return assertNever(loss.how);
  }
}
