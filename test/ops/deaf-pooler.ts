import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';

/** Type byte of a NotificationResponse (PostgreSQL protocol 3.0, "Message Formats"). */
const notification = 'A'.charCodeAt(0);

/**
 * A pooler as `doctor` has to find one: everything passes, and notifications do not, as through a pooler that lends a
 * server connection for one transaction only.
 */
export async function startDeafPooler(databaseUrl: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(join(target.searchParams.get('host') ?? '', '.s.PGSQL.5432'));
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => upstream.write(bytes));
    let held: Buffer = Buffer.alloc(0);
    upstream.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      while (held.length >= 5 && held.length >= 1 + held.readUInt32BE(1)) {
        const size = 1 + held.readUInt32BE(1);
        if (held[0] !== notification) client.write(held.subarray(0, size));
        held = held.subarray(size);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const user = target.searchParams.get('user') ?? target.username;
  return {
    url: `postgres://${user === '' ? 'postgres' : user}@127.0.0.1:${port}${target.pathname}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
