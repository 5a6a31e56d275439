import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface SlowProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Passes a TCP service of this machine on, with every piece that the service says coming `delayMs` late. */
export async function startSlowProxy(target: number, delayMs: number): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
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
    client.pipe(upstream);
    upstream.on('data', (piece) => {
      setTimeout(() => {
        if (!client.destroyed) client.write(piece);
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
