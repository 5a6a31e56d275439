import type { SendOutcome, SendPhase } from '../../../app/ports/holder-transport.ts';
import { needsSmtpUtf8, type EnvelopeAddress } from '../envelope-address.ts';
import type { WireContent } from '../wire-content.ts';
import { mailParameters, recipientParameters } from './dsn-parameters.ts';
import type { Session } from './open-session.ts';
import { deferred, refused, released, releasedByLoss } from './outcomes.ts';
import type { Reply } from './reply-parser.ts';
import type { Loss } from './wire.ts';

export interface Envelope {
  /** The empty string is the null reverse path (RFC 5321 4.5.5). */
  readonly from: EnvelopeAddress | '';
  readonly to: EnvelopeAddress;
}

/** `wasUnheard`: the connection was lost before any answer came, as an idle one is that the server had closed. */
export type Envelopes =
  | { readonly kind: 'ready-for-data' }
  | { readonly kind: 'failed'; readonly outcome: SendOutcome; readonly wasUnheard: boolean };

interface Command {
  readonly line: string;
  readonly phase: SendPhase;
  /** First digit of the answer that lets us go on. */
  readonly goodClass: 2 | 3;
}

interface Answers {
  /** In the order of the commands; fewer where we stopped or the connection was lost. */
  readonly replies: readonly Reply[];
  readonly loss: Loss | null;
}

/** Answers that judge our session and not this message: a person's account must not be marked refused for them. */
const sessionCodes: ReadonlySet<number> = new Set([503, 530, 534, 535, 538]);

/**
 * MAIL, RCPT and DATA, together where the server offers PIPELINING (RFC 2920), else one by one. Each reply is matched to
 * its own command; a reply too many, or a yes after a no, is a violation and ends the connection unsent.
 */
export async function openEnvelope(
  session: Session,
  envelope: Envelope,
  content: WireContent,
  limitMs: number,
): Promise<Envelopes> {
  const commands = commandsFor(session, envelope, content);
  const answers = session.capabilities.pipelining
    ? await askTogether(session, commands, limitMs)
    : await askInTurn(session, commands, limitMs);
  const { wire } = session;
  const outcome = judge(commands, answers);
  session.needsReset = outcome !== null;
  if (outcome === null) return { kind: 'ready-for-data' };
  const isDataOpen = answers.replies.some((reply) => classOf(reply) === 3);
  const was421 = answers.replies.some((reply) => reply.code === 421);
  const isStrange = outcome.kind === 'released' && outcome.cause === 'protocol';
  // After a 354 the only way back without a dot is to hang up.
  if (isDataOpen || was421 || isStrange || wire.hasUnread()) wire.abort('the envelope was not agreed');
  return {
    kind: 'failed',
    outcome,
    wasUnheard: answers.replies.length === 0 && (answers.loss?.how === 'closed' || answers.loss?.how === 'reset'),
  };
}

function commandsFor(session: Session, envelope: Envelope, content: WireContent): readonly Command[] {
  const { capabilities } = session;
  // The null return path takes no reports (RFC 5321 4.5.5).
  const wantsReports = capabilities.dsn && envelope.from !== '';
  const parameters = [
    ...(capabilities.sizeMaxBytes === null ? [] : [`SIZE=${content.sizeBytes}`]),
    ...(content.isEightBit ? ['BODY=8BITMIME'] : []),
    ...(needsSmtpUtf8(envelope.to) || needsSmtpUtf8(envelope.from) ? ['SMTPUTF8'] : []),
    ...(wantsReports ? mailParameters(envelope.from) : []),
  ];
  const recipient = [`RCPT TO:<${envelope.to}>`, ...(wantsReports ? recipientParameters(envelope.to) : [])].join(' ');
  const mail = [`MAIL FROM:<${envelope.from}>`, ...parameters].join(' ');
  const commands: Command[] = [
    { line: mail, phase: 'envelope', goodClass: 2 },
    { line: recipient, phase: 'envelope', goodClass: 2 },
    { line: 'DATA', phase: 'data', goodClass: 3 },
  ];
  if (session.needsReset) commands.unshift({ line: 'RSET', phase: 'greeted', goodClass: 2 });
  return commands;
}

async function askTogether(session: Session, commands: readonly Command[], limitMs: number): Promise<Answers> {
  const { wire } = session;
  wire.write(commands.map((command) => `${command.line}\r\n`).join(''));
  const replies: Reply[] = [];
  for (let count = 0; count < commands.length; count += 1) {
    const heard = await wire.hear(limitMs);
    if (heard.kind === 'lost') return { replies, loss: heard.loss };
    replies.push(heard.reply);
    // 421 is the last word of a server: the answers to the other commands will not come.
    if (heard.reply.code === 421) break;
  }
  return { replies, loss: null };
}

async function askInTurn(session: Session, commands: readonly Command[], limitMs: number): Promise<Answers> {
  const { wire } = session;
  const replies: Reply[] = [];
  for (const command of commands) {
    if (wire.hasUnread()) {
      // Only 421 may come unasked (RFC 5321 3.8); anything else leaves this command without an answer.
      const unasked = wire.takeUnread();
      if (unasked?.code === 421) replies.push(unasked);
      break;
    }
    wire.write(`${command.line}\r\n`);
    const heard = await wire.hear(limitMs);
    if (heard.kind === 'lost') return { replies, loss: heard.loss };
    replies.push(heard.reply);
    if (classOf(heard.reply) !== command.goodClass) break;
  }
  return { replies, loss: null };
}

/** The outcome of the first command that was not answered well; null when all were. */
function judge(commands: readonly Command[], answers: Answers): SendOutcome | null {
  for (const [index, command] of commands.entries()) {
    const reply = answers.replies[index];
    if (reply === undefined) {
      if (answers.loss !== null) return releasedByLoss(command.phase, answers.loss);
      return released(command.phase, 'protocol', 'the server answered what nobody asked');
    }
    if (classOf(reply) !== command.goodClass) return judgeNo(command, reply, answers.replies.slice(index + 1));
  }
  return null;
}

function judgeNo(command: Command, reply: Reply, later: readonly Reply[]): SendOutcome {
  const { phase } = command;
  if (reply.code < 400) return released(phase, 'protocol', `the server answered ${reply.code} out of turn`);
  // RFC 2920 3.1: with no recipient left DATA may still get its 354. Any other yes means that we are one reply off.
  if (later.some((next) => next.code < 300)) return released(phase, 'protocol', 'the server said yes after a no');
  if (reply.code < 500) return deferred(phase, reply);
  if (sessionCodes.has(reply.code) || command.line === 'RSET') {
    const cause = reply.code === 503 ? 'turned-away' : 'login';
    return released(phase, cause, `the server answered ${reply.code}: it refuses the session, not the message`);
  }
  // MAIL names nobody but us: whatever is wrong with it is wrong for everybody (RFC 5321 4.1.1.2).
  if (command.line.startsWith('MAIL ')) {
    const status = reply.enhanced === null ? '' : ` ${reply.enhanced}`;
    return released(phase, 'turned-away', `the server answered ${reply.code}${status} to MAIL: it refuses our sender`);
  }
  return refused(phase, reply);
}

function classOf(reply: Reply): number {
  return Math.floor(reply.code / 100);
}
