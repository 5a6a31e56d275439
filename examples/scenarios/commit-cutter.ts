import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** Where a connection is cut: COMMIT never reaches the server; its answer never reaches us; or nobody looks. */
export type Cut = 'before' | 'after' | 'blind';

export interface CommitCutter {
  /** The same database, by way of the cutter. */
  readonly url: string;
  /** Cuts so far, of each kind. */
  cuts(): Readonly<Record<Cut, number>>;
  stop(): Promise<void>;
}

/** As libpq names the file in a folder of sockets. */
const socketFile = '.s.PGSQL.5432';
/** A length word of its own, and the type byte before it (Postgres: protocol-message-formats). */
const lengthBytes = 4;
const sslRequest = 80_877_103;
const gssRequest = 80_877_104;

/**
 * Stands between a worker and Postgres, and ends connections around a COMMIT. `decide` hears the words of the whole
 * transaction that is about to be committed, and answers how to cut it, or null to let it pass.
 */
export async function startCommitCutter(options: {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly decide: (words: string) => Cut | null;
}): Promise<CommitCutter> {
  const upstreamFolder = new URL(options.databaseUrl).searchParams.get('host') ?? '';
  const folder = join(options.folder, 'cutter');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const cuts = { before: 0, after: 0, blind: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(join(upstreamFolder, socketFile));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    pass(client, upstream, options.decide, (cut) => (cuts[cut] += 1));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, socketFile), resolve));
  const url = new URL(options.databaseUrl);
  url.searchParams.set('host', folder);
  return {
    url: url.href,
    cuts: () => ({ ...cuts }),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function pass(
  client: Socket,
  upstream: Socket,
  decide: (words: string) => Cut | null,
  onCut: (cut: Cut) => void,
): void {
  let input = Buffer.alloc(0);
  let isStarted = false;
  let words = '';
  let awaitsCommit = false;

  /** One whole message at the head of the input, or null. */
  function nextMessage(): Buffer | null {
    const typeBytes = isStarted ? 1 : 0;
    if (input.length < typeBytes + lengthBytes) return null;
    const size = typeBytes + input.readUInt32BE(typeBytes);
    if (input.length < size) return null;
    const message = input.subarray(0, size);
    input = input.subarray(size);
    if (!isStarted) {
      const code = message.length < 2 * lengthBytes ? 0 : message.readUInt32BE(lengthBytes);
      isStarted = code !== sslRequest && code !== gssRequest;
    }
    return message;
  }

  client.on('data', (piece) => {
    input = Buffer.concat([input, piece]);
    for (let message = nextMessage(); message !== null && !client.destroyed; message = nextMessage()) {
      const statement = statementIn(message);
      if (statement === 'begin' || statement.startsWith('start transaction')) words = '';
      words += message.toString('latin1');
      const cut = statement === 'commit' ? decide(words) : null;
      if (cut === 'before') {
        onCut(cut);
        client.destroy();
        return;
      }
      if (cut === 'blind') {
        onCut(cut);
        upstream.write(message, () => client.destroy());
        return;
      }
      awaitsCommit = cut === 'after';
      upstream.write(message);
    }
  });
  upstream.on('data', (piece) => {
    // A COMMIT of a transaction that failed is answered with ROLLBACK; that one passes.
    if (awaitsCommit && piece.includes('COMMIT')) {
      awaitsCommit = false;
      onCut('after');
      client.destroy();
      return;
    }
    if (!client.destroyed) client.write(piece);
  });
}

/** The statement of a simple query, or of a Parse after the name of its statement; lower case, empty for other messages. */
function statementIn(message: Buffer): string {
  const type = String.fromCharCode(message[0] ?? 0);
  if (type !== 'Q' && type !== 'P') return '';
  const text = message.toString('latin1', 1 + lengthBytes).split('\0');
  return ((type === 'Q' ? text[0] : text[1]) ?? '').trim().replace(/;$/, '').toLowerCase();
}
