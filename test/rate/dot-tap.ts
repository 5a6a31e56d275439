import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Between us and a mail server: passes everything on and notes when each final dot came by. */
export interface DotTap {
  readonly port: number;
  /** By the monotonic clock of this process. */
  readonly dotsAtMs: readonly number[];
  to(smtpPort: number): void;
  /** How much later than it came a dot can have been noted, at most. */
  worstLagMs(): number;
  stop(): Promise<void>;
}

const dot = Buffer.from('\r\n.\r\n');
const lagResolutionMs = 5;

export async function startDotTap(): Promise<DotTap> {
  const sockets = new Set<Socket>();
  const dotsAtMs: number[] = [];
  const lag = monitorEventLoopDelay({ resolution: lagResolutionMs });
  lag.enable();
  let target = 0;
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
      socket.pipe(other);
    }
    let tail = Buffer.alloc(0);
    client.on('data', (piece: Buffer) => {
      const seen = Buffer.concat([tail, piece]);
      for (let at = seen.indexOf(dot); at !== -1; at = seen.indexOf(dot, at + dot.length))
        dotsAtMs.push(performance.now());
      // Too short to hold a whole one: none is counted twice.
      tail = seen.subarray(-(dot.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    dotsAtMs,
    to: (smtpPort) => void (target = smtpPort),
    worstLagMs: () => lag.max / 1e6,
    async stop() {
      lag.disable();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
