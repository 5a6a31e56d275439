import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface SwitchProxy {
  readonly port: number;
  /** Whoever is connected is cut off; from now on it leads to this port of this machine, or for null to nobody. */
  lead(target: number | null): void;
  stop(): Promise<void>;
}

/** A TCP address that stays while what is behind it changes, as the one that applications have of a database with standbys. */
export async function startSwitchProxy(): Promise<SwitchProxy> {
  const sockets = new Set<Socket>();
  let target: number | null = null;
  const server = createServer((client) => {
    if (target === null) {
      client.on('error', () => undefined);
      client.destroy();
      return;
    }
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
    upstream.pipe(client);
  });
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lead(to) {
      target = to;
      cutAll();
    },
    async stop() {
      cutAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
