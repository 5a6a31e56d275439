import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream } from 'smtp-server';
import type { MailReport } from '../../app/notice/take-report.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { readReport } from './read-report.ts';

/** A report that repeats a whole notice has some dozen kilobytes. Larger ones are refused with 552 (RFC 1870). */
const maxMessageBytes = 512 * 1_024;
/** Servers that return mail come one by one; more than this at a time are strangers who hold lines open. */
const maxConnections = 50;
/** No byte for this long ends a connection, and so does its whole time: a byte a minute keeps no line. */
const silentMs = 30_000;
const connectionMs = 120_000;
/** Commands on one connection: EHLO, and a dozen reports of three commands each. */
const maxCommands = 40;
/** One path names one mail: a report is about one of them. */
const maxRecipients = 1;
/** At stop, sessions get this long to finish. */
const closeTimeoutMs = 1_000;

/** In a return path, the place of a notice's number: the one address for the complaints of feedback loops. */
export const complaintsReference = 'complaints';

export interface FeedbackListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a return path of ours names; null where its HMAC does not say that we made it. */
  readonly readReference: (address: string) => string | null;
  /** `later`: the sender is asked to come again. */
  readonly onReport: (reference: string, report: MailReport) => Promise<'taken' | 'later'>;
  readonly warn: (message: string) => void;
}

export interface FeedbackListener {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Takes mail that comes back, and no other: whoever does not know the HMAC of a return path is refused at RCPT, always
 * with the same words. Mail that says nothing that can be read is taken and forgotten, for a refusal would only come back.
 */
export async function startFeedbackListener(options: FeedbackListenerOptions): Promise<FeedbackListener> {
  const server = new SMTPServer({
    name: 'feedback.allclear.invalid',
    banner: 'Allclear feedback',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    maxAllowedUnauthenticatedCommands: maxCommands,
    disableReverseLookup: true,
    size: maxMessageBytes,
    maxClients: maxConnections,
    socketTimeout: silentMs,
    closeTimeout: closeTimeoutMs,
    logger: false,
    onRcptTo({ address }, session, reply) {
      if (session.envelope.rcptTo.length >= maxRecipients) return reply(refusal(452, '4.5.3 One recipient at a time'));
      return reply(options.readReference(address) === null ? refusal(550, '5.1.1 No such mailbox') : null);
    },
    onData(stream, session, reply) {
      readAll(stream)
        .then(async (raw) => {
          if (stream.sizeExceeded) return reply(refusal(552, '5.3.4 Too long'));
          const reference = options.readReference(session.envelope.rcptTo[0]?.address ?? '');
          const answer = reference === null ? 'taken' : await take(options, reference, raw);
          return answer === 'taken' ? reply(null, '2.0.0 Taken') : reply(refusal(451, '4.3.0 Not now, come again'));
        })
        .catch((error: unknown) => {
          options.warn(`A report could not be recorded and was asked for again: ${(error as Error).message}`);
          reply(refusal(451, '4.3.0 Not now, come again'));
        });
    },
  });
  server.on('error', () => {
    // A sender that hangs up in the middle has said nothing; a failed listen rejects.
  });
  server.server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), connectionMs);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  });
  return { port: await listen(server, options), stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function take(options: FeedbackListenerOptions, reference: string, raw: Uint8Array): Promise<'taken' | 'later'> {
  const read = readReport(raw);
  if (read === null) return 'taken';
  const { report, returnPath } = read;
  if (report.kind !== 'complained')
    return reference === complaintsReference ? 'taken' : options.onReport(reference, report);
  const about = returnPath === null ? null : options.readReference(returnPath);
  const subject = reference === complaintsReference ? about : reference;
  // A complaint that repeats the path of another mail than the one that it came to is about neither.
  if (subject === null || subject === complaintsReference || (about !== null && about !== subject)) return 'taken';
  return options.onReport(subject, report);
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Read to the end even when it is too long: the reply comes after the final dot.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= maxMessageBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

async function listen(server: SMTPServer, { host, port }: FeedbackListenerOptions): Promise<number> {
  const listening = once(server.server, 'listening');
  server.listen(port, host);
  try {
    await listening;
  } catch (cause) {
    throw new Failure(
      'mailer-unavailable',
      `Bounces cannot be taken on port ${port}: it is held by another program, or this user may not open it. Choose another port (ALLCLEAR_FEEDBACK_SMTP_PORT).`,
      { port },
      cause,
    );
  }
  return (server.server.address() as AddressInfo).port;
}
