import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface WireTap {
  readonly port: number;
  /** What each client wrote, connection by connection, as it was on the wire. */
  said(): readonly Buffer[];
  /** Ends every connection at once. */
  cut(): void;
  stop(): Promise<void>;
}

/** Passes a TCP service of this machine on, and keeps all that clients say to it: some kilobytes a mail. */
export async function startWireTap(target: number): Promise<WireTap> {
  const heard: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pieces: Buffer[] = [];
    heard.push(pieces);
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
    client.on('data', (piece: Buffer) => {
      pieces.push(piece);
      upstream.write(piece);
    });
    client.on('end', () => upstream.end());
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    said: () => heard.map((pieces) => Buffer.concat(pieces)),
    cut,
    async stop() {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
