import type { BeforeDot, MayWriteDot, SendOutcome, SendPhase } from '../../../app/ports/holder-transport.ts';
import { needsSmtpUtf8 } from '../envelope-address.ts';
import type { WireContent } from '../wire-content.ts';
import type { Capabilities } from './capabilities.ts';
import { openEnvelope, type Envelope } from './open-envelope.ts';
import type { Session } from './open-session.ts';
import { accepted, deferred, refused, refusedHere, released, releasedByLoss, unknown } from './outcomes.ts';
import type { Reply } from './reply-parser.ts';
import type { TimeLimits } from './time-limits.ts';
import type { Wire } from './wire.ts';

/** `stale`: the connection had died while it lay idle, and nothing at all was sent on it. */
export type Delivery = { readonly kind: 'done'; readonly outcome: SendOutcome } | { readonly kind: 'stale' };

/** Between two pieces the server's objections are read; a kernel takes this much at once. */
const pieceBytes = 65_536;

const finalDot = '.\r\n';

/** What is asked, and waited for, before the dot of a message. */
export interface DotAsks {
  readonly mayWriteDot: MayWriteDot;
  readonly beforeDot?: BeforeDot | undefined;
}

/**
 * Gives one message to the server and says exactly how far it came. Until the dot nothing can have been delivered, so
 * every failure is `released` unless the server judged the message. From the dot on only a clean reply counts: all else
 * is `unknown`. The connection is usable for another message afterwards if, and only if, `session.wire` has no loss.
 */
export async function deliver(
  session: Session,
  envelope: Envelope,
  content: WireContent,
  { mayWriteDot, beforeDot }: DotAsks,
  limits: TimeLimits,
): Promise<Delivery> {
  const { wire, capabilities } = session;
  // A word that came late after the last message must not be taken for the answer to this one.
  if (session.begun > 0) await wire.catchUp();
  if (wire.hasUnread()) wire.abort('the server spoke while nothing was asked');
  if (wire.loss !== null) return { kind: 'stale' };
  const unfit = whatServerCannotTake(capabilities, envelope, content);
  if (unfit !== null) return { kind: 'done', outcome: unfit };

  const isFirst = session.begun === 0;
  session.begun += 1;
  const opened = await openEnvelope(session, envelope, content, limits.commandMs);
  if (opened.kind === 'failed') {
    // An idle connection that the server closed shows itself only at the first command.
    if (opened.wasUnheard && !isFirst) return { kind: 'stale' };
    return { kind: 'done', outcome: opened.outcome };
  }
  const stopped = await writeBody(wire, content.bytes, limits);
  if (stopped !== null) return { kind: 'done', outcome: stopped };
  if (beforeDot !== undefined) {
    await beforeDot();
    // Whatever came meanwhile must be known before the dot.
    await wire.catchUp();
    const objection = objectionDuringData(wire);
    if (objection !== null) return { kind: 'done', outcome: objection };
  }
  if (!isAllowed(mayWriteDot)) {
    wire.abort('not permitted to write the dot');
    return { kind: 'done', outcome: released('data', 'not-permitted', 'the final dot was not permitted') };
  }
  wire.write(finalDot);
  return { kind: 'done', outcome: await judgeAfterDot(wire, limits.afterDotMs) };
}

function whatServerCannotTake(
  capabilities: Capabilities,
  envelope: Envelope,
  content: WireContent,
): SendOutcome | null {
  if (!capabilities.smtpUtf8 && (needsSmtpUtf8(envelope.to) || needsSmtpUtf8(envelope.from))) {
    return refusedHere('greeted', 553, '5.6.7', 'the mail server takes no address beyond ASCII (SMTPUTF8)');
  }
  if (!capabilities.eightBitMime && content.isEightBit) {
    return refusedHere('greeted', 554, '5.6.3', 'the mail server takes no 8-bit message (8BITMIME)');
  }
  const { sizeMaxBytes } = capabilities;
  if (sizeMaxBytes !== null && sizeMaxBytes > 0 && content.sizeBytes > sizeMaxBytes) {
    return refusedHere('greeted', 552, '5.3.4', 'the message is larger than the mail server takes (SIZE)');
  }
  return null;
}

/** Hands all but the dot to the kernel. Null when the dot may follow in this very tick. */
async function writeBody(wire: Wire, bytes: Uint8Array, limits: TimeLimits): Promise<SendOutcome | null> {
  let objection = objectionDuringData(wire);
  for (let at = 0; at < bytes.length && objection === null; at += pieceBytes) {
    wire.write(bytes.subarray(at, at + pieceBytes));
    await wire.drain(limits.dataBlockMs);
    // A 421, an end or a HALT that is already here must be known before the dot.
    await wire.catchUp();
    objection = objectionDuringData(wire);
  }
  return objection;
}

/** Nothing may be said to us before the dot, except 421 (RFC 5321 3.8). */
function objectionDuringData(wire: Wire): SendOutcome | null {
  if (wire.hasUnread()) {
    const reply = wire.takeUnread();
    wire.abort('the server spoke during DATA');
    if (reply?.code === 421) return deferred('data', reply);
    return released('data', 'protocol', 'the server spoke before the message was complete');
  }
  return wire.loss === null ? null : releasedByLoss('data', wire.loss);
}

/** An error while asking is a no: a fence that cannot be read is a fence that is up. */
function isAllowed(mayWriteDot: MayWriteDot): boolean {
  try {
    return mayWriteDot() === true;
  } catch {
    return false;
  }
}

async function judgeAfterDot(wire: Wire, limitMs: number): Promise<SendOutcome> {
  const heard = await wire.hear(limitMs);
  if (heard.kind === 'lost') return unknown(heard.loss.why);
  const { reply } = heard;
  const outcome = judgeReply(wire, reply, 'replied');
  if (reply.code === 421 || wire.hasUnread() || outcome.kind === 'unknown') wire.abort('not fit for another message');
  return outcome;
}

function judgeReply(wire: Wire, reply: Reply, phase: SendPhase): SendOutcome {
  if (reply.code < 300) return accepted(reply);
  if (reply.code < 400) return unknown(`the message was answered ${reply.code}`);
  // A no with something else behind it might be an old no before a fresh yes. Calling that unsent could mail twice.
  if (isFollowedByDoubt(wire)) return unknown(`the message was answered ${reply.code}, and then something else`);
  return reply.code < 500 ? deferred(phase, reply) : refused(phase, reply);
}

function isFollowedByDoubt(wire: Wire): boolean {
  if (wire.loss?.how === 'garbled') return true;
  for (let next = wire.takeUnread(); next !== null; next = wire.takeUnread()) {
    if (next.code < 400) return true;
    wire.abort('more than one reply to a message');
  }
  return wire.hasUnread();
}
