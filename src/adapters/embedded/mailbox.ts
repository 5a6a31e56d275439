import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream } from 'smtp-server';
import { Failure } from '../../domain/shared/failure.ts';
import type { MailboxMessage } from './mailbox-message.ts';

/** A demonstration tells thousands, not more. The oldest go first, and are counted. */
const defaultMaxMessages = 50_000;

/** Mails live in memory; a notice has about 10 kB, so the number of mails is reached first. */
const maxHeldBytes = 512 * 1024 * 1024;

/** A notice has no attachments. What is larger is refused with 552 (RFC 1870). */
const maxMessageBytes = 2 * 1024 * 1024;

/** A sender keeps a few connections open; more than this is a mistake, answered with 421. */
const maxConnections = 200;

/** At stop, sessions get this long to finish before their sockets are closed. */
const closeTimeoutMs = 1_000;

const loopback = '127.0.0.1';

export interface MailboxOptions {
  /** 0 picks a free port. */
  readonly smtpPort: number;
  /** Called once for each mail, after it is kept and before the sender reads its 250. */
  readonly onMail?: (message: MailboxMessage) => void;
  readonly maxMessages?: number;
  /** The sender waits so long for its 250, asked for each mail, as over a slow network. Milliseconds. */
  readonly replyAfterMs?: () => number;
  readonly now?: () => Date;
}

export interface Mailbox {
  readonly smtpPort: number;
  /** Mails held now. */
  count(): number;
  /** Mails that arrived and had to make room for newer ones. */
  dropped(): number;
  /** Mails with this envelope recipient, byte for byte, oldest first. */
  messagesTo(address: string): readonly MailboxMessage[];
  /** Mails with an id above `after`, oldest first; without it, all that are held. */
  all(after?: number): readonly MailboxMessage[];
  message(id: number): MailboxMessage | undefined;
  clear(): void;
  stop(): Promise<void>;
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

function refuseTooLong(): Error {
  return Object.assign(new Error('5.3.4 This mailbox takes messages of up to 2 MiB'), { responseCode: 552 });
}

async function listen(server: SMTPServer, port: number): Promise<number> {
  const listening = once(server.server, 'listening');
  server.listen(port, loopback);
  try {
    await listening;
  } catch (cause) {
    throw new Failure(
      'mailer-unavailable',
      `The built-in mailbox cannot listen on port ${port}. Another program may hold it; choose another port.`,
      { port },
      cause,
    );
  }
  return (server.server.address() as AddressInfo).port;
}

/**
 * Starts the built-in mailbox: an SMTP server on loopback that delivers nowhere and keeps every mail in memory, so that
 * a demonstration and a test can look at what really left. No authentication, no TLS. smtp-server writes a recipient's
 * domain in Unicode where it came as punycode; all else of the envelope is kept as it was sent.
 */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const now = options.now ?? (() => new Date());
  const maxMessages = options.maxMessages ?? defaultMaxMessages;
  // A map gives its entries in the order of arrival.
  const held = new Map<number, MailboxMessage>();
  let heldBytes = 0;
  let dropped = 0;
  let lastId = 0;

  const keep = (mail: Omit<MailboxMessage, 'id'>): number => {
    lastId += 1;
    const message = { id: lastId, ...mail };
    held.set(message.id, message);
    heldBytes += message.raw.length;
    for (const [id, oldest] of held) {
      if (held.size <= maxMessages && heldBytes <= maxHeldBytes) break;
      held.delete(id);
      heldBytes -= oldest.raw.length;
      dropped += 1;
    }
    options.onMail?.(message);
    return message.id;
  };

  const server = new SMTPServer({
    name: 'mailbox.allclear.invalid',
    banner: 'Allclear mailbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    maxAllowedUnauthenticatedCommands: false,
    disableReverseLookup: true,
    size: maxMessageBytes,
    maxClients: maxConnections,
    closeTimeout: closeTimeoutMs,
    logger: false,
    onData(stream, session, reply) {
      readAll(stream)
        .then(async (raw) => {
          if (stream.sizeExceeded) throw refuseTooLong();
          const { mailFrom, rcptTo } = session.envelope;
          const to = rcptTo.map(({ address }) => address);
          const id = keep({ from: mailFrom === false ? '' : mailFrom.address, to, raw, arrivedAt: now() });
          await delay(options.replyAfterMs?.() ?? 0, undefined, { ref: false });
          reply(null, `2.0.0 Kept as ${id}`);
        })
        .catch(reply);
    },
  });
  server.on('error', () => {
    // A sender that hangs up in the middle of a session has delivered nothing, and notices it; a failed listen rejects.
  });
  const smtpPort = await listen(server, options.smtpPort);

  const all = (after = 0): readonly MailboxMessage[] => [...held.values()].filter(({ id }) => id > after);
  return {
    smtpPort,
    count: () => held.size,
    dropped: () => dropped,
    messagesTo: (address) => all().filter(({ to }) => to.includes(address)),
    all,
    message: (id) => held.get(id),
    clear: () => {
      held.clear();
      heldBytes = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
